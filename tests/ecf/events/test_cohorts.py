"""What the DfE decides about cohorts, and who may move between them."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import ParticipantType
from ecf_sandbox.ecf.domain.providers import ProviderRelationship
from ecf_sandbox.ecf.domain.schools import ProgrammeChoice
from ecf_sandbox.ecf.events.cohorts import amend_cohort, freeze_cohort, move_milestone
from ecf_sandbox.ecf.events.partnerships import set_programme_choice
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_cohort, a_participant, a_turn, at, id_of
from tests.ecf.events.builders import (
    a_country,
    a_declaration,
    frozen,
    history_of,
    newest_of,
    record_of,
    somebody_of_2022,
    turn_with,
    updated,
    with_partners_of_2023,
)


def turn_of(*rows):
    """A turn in a country whose cohort of 2022 is frozen, with somebody of 2022 and somebody of 2024."""
    return a_turn(frozen(a_country(*somebody_of_2022("cas"), *a_participant("ann"), *rows)))


def paid(name="cas", cohort=2022, **changes):
    return a_declaration(name, cohort=cohort, state=DeclarationState.PAID, **changes)


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

    @pytest.mark.parametrize(
        "rows",
        [
            pytest.param((), id="nothing stands in the way"),
            pytest.param((a_declaration("ann"),), id="something is declared"),
            pytest.param((replace(a_participant("ann")[2], notes="ask first"),), id="there are notes on the record"),
            pytest.param((a_cohort(payments_frozen_at=at("2025-01-31T00:00:00")),), id="the cohort is frozen"),
            pytest.param((replace(a_participant("ann")[2], mentor_completion_date=date(2024, 7, 1)),), id="completed"),
        ],
    )
    def test_to_the_cohort_they_are_in_changes_nothing_whatever_stands_in_the_way(self, rows):
        turn = turn_of(*rows)
        before = turn.records

        amend_cohort(turn, id_of("ann"), 2024)

        assert turn.records == before

    def test_does_not_fit_while_something_is_declared(self):
        with pytest.raises(DoesNotFit, match="void them first"):
            amend_cohort(turn_of(a_declaration("ann")), id_of("ann"), 2022)

    def test_fits_when_what_was_declared_is_void(self):
        turn = turn_of(a_declaration("ann", state=DeclarationState.VOIDED))

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


class TestMovingOutOfAFrozenCohortAtASchoolWithoutAProgramme:
    """Abbey School has nothing for 2024; whoever trained it in 2023 goes on there, if they still work together."""

    def turn(self, *rows, type=ParticipantType.ECT, partners_of_2023=True):
        country = frozen(a_country(*somebody_of_2022("cas", type=type), paid(participant_type=type), *rows))
        turn = a_turn(with_partners_of_2023(country) if partners_of_2023 else country)
        turn.remove(turn.records.partnerships["beta-partnership"], turn.records.programmes["beta-programme"])
        turn.remove(turn.records.school_cohorts["school-2024"])
        return turn

    def moved(self, turn, **told):
        """What the school has after the move: its choice for 2024 and the partnership behind its programme."""
        amend_cohort(turn, id_of("cas"), 2024, **told)
        programme = turn.records.programmes[newest_of(turn, "cas").programme_id]
        school_cohort = turn.records.school_cohorts[record_of(turn, "cas").school_cohort_id]
        assert school_cohort.default_programme_id == programme.id
        assert (school_cohort.cohort, school_cohort.school_id) == (2024, "school")
        return school_cohort.choice, turn.records.partnerships.get(programme.partnership_id)

    @pytest.mark.parametrize("type", list(ParticipantType))
    @pytest.mark.parametrize("force", [False, True], ids=["by itself", "forced"])
    def test_the_school_gets_a_programme_with_its_partners_of_the_year_before(self, type, force):
        choice, partnership = self.moved(self.turn(type=type), force=force, course_identifier=type.course)

        assert choice is ProgrammeChoice.FULL_INDUCTION_PROGRAMME
        assert (partnership.provider_id, partnership.delivery_partner_id) == ("beta", "beta-partner")
        assert (partnership.cohort, partnership.relationship, partnership.active) == (2024, False, True)

    @pytest.mark.parametrize(
        "choice", [ProgrammeChoice.NO_EARLY_CAREER_TEACHERS, ProgrammeChoice.NOT_YET_KNOWN], ids=str
    )
    def test_a_choice_without_a_programme_becomes_provider_led(self, choice):
        turn = self.turn()
        chosen = set_programme_choice(turn, "school", 2024, choice)

        chosen_now, partnership = self.moved(turn)

        assert chosen_now is ProgrammeChoice.FULL_INDUCTION_PROGRAMME
        assert partnership.provider_id == "beta"
        assert record_of(turn, "cas").school_cohort_id == chosen.id

    def test_the_partnership_that_there_is_already_is_used(self):
        turn = self.turn()
        present = replace(turn.records.partnerships["beta-2023"], id="beta-2024", cohort=2024)
        turn.save(present)

        _, partnership = self.moved(turn)

        assert partnership == present

    def test_a_new_partnership_updates_everybody_at_the_school(self):
        turn = self.turn(*a_participant("ann", school_cohort_id="school-2022"))

        self.moved(turn)

        assert updated(turn, "ann")

    def test_partners_who_no_longer_work_together_do_not_go_on(self):
        turn = self.turn()
        turn.save(replace(turn.records.provider_relationships["beta-relationship"], discarded_at=turn.now))

        choice, partnership = self.moved(turn)

        assert (choice, partnership) == (ProgrammeChoice.FULL_INDUCTION_PROGRAMME, None)

    def test_the_year_before_is_that_of_the_new_cohort_not_the_one_they_come_from(self):
        turn = self.turn(partners_of_2023=False)
        alpha = ProviderRelationship(
            id="alpha-relationship", provider_id="alpha", delivery_partner_id="alpha-partner", cohort=2024
        )
        turn.save(alpha)

        _, partnership = self.moved(turn)

        assert partnership is None

    def test_a_programme_that_there_is_stays_the_one_that_they_join(self):
        turn = a_turn(with_partners_of_2023(frozen(a_country(*somebody_of_2022("cas"), paid()))))

        _, partnership = self.moved(turn)

        assert partnership.id == "alpha-partnership"

    def test_no_other_move_sets_a_school_up(self):
        turn = self.turn()
        turn.save(replace(turn.records.cohorts[2022], payments_frozen_at=None))
        turn.remove(*turn.records.declarations)

        with pytest.raises(DoesNotFit, match="has not set up"):
            amend_cohort(turn, id_of("cas"), 2024, force=True)


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
