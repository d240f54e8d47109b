"""What an event of a recording of RECT changed is found again in our records, and our own events change the same."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from ecf_sandbox.state.record import replace
from tests.conformance.player import Player
from tests.conformance.recordings import Case, Recording, recorded
from tests.conformance.rect_events_target import open_target
from tests.conformance.rect_rows import FIRST_NEW, PRESENT, RecordedWorld

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
SHARES = 12


@cache
def recording() -> Recording:
    return next(it for it in recorded() if it.name == "rect")


@cache
def recorded_world() -> RecordedWorld:
    return RecordedWorld(recording().world())


@cache
def with_events() -> list[Case]:
    """Every recorded case in which a school or the DfE did something."""
    return [it for it in recording().cases() if any("event" in step for step in it["steps"])]


@cache
def player() -> Player:
    return Player(open_target, recording().world())


def after(*effects: dict[str, Any]) -> Any:
    recorded_world().reset()
    return recorded_world().with_effects(recorded_world().records, effects, NOW)


def test_rows_refer_to_each_other_by_our_keys():
    records = recorded_world().records

    for row_type, table in records.TABLES.items():
        for row in getattr(records, table):
            for name in set(row_type.__struct_fields__) & records.REFERS_TO.keys():
                key = getattr(row, name)
                assert key is None or key in getattr(records, records.REFERS_TO[name]), (table, row.id, name)


def test_a_change_of_a_column_is_one_of_a_member():
    records = after({"table": "gias_schools", "op": "update", "id": 200001, "set": {"eligible": False}})

    school = records.schools.one("urn", 200001)
    assert school is not None
    assert not school.eligible


def test_a_moment_of_the_database_is_the_present():
    row = {"table": "training_periods", "op": "update", "id": 1, "set": {"api_transfer_updated_at": PRESENT}}

    assert after(row).training_periods["training-period-1"].transfer_updated_at == NOW


@pytest.mark.parametrize("table", ["training_periods", "declarations", "school_partnerships"])
def test_a_row_that_a_request_made_is_known_by_the_number_that_the_service_gave_it(table):
    world, before = recorded_world(), recorded_world().records
    world.reset()
    row = next(iter(getattr(before, table)))
    made = before.save(replace(row, id="made"))

    world.number_new_rows(before, made)

    moment = "api_transfer_updated_at" if table == "training_periods" else "api_updated_at"
    changed = world.with_effects(
        made, [{"table": table, "op": "update", "id": FIRST_NEW, "set": {moment: PRESENT}}], NOW
    )
    name = "transfer_updated_at" if table == "training_periods" else "updated_at"
    assert getattr(getattr(changed, table)["made"], name) == NOW


def test_a_row_that_refers_to_a_new_one_finds_it_wherever_that_is_listed():
    period = {
        "id": FIRST_NEW,
        "teacher_id": 1,
        "school_id": 1,
        "started_on": "2026-06-01",
        "finished_on": None,
        "email": "new@example.com",
        "created_at": "2026-05-12T12:00:00Z",
    }
    mentorship = {
        "id": FIRST_NEW,
        "ect_at_school_period_id": 1,
        "mentor_at_school_period_id": FIRST_NEW,
        "started_on": "2026-06-01",
        "finished_on": None,
    }

    records = after(
        {"table": "mentorship_periods", "op": "insert", "row": mentorship},
        {"table": "mentor_at_school_periods", "op": "insert", "row": period},
    )

    made = records.mentorship_periods[f"mentorship-period-{FIRST_NEW}"]
    assert records.at_school_periods[made.mentor_at_school_period_id].email == "new@example.com"


def test_a_delivery_partnership_has_provider_and_cohort_of_its_contract():
    row = {"id": FIRST_NEW, "active_lead_provider_id": 1, "delivery_partner_id": 9}

    records = after({"table": "lead_provider_delivery_partnerships", "op": "insert", "row": row})

    made = records.delivery_partnerships[f"lead-provider-delivery-partnership-{FIRST_NEW}"]
    assert (made.lead_provider_id, made.contract_period_year) == ("lead-provider-1", 2021)


def test_a_row_that_is_gone_is_gone():
    records = after({"table": "mentorship_periods", "op": "delete", "id": 1})

    assert "mentorship-period-1" not in records.mentorship_periods


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_our_own_events_change_what_the_service_changed(share):
    """With events played rather than applied, every answer is the same."""
    for case in with_events()[share::SHARES]:
        played = player().play(case)

        assert not played.differences, (case["id"], played.differences)
