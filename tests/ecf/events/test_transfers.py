"""How schools report those who leave and those who join, and which records are left."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.actions.training_history import supersede
from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import Course, InductionStatus, TrainingStatus
from ecf_sandbox.ecf.events.cohorts import amend_cohort
from ecf_sandbox.ecf.events.transfers import school_marks_leaving, school_transfer
from ecf_sandbox.ecf.queries.training import partnership_of
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, a_schedule, a_turn, at, id_of
from tests.ecf.events.builders import (
    a_country,
    a_declaration,
    a_mentor,
    frozen,
    history_of,
    mentored,
    midnight,
    newest_of,
    record_of,
    somebody_of_2022,
    turn_with,
    updated,
)

LEAVING, ACTIVE = InductionStatus.LEAVING, InductionStatus.ACTIVE
SOON = date(2025, 3, 1)


def join(turn, name="ann", school="grange", on=SOON, keep=False, **changes):
    return school_transfer(turn, id_of(name), school, on, keep, **changes)


class TestMarkedAsLeaving:
    def test_ends_the_record_on_the_day_where_it_stands(self):
        turn = turn_with(*a_participant("ann"))

        school_marks_leaving(turn, id_of("ann"), SOON)

        (only,) = history_of(turn, "ann")
        assert (only.induction_status, only.end_date) == (LEAVING, midnight("2025-03-01"))
        assert only.school_transfer

    def test_leaves_the_training_status_alone(self):
        turn = turn_with(*a_participant("ann", induction={"training_status": TrainingStatus.DEFERRED}))

        assert school_marks_leaving(turn, id_of("ann"), SOON).training_status is TrainingStatus.DEFERRED

    def test_leaves_a_mentor_with_their_ects(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        school_marks_leaving(turn, id_of("max"), date(2025, 2, 1), Course.MENTOR)

        assert newest_of(turn, "ben").mentor_record_id == "max-training"

    def test_is_said_of_the_school_that_is_named(self):
        turn = turn_with(*a_participant("ann"))
        join(turn)

        left = school_marks_leaving(turn, id_of("ann"), date(2025, 2, 20), school_id="school")

        assert left.id == "ann-induction"

    def test_needs_a_school_where_they_have_been(self):
        with pytest.raises(DoesNotFit):
            school_marks_leaving(turn_with(*a_participant("ann")), id_of("ann"), SOON, school_id="grange")


class TestJoiningTheNewSchoolsProgramme:
    def test_ends_the_old_record_on_the_day_and_marks_the_new_one(self):
        turn = turn_with(*a_participant("ann"))

        joining = join(turn)

        leaving = turn.records.induction_records["ann-induction"]
        assert (leaving.induction_status, leaving.end_date) == (LEAVING, midnight("2025-03-01"))
        assert not leaving.school_transfer
        assert (joining.programme_id, joining.start_date) == ("grange-programme", midnight("2025-03-01"))
        assert joining.school_transfer

    def test_leaves_what_the_old_school_has_said(self):
        turn = turn_with(*a_participant("ann"))
        school_marks_leaving(turn, id_of("ann"), date(2025, 2, 20))

        join(turn)

        leaving = turn.records.induction_records["ann-induction"]
        assert (leaving.end_date, leaving.school_transfer) == (midnight("2025-02-20"), True)

    def test_makes_a_withdrawn_one_active_with_the_new_provider(self):
        turn = turn_with(*a_participant("ann", induction={"training_status": TrainingStatus.WITHDRAWN}))

        assert join(turn).training_status is TrainingStatus.ACTIVE

    def test_gives_the_record_to_the_new_school_on_the_same_schedule(self):
        turn = turn_with(*a_participant("ann"))

        join(turn)

        record = record_of(turn, "ann")
        assert (record.school_cohort_id, record.schedule_id) == ("grange-2024", "ecf-standard-september-2024")

    def test_takes_no_mentor_along(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        assert join(turn, "ben").mentor_record_id is None

    def test_shows_the_address_they_registered_with_unless_another_is_named(self):
        turn = turn_with(*a_participant("ann", induction={"preferred_identity_id": "other"}), *a_participant("ben"))

        joining, elsewhere = join(turn), join(turn, "ben", email="new@example.com")

        assert joining.preferred_identity_id == "ann-identity"
        assert turn.records.identities[elsewhere.preferred_identity_id].email == "new@example.com"

    def test_is_seen_by_nobody_at_a_school_without_provider(self):
        turn = turn_with(*a_participant("ann"))

        joining = join(turn, school="moor")

        assert partnership_of(turn.records, joining) is None

    def test_is_not_for_the_school_they_are_at(self):
        with pytest.raises(DoesNotFit, match="already"):
            join(turn_with(*a_participant("ann")), school="school")

    def test_needs_a_programme_there(self):
        turn = turn_with(*a_participant("ann"))
        turn.save(replace(turn.records.school_cohorts["grange-2024"], default_programme_id=None))

        with pytest.raises(DoesNotFit, match="no default programme"):
            join(turn)


class TestKeepingTheProvider:
    def test_makes_a_relationship_at_the_new_school_for_the_one_who_moves(self):
        turn = turn_with(*a_participant("ann"))

        joining = join(turn, keep=True)

        partnership = partnership_of(turn.records, joining)
        assert (partnership.provider_id, partnership.delivery_partner_id) == ("alpha", "alpha-partner")
        assert (partnership.school_id, partnership.relationship) == ("grange", True)

    def test_updates_everybody_at_the_new_school_when_it_does(self):
        turn = turn_with(*a_participant("ann"), *a_participant("ben", school_cohort_id="grange-2024"))

        join(turn, keep=True)

        assert updated(turn, "ben")

    def test_uses_the_partnership_that_there_is(self):
        turn = turn_with(*a_participant("ann", provider="beta"))

        assert join(turn, keep=True).programme_id == "grange-programme"

    def test_makes_the_relationship_once(self):
        turn = turn_with(*a_participant("ann"), *a_participant("ben"))

        assert join(turn, keep=True).programme_id == join(turn, "ben", keep=True).programme_id

    def test_needs_a_provider_to_keep(self):
        turn = turn_with(*a_participant("ann", induction={"programme_id": "moor-programme"}))

        with pytest.raises(DoesNotFit, match="no provider to keep"):
            join(turn, keep=True)


class TestAMentorWhoMoves:
    def test_is_with_both_schools_until_the_day(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        join(turn, "max", course_identifier=Course.MENTOR)

        assert {it.school_id for it in turn.records.school_mentors} == {"school", "grange"}
        assert newest_of(turn, "ben").mentor_record_id == "max-training"

    def test_leaves_their_ects_when_the_day_has_come(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        join(turn, "max", on=date(2025, 2, 10), course_identifier=Course.MENTOR)

        assert [it.school_id for it in turn.records.school_mentors] == ["grange"]
        assert newest_of(turn, "ben").mentor_record_id is None


class TestOutOfAFrozenCohort:
    def turn(self, *rows):
        return a_turn(frozen(a_country(*somebody_of_2022("cas"), *rows)))

    def test_the_schedule_is_the_extended_one_and_the_record_marked_if_something_was_paid(self):
        turn = self.turn(a_declaration("cas", cohort=2022, state=DeclarationState.PAID))

        joining = join(turn, "cas", cohort=2024)

        record = record_of(turn, "cas")
        assert record.schedule_id == joining.schedule_id == "ecf-extended-september-2024"
        assert record.cohort_changed_after_payments_frozen

    def test_the_schedule_stays_what_it_was_if_nothing_was(self):
        turn = self.turn()

        joining = join(turn, "cas", cohort=2024)

        assert joining.schedule_id == "ecf-standard-september-2024"
        assert not record_of(turn, "cas").cohort_changed_after_payments_frozen

    def test_a_mark_is_lost_at_the_next_transfer(self):
        turn = self.turn(a_declaration("cas", cohort=2022, state=DeclarationState.PAID))
        amend_cohort(turn, id_of("cas"), 2024)
        assert record_of(turn, "cas").cohort_changed_after_payments_frozen

        join(turn, "cas")

        assert not record_of(turn, "cas").cohort_changed_after_payments_frozen

    def test_without_a_corresponding_schedule_they_get_the_standard_one(self):
        turn = self.turn(a_schedule(2022, "ecf-reduced-april"))
        supersede(turn, newest_of(turn, "cas"), schedule_id="ecf-reduced-april-2022")

        assert join(turn, "cas", cohort=2024).schedule_id == "ecf-standard-september-2024"

    def test_a_freezing_that_is_still_ahead_counts_already(self):
        turn = self.turn(a_declaration("cas", cohort=2022, state=DeclarationState.PAID))
        turn.save(replace(turn.records.cohorts[2022], payments_frozen_at=at("2025-07-31T00:00:00")))

        join(turn, "cas", cohort=2024)

        assert record_of(turn, "cas").cohort_changed_after_payments_frozen
