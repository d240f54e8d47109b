"""What the DfE decides about cohorts, and who may move between them."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.actions.events.cohorts import amend_cohort, freeze_cohort, move_milestone
from ecf_sandbox.actions.events.event import DoesNotFit
from ecf_sandbox.domain.declarations import State
from ecf_sandbox.domain.record import replace
from tests.actions.events.builders import (
    a_country,
    a_declaration,
    frozen,
    history_of,
    newest_of,
    record_of,
    somebody_of_2022,
    turn_with,
    updated,
)
from tests.builders import a_participant, a_turn, id_of


def turn_of(*rows):
    """A turn in a country whose cohort of 2022 is frozen, with somebody of 2022 and somebody of 2024."""
    return a_turn(frozen(a_country(*somebody_of_2022("cas"), *a_participant("ann"), *rows)))


def paid(name="cas", cohort=2022, **changes):
    return a_declaration(name, cohort=cohort, state=State.PAID, **changes)


class TestFreezingACohort:
    def test_ends_its_payments_now(self):
        turn = turn_with()

        assert freeze_cohort(turn, 2024).frozen(turn.now)

    def test_updates_nobody(self):
        turn = turn_with(*a_participant("ann"))

        freeze_cohort(turn, 2024)

        assert not updated(turn, "ann")


class TestMovingSomebody:
    def test_puts_them_on_the_default_programme_and_the_same_schedule_of_the_other_cohort(self):
        turn = turn_of()

        amend_cohort(turn, id_of("ann"), 2022)

        record, induction = record_of(turn, "ann"), newest_of(turn, "ann")
        assert record.schedule_id == induction.schedule_id == "ecf-standard-september-2022"
        assert (record.school_cohort_id, induction.programme_id) == ("school-2022", "programme-2022")
        assert len(history_of(turn, "ann")) == 2

    def test_to_the_cohort_they_are_in_changes_nothing(self):
        turn = turn_of()
        before = turn.records

        amend_cohort(turn, id_of("ann"), 2024)

        assert turn.records == before

    def test_does_not_fit_while_something_is_declared(self):
        with pytest.raises(DoesNotFit, match="void them first"):
            amend_cohort(turn_of(a_declaration("ann")), id_of("ann"), 2022)

    def test_fits_when_what_was_declared_is_void(self):
        turn = turn_of(a_declaration("ann", state=State.VOIDED))

        amend_cohort(turn, id_of("ann"), 2022)

        assert newest_of(turn, "ann").programme_id == "programme-2022"

    def test_does_not_fit_with_notes_on_the_record(self):
        turn = turn_of()
        turn.save(replace(record_of(turn, "ann"), notes="ask first"))

        with pytest.raises(DoesNotFit, match="notes"):
            amend_cohort(turn, id_of("ann"), 2022)

    def test_does_not_fit_where_the_school_has_not_set_up_the_cohort(self):
        turn = turn_of()
        turn.remove(turn.records.school_cohorts["school-2022"])

        with pytest.raises(DoesNotFit, match="has not set up"):
            amend_cohort(turn, id_of("ann"), 2022)


class TestMovingOutOfAFrozenCohort:
    def test_extends_the_schedule_and_marks_the_record(self):
        turn = turn_of(paid())

        amend_cohort(turn, id_of("cas"), 2024)

        record = record_of(turn, "cas")
        assert record.schedule_id == "ecf-extended-september-2024"
        assert record.cohort_changed_after_payments_frozen

    def test_without_anything_paid_needs_force_and_leaves_no_mark(self):
        turn = turn_of()
        with pytest.raises(DoesNotFit):
            amend_cohort(turn, id_of("cas"), 2024)

        amend_cohort(turn, id_of("cas"), 2024, force=True)

        record = record_of(turn, "cas")
        assert record.schedule_id == "ecf-extended-september-2024"
        assert not record.cohort_changed_after_payments_frozen

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"induction_completion_date": date(2024, 7, 1)}, id="the induction"),
        ],
    )
    def test_does_not_fit_who_has_completed(self, changes):
        turn = turn_of(paid())
        turn.save(replace(record_of(turn, "cas"), **changes))

        with pytest.raises(DoesNotFit):
            amend_cohort(turn, id_of("cas"), 2024, force=True)

    def test_does_not_fit_who_has_declared_completion(self):
        turn = turn_of(paid(), paid(id="cas-completed", type="completed"))

        with pytest.raises(DoesNotFit):
            amend_cohort(turn, id_of("cas"), 2024, force=True)

    def test_with_force_sets_the_school_up(self):
        turn = turn_of(paid())
        turn.remove(turn.records.school_cohorts["school-2024"])

        amend_cohort(turn, id_of("cas"), 2024, force=True)

        made = turn.records.school_cohorts[record_of(turn, "cas").school_cohort_id]
        assert (made.cohort, made.default_programme_id) == (2024, newest_of(turn, "cas").programme_id)


class TestMovingBack:
    def moved(self, *rows):
        turn = turn_of(paid(), *rows)
        amend_cohort(turn, id_of("cas"), 2024)
        return turn

    def test_takes_the_mark_away(self):
        turn = self.moved()

        amend_cohort(turn, id_of("cas"), 2022)

        assert not record_of(turn, "cas").cohort_changed_after_payments_frozen
        assert newest_of(turn, "cas").programme_id == "programme-2022"

    def test_does_not_fit_once_something_is_declared_in_2024(self):
        turn = self.moved(a_declaration("cas", id="later"))

        with pytest.raises(DoesNotFit, match="in 2024 already"):
            amend_cohort(turn, id_of("cas"), 2022)


class TestMovingAMilestone:
    def test_changes_what_is_named_and_nothing_else(self):
        turn = turn_with()

        schedule = move_milestone(turn, "ecf-standard-september", 2024, "started", milestone_date=date(2025, 1, 31))

        started = schedule.milestone("started")
        assert (started.start, started.end) == (date(2024, 6, 1), date(2025, 1, 31))
        assert schedule.milestones[1:] == turn_with().records.schedules[schedule.id].milestones[1:]

    @pytest.mark.parametrize(
        ("schedule", "type"), [("ecf-standard-june", "started"), ("ecf-standard-september", "extended-1")]
    )
    def test_needs_one_that_there_is(self, schedule, type):
        with pytest.raises(DoesNotFit):
            move_milestone(turn_with(), schedule, 2024, type, date(2025, 1, 1))
