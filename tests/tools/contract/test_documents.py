"""A document finds the operation that a request is for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.files import folder
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.tools.contract.documents import control_document, documents

DOCUMENTS = {**documents(SERVICE), "control": control_document()}
PLACE = "/api/v3/participants/ecf"


def found(version: str, method: str, path: str) -> str | None:
    it = DOCUMENTS[version].find(method, path)
    return it.id if it else None


class TestDocuments:
    def test_are_those_that_come_with_the_sandbox(self):
        of_services = {it.name for name in SERVICES for it in service_named(name).documents.values()}

        assert {*of_services, "control.yaml"} == {it.name for it in folder("openapi").glob("*.yaml")}

    def test_are_read_only_when_looked_at(self):
        fresh = documents(replace(SERVICE, _loaded={}))  # as in a process that has looked at none

        assert all("tree" not in vars(it) for it in fresh.values())


class TestAnOperation:
    @pytest.mark.parametrize(
        ("method", "path", "id"),
        [
            pytest.param("GET", PLACE, "listParticipants", id="a list"),
            pytest.param("HEAD", PLACE, "listParticipants", id="HEAD is GET"),
            pytest.param("GET", f"{PLACE}/transfers", "listTransfers", id="a word before a part to fill in"),
            pytest.param("GET", f"{PLACE}/some-id", "showParticipant", id="a part filled in"),
            pytest.param("GET", f"{PLACE}/a%2Fb", "showParticipant", id="an escaped slash divides nothing"),
            pytest.param("GET", f"//{PLACE[1:]}//some-id/", "showParticipant", id="spare slashes"),
            pytest.param("GET", f"{PLACE}/some-id.csv", "showParticipant", id="a suffix"),
            pytest.param("GET", f"{PLACE}/some-id.csv.json", None, id="two suffixes"),
            pytest.param("PUT", f"{PLACE}/some-id/defer", "deferParticipant", id="an action"),
            pytest.param("GET", f"{PLACE}/some-id/defer", None, id="another method"),
            pytest.param("GET", f"{PLACE}/a/b/c", None, id="another path"),
        ],
    )
    def test_is_found_by_method_and_path(self, method, path, id):
        assert found("v3", method, path) == id

    def test_as_csv_is_an_operation_of_its_own(self):
        assert found("v1", "GET", "/api/v1/participants.csv") != found("v1", "GET", "/api/v1/participants") is not None

    def test_has_its_answers_with_headers_by_their_small_names(self):
        it = DOCUMENTS["v3"].find("GET", PLACE)

        assert it is not None
        promised = it.answer(200)
        assert promised is not None
        assert set(promised.content) == {"application/vnd.api+json"}
        assert promised.headers["etag"].required
        assert it.answer(418) is None
