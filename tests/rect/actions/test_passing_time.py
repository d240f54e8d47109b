"""What happens by itself as the clock of a world goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ecf_sandbox.rect.actions.declarations import record_declaration
from ecf_sandbox.rect.actions.passing_time import falls_due
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import State
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
