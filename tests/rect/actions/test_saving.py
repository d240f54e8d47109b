"""What follows of a change of a row: which moments move, and which look-up rows."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.state.record import replace
from tests.rect.builders import NOON, a_turn, happens, person, training
from tests.rect.machine.country import LONG_AGO, id_of

ANN = id_of("person", "ann")
OAK = id_of("school", "oak")


def moved(turn):
    """What has another moment than at first, by table."""
    records = turn.records
    return {
        name: sorted(it.id for it in getattr(records, name) if it.updated_at != LONG_AGO)
        for name in ("teachers", "school_partnerships", "school_metadata", "declarations", "delivery_partners")
        if any(it.updated_at != LONG_AGO for it in getattr(records, name))
    }


def test_a_row_that_stays_the_same_moves_nothing():
    with a_turn() as turn:
        before = turn.records
        save(turn, person(turn, "ann"), *training(turn, "ann"))

        assert turn.records == before


@pytest.mark.parametrize(
    ("event", "told", "people"),
    [
        ("change_name", {"participant_id": ANN, "name": "Ann Lee"}, ["ann"]),
        ("change_email", {"participant_id": ANN, "email": "lee@example.com"}, ["ann"]),
        ("ect_leaves", {"participant_id": ANN, "finished_on": "2026-07-01"}, ["ann"]),
        ("induction_starts", {"participant_id": ANN, "started_on": "2025-09-02"}, ["ann"]),
        ("assign_mentor", {"ect_id": ANN, "mentor_id": id_of("person", "cat")}, ["ann"]),
        ("school_eligibility", {"school_id": OAK, "eligible": False}, []),
        ("freeze_contract_period", {"year": 2025}, []),
        ("nightly_refresh", {}, []),
    ],
)
def test_of_an_event_the_person_moves_whom_it_is_about(event, told, people):
    with a_turn() as turn:
        happens(turn, event, **told)

        assert moved(turn).get("teachers", []) == sorted(id_of("person", it) for it in people)


def test_another_tutor_moves_the_school_in_every_cohort_and_its_partnerships():
    with a_turn() as turn:
        happens(turn, "change_tutor", school_id=OAK, name="Nia Grant", email="nia@example.com")

        assert moved(turn) == {
            "school_partnerships": sorted(id_of("partnership", f"oak alpha {it}") for it in (2022, 2024, 2025)),
            "school_metadata": [f"{OAK}/{it}" for it in (2022, 2024, 2025, 2026)],
        }


def test_another_name_of_a_delivery_partner_moves_its_partnerships_and_nobody():
    with a_turn() as turn:
        happens(turn, "rename_delivery_partner", delivery_partner_id=id_of("partner", "loft"), name="The Loft")

        assert moved(turn) == {
            "school_partnerships": sorted(id_of("partnership", f"ash {it} 2025") for it in ("alpha", "beta")),
            "delivery_partners": [id_of("partner", "loft")],
        }


def test_an_interest_in_one_cohort_moves_the_school_in_all():
    with a_turn() as turn:
        happens(
            turn,
            "register_ect",
            trn="2500099",
            first_name="Kim",
            last_name="Marsh",
            email="kim@example.com",
            school_id=id_of("school", "yew"),
            started_on="2026-05-01",
            lead_provider="Alpha",
        )

        assert moved(turn)["school_metadata"] == [f"{id_of('school', 'yew')}/{it}" for it in (2022, 2024, 2025, 2026)]


def test_a_mentor_moves_for_whoever_knows_them_as_unfunded_by_name_and_address_only():
    with a_turn() as turn:
        cat = id_of("person", "cat")
        happens(turn, "assign_mentor", ect_id=ANN, mentor_id=cat)
        assert person(turn, "cat").unfunded_updated_at == LONG_AGO

        happens(turn, "change_email", participant_id=cat, email="cat.lee@example.com", **{"as": "mentor"})
        assert person(turn, "cat").unfunded_updated_at == NOON


def test_two_records_of_a_person_become_one():
    with a_turn() as turn:
        dan = id_of("person", "dan")
        happens(turn, "merge_participants", from_id=dan, to_id=ANN)

        assert dan not in turn.records.teachers
        assert [it.lead_provider_id for it in turn.records.teacher_metadata.by("teacher_id", ANN)] == ["alpha", "beta"]
        assert [it.from_participant_id for it in turn.records.id_changes.by("teacher_id", ANN)] == [dan]


def test_the_moment_of_training_moves_for_transfers_with_its_days_only():
    with a_turn() as turn:
        (stint,) = training(turn, "ann")
        save(turn, replace(stint, schedule_id="2025 ecf-standard-april"))
        assert training(turn, "ann")[0].transfer_updated_at == LONG_AGO

        happens(turn, "ect_leaves", participant_id=ANN, finished_on="2026-07-01")
        assert training(turn, "ann")[0].transfer_updated_at == NOON
