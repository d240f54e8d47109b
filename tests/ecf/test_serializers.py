"""Each version's serializers against its OpenAPI document: the same attributes, in the same order."""

from __future__ import annotations

from inspect import getmembers, isfunction
from types import ModuleType
from typing import Any

import pytest

from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.queries import participants as people
from ecf_sandbox.ecf.queries.transfers import transfers
from ecf_sandbox.ecf.serializers import v1, v2, v3
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.records import Records
from ecf_sandbox.tools.contract.documents import documents
from tests.builders import a_turn

NOW = "2026-10-12T09:00:00"
# The name of a schema, and the serializer with whatever makes it a document of some record.
RESOURCES: dict[ModuleType, dict[str, Any]] = {
    v1: {
        "Participant": lambda turn: v1.participant(turn, enrolment_of(turn.records)),
        "Declaration": lambda turn: v1.declaration(turn, first(turn.records.declarations)),
    },
    v2: {
        "Participant": lambda turn: v2.participant(turn, enrolment_of(turn.records)),
        "Declaration": lambda turn: v2.declaration(turn, first(turn.records.declarations)),
    },
    v3: {
        "Participant": lambda turn: v3.participant(turn, *person_in(turn.records)),
        "ParticipantTransfers": lambda turn: v3.transfers(turn, moves_in(turn.records)[0]),
        "UnfundedMentor": lambda turn: v3.unfunded_mentor(turn.records, unfunded_in(turn.records)[0]),
        "Declaration": lambda turn: v3.declaration(turn, first(turn.records.declarations)),
        "Statement": lambda turn: v3.statement(first(turn.records.statements)),
        "Partnership": lambda turn: v3.partnership(turn.records, first(turn.records.partnerships)),
        "ConfirmedPartnership": lambda turn: v3.partnership(turn.records, first(turn.records.partnerships), "typed"),
        "School": lambda turn: v3.school(turn.records, first(turn.records.schools), 2025),
        "DeliveryPartner": lambda turn: v3.delivery_partner(turn.records, first(turn.records.delivery_partners), "x"),
    },
}
EACH = [
    pytest.param(module, name, id=f"{module.__name__[-2:]} {name}")
    for module in RESOURCES
    for name in RESOURCES[module]
]


@pytest.fixture(scope="module")
def records() -> Records:
    return load_scenario("default", seed="serializers").records()


def first(table: Any) -> Any:
    return next(iter(table))


def provider_ids(records: Records) -> list[str]:
    return [it.id for it in records.providers]


def person_in(records: Records) -> tuple[people.Participant, str]:
    everybody = (
        (it, provider)
        for provider in provider_ids(records)
        for it in people.participants_in(records, provider, frozenset({2024, 2025}), validated_only=False)
    )
    return next(everybody)


def enrolment_of(records: Records) -> people.Enrolment:
    return person_in(records)[0].enrolments[0]


def moves_in(records: Records) -> list[Any]:
    return [it for provider in provider_ids(records) for it in transfers(records, provider, validated_only=False)]


def unfunded_in(records: Records) -> list[Any]:
    found = (people.unfunded_mentors(records, provider, validated_only=False) for provider in provider_ids(records))
    return [it for mentors in found for it in mentors]


def schema(module: ModuleType, name: str) -> dict[str, Any]:
    return documents(SERVICE)[module.__name__.rpartition(".")[2]].tree["components"]["schemas"][name]["properties"]


class TestASerializer:
    @pytest.mark.parametrize(("module", "name"), EACH)
    def test_has_the_attributes_of_its_schema_in_their_order(self, records, module, name):
        document = RESOURCES[module][name](a_turn(records, NOW, LIVE))

        assert list(document) == list(schema(module, name))
        assert list(document["attributes"]) == list(schema(module, name)["attributes"]["properties"])

    @pytest.mark.parametrize(("module", "name"), EACH)
    def test_has_the_type_of_its_schema(self, records, module, name):
        document = RESOURCES[module][name](a_turn(records, NOW, LIVE))

        assert [document["type"]] == schema(module, name)["type"]["enum"]

    @pytest.mark.parametrize("edition", [GUIDANCE, LIVE], ids=["guidance", "live"])
    def test_of_an_enrolment_has_the_attributes_of_its_schema_but_what_an_edition_hides(self, records, edition):
        hidden = set() if edition.on("validation_status_shown") else {"validation_status"}
        document = v3.participant(a_turn(records, NOW, edition), *person_in(records))
        expected = documents(SERVICE)["v3"].tree["components"]["schemas"]["Enrolment"]["properties"]

        for enrolment in document["attributes"]["ecf_enrolments"]:
            assert list(enrolment) == [it for it in expected if it not in hidden]

    def test_of_a_transfer_has_the_attributes_of_its_schema(self, records):
        document = v3.transfers(a_turn(records, NOW), moves_in(records)[0])
        expected = schema(v3, "ParticipantTransfers")["attributes"]["properties"]["transfers"]["items"]["properties"]

        for transfer in document["attributes"]["transfers"]:
            assert list(transfer) == list(expected)
            assert list(transfer["leaving"]) == list(expected["leaving"]["properties"])


@pytest.mark.parametrize("module", RESOURCES, ids=lambda it: it.__name__[-2:])
class TestAVersion:
    def test_has_a_serializer_for_each_resource_of_its_document(self, module):
        schemas = documents(SERVICE)[module.__name__.rpartition(".")[2]].tree["components"]["schemas"]
        resources = {
            name for name, it in schemas.items() if {"id", "type", "attributes"} == set(it.get("properties", ()))
        }

        assert set(RESOURCES[module]) == resources

    def test_has_no_serializer_that_its_document_lacks(self, module):
        """A confirmation is a partnership with one attribute told otherwise."""
        own = {
            name for name, it in getmembers(module, isfunction) if it.__module__ == module.__name__ and name[0] != "_"
        } - {"encoded_participants"}  # the same documents, in bytes

        assert len(own) == len(set(RESOURCES[module]) - {"ConfirmedPartnership"})
