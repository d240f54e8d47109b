"""What the documents do not promise is found, and said."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest

from ecf_sandbox.transport import Reply
from tests.tools.contract.checked import contract

LIST = "/api/v3/delivery-partners"
PARTNER = {
    "id": "2d7f9b1c-5e3a-4d8f-a6c0-b4e8f2d6a013",
    "type": "delivery-partner",
    "attributes": {
        "name": "Riverside",
        "created_at": "2021-05-10T09:00:00Z",
        "updated_at": "2021-05-10T09:00:00Z",
        "cohort": ["2025"],
    },
}
HEADERS = {
    "content-type": "application/vnd.api+json",
    "etag": f'W/"{"0" * 32}"',
    "cache-control": "max-age=0, private, must-revalidate",
    "x-request-id": "r-1",
}


def an_answer(status: int = 200, attributes: dict[str, Any] | None = None, **headers: str) -> Reply:
    """A sound answer to a list of delivery partners, but for the one difference."""
    item = PARTNER | {"attributes": PARTNER["attributes"] | (attributes or {})}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, HEADERS | named, json.dumps({"data": [item]}).encode())


def faults(reply: Reply, method: str = "GET", target: str = LIST) -> list[str]:
    return contract().faults(method, target, reply)


class TestAnAnswer:
    @pytest.mark.parametrize("target", [LIST, f"{LIST}?page[page]=1", f"/{LIST}/", f"{LIST}.json"])
    def test_that_is_as_promised_has_no_faults(self, target):
        assert faults(an_answer(), target=target) == []

    def test_that_is_compressed_is_read(self):
        sent = an_answer(content_encoding="gzip")

        assert faults(replace(sent, body=gzip.compress(sent.body))) == []

    def test_to_head_needs_no_body(self):
        assert faults(replace(an_answer(), body=b""), "HEAD") == []

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            pytest.param(
                an_answer(418),
                "listDeliveryPartners of v3 has no answer 418; it has 200, 304, 400, 401, 403, 406, 429",
                id="status",
            ),
            pytest.param(
                an_answer(content_type="text/csv"),
                "the type is text/csv, promised is application/vnd.api+json",
                id="type",
            ),
            pytest.param(an_answer(etag="x"), 'header etag/: "x" does not match "^W/', id="header's value"),
            pytest.param(an_answer(attributes={"name": None}), "body /data/0/attributes/name: null is not", id="null"),
            pytest.param(an_answer(attributes={"size": 3}), "body /data/0/attributes: Additional", id="extra member"),
            pytest.param(an_answer(attributes={"created_at": "2021-05-10"}), "/created_at", id="format"),
            pytest.param(replace(an_answer(), body=b"{"), "the body is no application/vnd.api+json", id="no JSON"),
        ],
    )
    def test_that_is_not_says_where(self, wrong, said):
        found = faults(wrong)

        assert found
        assert any(said in it for it in found), found

    def test_lacks_a_header(self):
        sent = an_answer()
        del sent.headers["etag"]

        assert faults(sent) == ["the header etag is missing"]

    def test_with_a_body_where_none_is_promised(self):
        assert faults(an_answer(304)) == [
            f"a body is there (application/vnd.api+json, {len(an_answer().body)} bytes), and none is promised"
        ]


class TestARequestThatNoDocumentHas:
    def test_may_be_refused(self):
        assert faults(Reply(404, {}, b""), target="/api/v3/nothing") == []

    def test_may_not_be_answered(self):
        (fault,) = faults(an_answer(), target="/api/v3/nothing")

        assert fault == "no document has GET /api/v3/nothing, and it was answered with 200"

    def test_outside_the_api_is_not_judged(self):
        assert faults(an_answer(), target="/somewhere") == []
