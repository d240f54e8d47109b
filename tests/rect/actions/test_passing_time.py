"""What happens by itself as the clock of a world goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.rect.actions.declarations import record_declaration
from ecf_sandbox.rect.actions.passing_time import falls_due
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, PaymentStatus, State
from ecf_sandbox.state.record import replace
from tests.rect.actions.test_declarations import fields
from tests.rect.builders import NOON, a_turn, happens, provider
from tests.rect.machine.country import id_of

AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)


def played(turn, until, paying=None):
    """Everything that falls due until a moment, played; its names and days."""
    due = falls_due(turn.records, turn.now, until, paying=paying)
    for it in due:
        turn.now = it.at
        it.play(turn)
    return [(it.event, it.at.date()) for it in due]


def test_only_nights_on_which_a_job_finds_something_count():
    with a_turn() as turn:
        assert played(turn, AUTUMN) == [
            ("nightly_partnership_touch", date(2026, 5, 19)),  # 23:01 in UTC: Gus starts on the 20th
            ("mark_statements_payable", date(2026, 5, 28)),
            ("mark_statements_payable", date(2026, 7, 28)),
        ]


def test_a_partnership_has_changed_on_the_day_on_which_somebody_starts():
    with a_turn() as turn:
        played(turn, AUTUMN)

        deal = turn.records.school_partnerships[id_of("partnership", "ash beta 2025")]
        assert deal.updated_at == datetime(2026, 5, 19, 23, 1, tzinfo=UTC)


def test_a_mentor_who_has_gone_is_forgotten_in_the_night_after():
    with a_turn() as turn:
        ann, cat = id_of("person", "ann"), id_of("person", "cat")
        happens(turn, "assign_mentor", ect_id=ann, mentor_id=cat)
        happens(turn, "mentor_leaves", participant_id=cat, finished_on="2026-06-30")
        assert turn.records.teacher_metadata[f"{ann}/alpha"].mentor_at_school_period_id == id_of("at school", "cat")

        assert ("nightly_refresh", date(2026, 7, 1)) in played(turn, AUTUMN)
        assert turn.records.teacher_metadata[f"{ann}/alpha"].mentor_at_school_period_id is None


def test_statements_are_paid_where_that_is_asked_for_and_something_is_owed():
    with a_turn() as turn:
        made = record_declaration(turn, provider(turn), fields("ann"))
        assert turn.now == NOON

        played(turn, datetime(2026, 6, 25, 10, tzinfo=UTC), paying=date(2026, 6, 25))

        records = turn.records
        assert records.declarations[made.id].state is State.PAID
        assert records.statements[id_of("statement", "alpha 2025 6")].status is StatementStatus.PAID
        assert records.statements[id_of("statement", "beta 2025 6")].status is StatementStatus.PAYABLE


JUNE, AUGUST = (id_of("statement", f"alpha 2025 {month}") for month in (6, 8))
PAYDAY = datetime(2026, 6, 25, 10, tzinfo=UTC)


def test_only_statements_of_that_payment_date_are_paid_and_none_where_none_is_named():
    with a_turn() as turn:
        for month in (6, 8):
            due = falls_due(turn.records, NOON, AUTUMN, paying=date(2026, month, 25))

            paid = {it.told["statement_id"] for it in due if it.event == "pay_statement"}
            each = [(by, year) for by in ("alpha", "beta") for year in (2024, 2025)]
            assert paid == {id_of("statement", f"{by} {year} {month}") for by, year in each}
        assert all(it.event != "pay_statement" for it in falls_due(turn.records, NOON, PAYDAY))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({}, StatementStatus.PAID, id="as it is"),
        pytest.param({"output_fee": False}, StatementStatus.PAYABLE, id="of service fees"),
        pytest.param({"status": StatementStatus.OPEN}, StatementStatus.OPEN, id="still open"),
    ],
)
def test_a_statement_is_paid_that_is_payable_and_of_output_fees(changes, status):
    with a_turn() as turn:
        record_declaration(turn, provider(turn), fields("ann"))
        happens_on(turn, datetime(2026, 6, 1, 10, tzinfo=UTC), "mark_statements_payable")
        turn.save(replace(turn.records.statements[JUNE], **changes))

        played(turn, PAYDAY, paying=date(2026, 6, 25))

        assert turn.records.statements[JUNE].status is status


def happens_on(turn, moment, event):
    turn.now = moment
    happens(turn, event)


def test_a_statement_is_paid_for_what_is_clawed_back_on_it_alone():
    with a_turn() as turn:
        made = record_declaration(turn, provider(turn), fields("ann"))
        turn.save(
            replace(
                made,
                payment_status=PaymentStatus.PAID,
                clawback_status=ClawbackStatus.AWAITING_CLAWBACK,
                clawback_statement_id=AUGUST,
            ),
            replace(turn.records.statements[AUGUST], status=StatementStatus.PAYABLE),
        )

        played(turn, datetime(2026, 8, 25, 10, tzinfo=UTC), paying=date(2026, 8, 25))

        assert turn.records.statements[AUGUST].status is StatementStatus.PAID
        assert turn.records.declarations[made.id].state is State.CLAWED_BACK


def test_a_statement_that_is_closed_has_no_night_of_its_own():
    with a_turn() as turn:
        turn.save(*(replace(it, status=StatementStatus.PAYABLE) for it in turn.records.statements))

        assert "mark_statements_payable" not in {event for event, _ in played(turn, AUTUMN)}


def test_a_night_is_due_after_what_was_before_and_up_to_what_is_now():
    with a_turn() as turn:
        night = next(it.at for it in falls_due(turn.records, NOON, AUTUMN))

        assert [it.at for it in falls_due(turn.records, NOON, night)] == [night]
        assert all(it.at > night for it in falls_due(turn.records, night, AUTUMN))


def test_look_up_rows_are_worked_out_at_one_in_the_night():
    with a_turn() as turn:
        happens(turn, "assign_mentor", ect_id=id_of("person", "ann"), mentor_id=id_of("person", "cat"))
        happens(turn, "mentor_leaves", participant_id=id_of("person", "cat"), finished_on="2026-06-30")

        at = next(it.at for it in falls_due(turn.records, NOON, AUTUMN) if it.event == "nightly_refresh")
        assert at == datetime(2026, 7, 1, 0, tzinfo=UTC)  # one in summer time
