"""Whatever a client sends to RECT is answered, or refused in words: no value ends in a 500 (behaviour/rect.md#19)."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.rect.test_clock import NAMES, STORY

pytestmark = pytest.mark.slow

# Whose situations lead to different rules: on the way, completed, deferred, withdrawn, not begun, gone, of nobody's.
PEOPLE = (
    "Hannah Boyle",
    "Wendy Bright",
    "Greta Pike",
    "Felix Ward",
    "Petra Lind",
    "Noor Khan",
    "Mina Vale",
    "Rosa Dell",
)
COURSES = ("ecf-induction", "ecf-mentor")
DEEP: Any = []
for _ in range(60):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2025, 2025.5, 1e308, 10**30, -(10**400), float("inf"), float("nan")),
    *("", " ", "\u00a0", "\x00", "a\x00b", "\ud800", "𝟚𝟘𝟚𝟝", "²", "+2025", "2_025", "1e3", "9" * 5000, "x" * 50_000),
    *([], {}, [1], [None], {"a": 1}, {"": {"": []}}, DEEP),
    *("0000-00-00T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    *("10000-01-01T00:00:00Z", "2025-02-30T00:00:00Z", "2025-10-26T01:30:00", "2025-10-10T24:00:00Z", "yesterday"),
    *("2025-10-10T10:00:00+99:99", "2025-10-10T10:00:00.99999999999999999999Z", "1760090400", "started", "other"),
)
TEXTS = (
    *("", "1", "abc", "-1", "99999999999999999999", "9" * 5000, "%00", "%FF", "%25", "%25FF", "2024,%202025", ",,"),
    *("%D9%A2", "0001-01-01T00:00:00%252B23:59", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z", "x" * 3000),
    *("created_at", "-updated_at", "%2Bid,-trn", "updated_at,name", "--id"),
)
FILTERS = (
    "cohort",
    "urn",
    "updated_since",
    "training_status",
    "from_participant_id",
    "participant_id",
    "delivery_partner_id",
)
QUERIES = (
    *("filter", "filter[]", "page", "page[]", "page[page]", "page[per_page]", "page[page][]", "page[per_page][a]"),
    *("sort", "sort[]", "sort[a]", "data", "[", "filter[", "filter[[cohort]]"),
    *(f"filter[{name}]{rest}" for name in FILTERS for rest in ("", "[]", "[a]", "[a][b]")),
)
LISTS = (
    *("participants", "participants/transfers", "participant-declarations", "partnerships", "schools"),
    *("delivery-partners", "statements", "unfunded-mentors"),
)
SHAPES = (
    *(b"", b"null", b"[]", b"{}", b"1", b'"x"', b'{"data":null}', b'{"data":[]}', b'{"data":"x"}', b'{"data":1}'),
    *(b'{"data":{"attributes":null}}', b'{"data":{"attributes":"x"}}', b'{"data":{"attributes":[]}}', b"{", b"\xff"),
    *(b'{"filter":1}', b'{"filter":{"cohort":[1,{"a":2},null,[3]]}}', b'{"page":{"page":1e300}}', b'{"sort":{}}'),
    b"[" * 500 + b"]" * 500,
)
TYPES = ("application/json", "application/x-www-form-urlencoded", "application/vnd.api+json", "multipart/form-data", "")
MOMENTS = (
    *(
        "",
        "soon",
        "2026",
        "12:00",
        "0000-01-01",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59-23:00",
        "1900-01-01",
    ),
    *("9999-12-31", "99999-01-01T00:00:00Z", "2026-10-25T01:30:00", "2026-03-29T01:30:00", "\xff", "x" * 5000),
)


class Client:
    """A provider's client of the default scenario, which begins anew when it is asked to."""

    def __init__(self) -> None:
        self._worlds = Worlds(world_of(STORY, now=STORY.as_of))
        self._send = InProcess(create_app(self._worlds).wsgi_app)

    def begin_anew(self) -> None:
        self._worlds.main.reset()

    def __call__(self, method: str, path: str, body: bytes | None = None, type: str = "", at: str | None = None) -> int:
        headers = [("Authorization", "Bearer ambition-token"), *([("Content-Type", type)] if type else [])]
        headers += [("X-With-Server-Date", at)] if at is not None else []
        return self._send(method, f"/api/v3/{path}", headers, body).status


@pytest.fixture(scope="module")
def client():
    return Client()


@pytest.fixture(autouse=True)
def _anew(client):
    client.begin_anew()


