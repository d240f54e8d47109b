"""Somebody by name or id with all that is theirs, and what stands on a statement."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.queries.inside import person, statement
from tests.rect.explain.asking import Explained


@pytest.fixture
def client() -> Explained:
    return Explained()


@pytest.mark.parametrize("name", ["people.Hannah Boyle", "people.Hannah Boyle.ect", "people.Hannah Boyle.mentor"])
def test_somebody_is_found_by_each_of_their_ids(client: Explained, name):
    found = person(client.world.state.records, client.id(name))

    assert found is not None
    assert (found.id, found.name) == (client.id("people.Hannah Boyle"), "Hannah Boyle")


def test_somebody_is_found_by_name_and_by_an_id_that_was_given_up(client: Explained):
    former, present = client.id("people.Idris Cole"), client.id("people.Hannah Boyle")
    client.event("merge_participants", from_id=former, to_id=present)
    records = client.world.state.records

    assert [it and it.id for it in (person(records, "Hannah Boyle"), person(records, former))] == [present, present]
    assert person(records, "Nobody") is None


def test_what_is_somebodys_are_their_periods_and_declarations(client: Explained):
    records = client.world.state.records
    found = person(records, "Hannah Boyle")
    assert found is not None

    assert {it.kind for it in records.training_periods if found.has(it)} == {"ect"}
    assert [it.declaration_type for it in records.declarations if it.id in found.ids] == ["started"]
    assert not any(found.has(it) for it in records.at_school_periods if it.kind == "mentor")


def test_a_statement_has_what_it_pays_and_what_it_takes_back(client: Explained):
    client.void("Hannah Boyle.started")
    shown = statement(client.world.state.records, client.id("statements.Ambition Institute.2025.2026-8"))

    assert shown is not None
    assert (shown.name, shown.provider, shown.cohort) == ("2026-8", "Ambition Institute", 2025)
    assert [(it.person, it.state, it.state_here) for it in shown.clawbacks] == [
        ("Hannah Boyle", "awaiting-clawback", "awaiting-clawback")
    ]
    assert shown.counts == {"awaiting-clawback": {"started": 1}}
    assert statement(client.world.state.records, "none") is None
