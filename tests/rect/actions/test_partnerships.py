"""What follows of a partnership, and of another delivery partner in it."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.actions.declarations import record_declaration
from ecf_sandbox.rect.actions.partnerships import create_partnership, update_partnership
from ecf_sandbox.rect.queries.participants import participant
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace
from tests.rect.actions.test_declarations import fields
from tests.rect.builders import NOON, a_turn, happens, person, provider
from tests.rect.machine.country import BEGINNING, LONG_AGO, id_of

KIM = {
    "trn": "2500099",
    "first_name": "Kim",
    "last_name": "Marsh",
    "email": "kim@example.com",
    "school_id": id_of("school", "yew"),
    "started_on": "2026-05-01",
    "lead_provider": "Alpha",
}


def with_yew(turn, name="alpha", cohort=2025):
    """A partnership with a school that has none."""
    wanted = {
        "cohort": cohort,
        "school_id": id_of("school", "yew"),
        "delivery_partner_id": id_of("partner", "loft"),
    }
    return create_partnership(turn, provider(turn, name), wanted)


def test_whoever_waited_for_it_is_seen_at_once():
    with a_turn() as turn:
        happens(turn, "register_ect", **KIM)
        kim = turn.records.teachers.one("trn", "2500099")
        assert kim is not None
        assert participant(turn.records, "alpha", kim.id) is None

        made = with_yew(turn)

        seen = participant(turn.records, "alpha", kim.id)
        assert seen is not None
        assert [it.school_partnership_id for it in seen.enrolments] == [made.id]


@pytest.mark.parametrize(("wanted", "comes"), [("Alpha", "beta"), ("Beta", "alpha")])
def test_whoever_waits_for_another_provider_goes_on_waiting(wanted, comes):
    with a_turn() as turn:
        happens(turn, "register_ect", **KIM | {"lead_provider": wanted})

        with_yew(turn, comes)

        (period,) = turn.records.at_school_periods.by("school_id", id_of("school", "yew"))
        (stint,) = turn.records.training_periods.by("at_school_period_id", period.id)
        assert stint.school_partnership_id is None


@pytest.mark.parametrize("year", [2024, 2026])
def test_whoever_waits_for_another_cohort_goes_on_waiting(year):
    with a_turn() as turn:
        happens(turn, "register_ect", **KIM)
        (period,) = turn.records.at_school_periods.by("school_id", id_of("school", "yew"))
        (stint,) = turn.records.training_periods.by("at_school_period_id", period.id)
        turn.save(replace(stint, expression_of_interest_id=f"alpha {year}"))

        with_yew(turn)

        assert turn.records.training_periods[stint.id].school_partnership_id is None


def test_whoever_trains_under_another_partnership_stays_there():
    with a_turn() as turn:
        happens(turn, "register_ect", **KIM)
        (period,) = turn.records.at_school_periods.by("school_id", id_of("school", "yew"))
        (stint,) = turn.records.training_periods.by("at_school_period_id", period.id)
        elsewhere = id_of("partnership", "ash beta 2025")
        turn.save(replace(stint, school_partnership_id=elsewhere))

        with_yew(turn)

        assert turn.records.training_periods[stint.id].school_partnership_id == elsewhere


def test_the_school_shows_that_it_is_in_a_partnership_in_that_cohort():
    with a_turn() as turn:
        with_yew(turn)

        rows = {
            it.contract_period_year: it for it in turn.records.school_metadata.by("school_id", id_of("school", "yew"))
        }
        assert [year for year, it in sorted(rows.items()) if it.in_partnership] == [2025]
        assert (rows[2025].updated_at, rows[2024].updated_at) == (NOON, LONG_AGO)


@pytest.mark.parametrize(("first", "second"), [(2024, 2025), (2025, 2024)])
def test_a_partnership_of_another_cohort_is_no_obstacle(first, second):
    with a_turn() as turn:
        with_yew(turn, cohort=first)

        assert with_yew(turn, cohort=second).delivery_partnership_id == f"alpha loft {second}"


def test_another_providers_partnership_is_no_obstacle():
    with a_turn() as turn:
        wanted = {
            "cohort": "2025",
            "school_id": id_of("school", "oak"),
            "delivery_partner_id": id_of("partner", "hub"),
        }

        assert create_partnership(turn, provider(turn, "beta"), wanted).school_id == id_of("school", "oak")


def test_another_delivery_partner_moves_everything_that_shows_it():
    with a_turn() as turn:
        made = record_declaration(turn, provider(turn), fields("ann"))
        deal = turn.records.school_partnerships[id_of("partnership", "oak alpha 2025")]
        turn.now = BEGINNING.replace(day=20)

        changed = update_partnership(turn, provider(turn), deal, {"delivery_partner_id": id_of("partner", "loft")})

        kept = turn.records.declarations[made.id]
        assert changed.updated_at == person(turn, "ann").updated_at == kept.updated_at == turn.now
        assert kept.delivery_partner_id == id_of("partner", "hub")
        assert person(turn, "bob").updated_at == LONG_AGO


def test_a_delivery_partner_that_is_none_is_put_into_no_partnership():
    with a_turn() as turn:
        deal = turn.records.school_partnerships[id_of("partnership", "ash alpha 2025")]

        with pytest.raises(Refused) as refused:
            update_partnership(turn, provider(turn), deal, {"delivery_partner_id": id_of("partner", "nobody")})

        assert [it.rule for it in refused.value.refusals] == ["partnership.delivery-partner-unknown"]