def writes(name: str, course: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Each write about somebody, as it might be sent."""
    id, about = NAMES[f"people.{name}"], {"course_identifier": course}
    declared = {"participant_id": id, "evidence_held": "training-event-attended", **about}
    return [
        ("PUT", f"participants/{id}/defer", {"reason": "other", **about}),
        ("PUT", f"participants/{id}/withdraw", {"reason": "other", **about}),
        ("PUT", f"participants/{id}/resume", about),
        (
            "PUT",
            f"participants/{id}/change-schedule",
            {"schedule_identifier": "ecf-reduced-september", "cohort": "2025", **about},
        ),
        (
            "POST",
            "participant-declarations",
            {"declaration_type": "retained-1", "declaration_date": "2026-02-10T10:00:00Z", **declared},
        ),
    ]


PARTNER = {"delivery_partner_id": NAMES["delivery_partners.Kestrel Teaching School Hub"]}
OF_PARTNERSHIPS = [
    ("POST", "partnerships", {"cohort": "2025", "school_id": NAMES["schools.Waitworth School"], **PARTNER}),
    ("PUT", f"partnerships/{NAMES['partnerships.Elm Street Primary.2025.Ambition Institute']}", PARTNER),
]
VOID = ("PUT", f"participant-declarations/{NAMES['declarations.Hannah Boyle.started']}/void", {})
WRITES = [*writes("Hannah Boyle", "ecf-induction"), *OF_PARTNERSHIPS, VOID]


def answered(client: Client, sent: list[tuple[Any, ...]]) -> set[int]:
    """The statuses of what was answered; none may be the sandbox's own mistake."""
    found = {}
    for it in sent:
        found.setdefault(client(*it), it)
    assert not {status: str(it)[:300] for status, it in found.items() if status >= 500}
    return set(found)


def body(attributes: dict[str, Any]) -> bytes:
    return json.dumps({"data": {"attributes": attributes}}).encode()


@pytest.mark.parametrize("name", PEOPLE)
def test_every_attribute_of_what_is_said_of_somebody_may_be_anything(client, name):
    sent = [
        (method, path, body({**attributes, key: value}), "application/json")
        for course in COURSES
        for method, path, attributes in writes(name, course)
        for key, value in product(attributes, VALUES)
    ]

    assert answered(client, sent) <= {200, 400, 404, 422}


@pytest.mark.parametrize(("method", "path", "attributes"), OF_PARTNERSHIPS, ids=["create", "update"])
def test_every_attribute_of_a_partnership_may_be_anything(client, method, path, attributes):
    sent = [
        (method, path, body({**attributes, key: value}), "application/json")
        for key, value in product(attributes, VALUES)
    ]

    assert answered(client, sent) <= {200, 400, 422}


@pytest.mark.parametrize(("method", "path", "attributes"), WRITES, ids=[f"{it[0]} {it[1][:60]}" for it in WRITES])
def test_a_body_may_have_any_shape_and_type(client, method, path, attributes):
    sent = [(method, path, shape, type) for shape, type in product((*SHAPES, body(attributes)), TYPES)]

    assert answered(client, sent) <= {200, 400, 422}


@pytest.mark.parametrize("path", LISTS)
def test_every_parameter_of_a_list_may_be_anything(client, path):
    sent = [("GET", f"{path}?{name}={value}") for name, value in product(QUERIES, TEXTS)]
    sent += [("GET", f"{path}?filter[cohort]=2025&{name}={value}") for name, value in product(QUERIES, TEXTS)]

    assert answered(client, sent) <= {200, 400}


@pytest.mark.parametrize("id", [*TEXTS[1:], "%20", "..", "%0A", f"{NAMES['people.Hannah Boyle']}%00"])
def test_an_id_in_a_path_may_be_anything(client, id):
    one = [("GET", f"{it}/{id}?filter[cohort]=2025") for it in LISTS if it != "participants/transfers"]
    one += [("GET", f"participants/{id}/transfers"), ("PUT", f"participant-declarations/{id}/void")]
    one += [
        (
            "PUT",
            f"participants/{id}/{action}",
            body({"course_identifier": "ecf-induction", "reason": "other"}),
            TYPES[0],
        )
        for action in ("defer", "withdraw", "resume", "change-schedule")
    ]

    assert answered(client, one) <= {400, 404}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_server_date_may_be_anything(client, moment):
    sent = [("GET", f"{path}?filter[cohort]=2025", None, "", moment) for path in LISTS]
    for name, course in product(PEOPLE, COURSES):
        sent += [(method, path, body(it), "application/json", moment) for method, path, it in writes(name, course)]

    assert answered(client, sent) <= {200, 400, 404, 422}
    # What was written then is read now.
    assert answered(client, [("GET", f"{path}?filter[cohort]=2025") for path in LISTS]) == {200}
