"""What a school or the DfE changes about somebody, and what a provider sees of it afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.domain.participants import Course, InductionStatus, RecordStatus, TrainingStatus
from ecf_sandbox.ecf.events.participants import (
    CompletionReason,
    change_email,
    change_name,
    complete_induction,
    school_reregisters,
    school_withdraws_record,
    set_mentor_completion,
)
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, id_of
from tests.ecf.events.builders import (
    a_mentor,
    an_incentive,
    history_of,
    mentored,
    midnight,
    newest_of,
    record_of,
    turn_with,
    updated,
    user_of,
)


class TestAName:
    def test_is_kept_with_single_spaces_and_none_around(self):
        turn = turn_with(*a_participant("ann"))

        change_name(turn, id_of("ann"), "  Ann   Archer ")

        assert user_of(turn, "ann").full_name == "Ann Archer"
        assert updated(turn, "ann")

    def test_that_stays_the_same_is_no_update(self):
        turn = turn_with(*a_participant("ann"))

        change_name(turn, id_of("ann"), "ann")

        assert not updated(turn, "ann")

    def test_cannot_be_blank(self):
        with pytest.raises(DoesNotFit):
            change_name(turn_with(*a_participant("ann")), id_of("ann"), "  ")


class TestAnEmailAddress:
    def test_shows_on_a_record_that_follows_the_one_so_far(self):
        turn = turn_with(*a_participant("ann"))

        change_email(turn, id_of("ann"), "new@example.com")

        before, after = history_of(turn, "ann")
        identity = turn.records.identities[after.preferred_identity_id]
        assert (before.preferred_identity_id, identity.email) == (None, "new@example.com")
        assert user_of(turn, "ann").email == "ann@example.com"

    def test_never_takes_the_participant_id_from_the_first_one(self):
        turn = turn_with(*a_participant("ann"))

        after = change_email(turn, id_of("ann"), "new@example.com")

        assert turn.records.identities[after.preferred_identity_id].external_id != id_of("ann")

    def test_that_they_had_before_is_found_again(self):
        turn = turn_with(*a_participant("ann"))

        after = change_email(turn, id_of("ann"), "ANN@example.com")

        assert after.preferred_identity_id == "ann-identity"

    def test_of_somebody_else_does_not_fit(self):
        turn = turn_with(*a_participant("ann"), *a_participant("ben"))

        with pytest.raises(DoesNotFit, match="another participant"):
            change_email(turn, id_of("ann"), "ben@example.com")


class TestCompletingAnInduction:
    def test_is_noted_and_ends_the_mentoring(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        complete_induction(turn, id_of("ben"), date(2025, 2, 7))

        after = newest_of(turn, "ben")
        assert (after.induction_status, after.mentor_record_id) == (InductionStatus.COMPLETED, None)
        assert after.end_date is None
        assert record_of(turn, "ben").induction_completion_date == date(2025, 2, 7)

    def test_is_not_for_mentors(self):
        with pytest.raises(DoesNotFit):
            complete_induction(turn_with(*a_mentor("max")), id_of("max"), date(2025, 2, 7), Course.MENTOR)


class TestAMentorsCompletion:
    def test_is_what_the_dfe_says(self):
        turn = turn_with(*a_mentor("max"))

        set_mentor_completion(turn, id_of("max"), date(2025, 1, 31), CompletionReason.NOT_COMPLETED)

        record = record_of(turn, "max")
        assert record.mentor_completion_date == date(2025, 1, 31)
        assert record.mentor_completion_reason == "started_not_completed"

    def test_can_be_taken_back(self):
        turn = turn_with(*a_mentor("max", mentor_completion_date=date(2025, 1, 31)))

        set_mentor_completion(turn, id_of("max"), None, None)

        assert record_of(turn, "max").mentor_completion_date is None


class TestARecordThatASchoolRemoves:
    def test_is_withdrawn_with_its_newest_induction_record_which_has_no_end(self):
        turn = turn_with(*a_participant("ann"))

        school_withdraws_record(turn, id_of("ann"))

        (only,) = history_of(turn, "ann")
        assert record_of(turn, "ann").status is RecordStatus.WITHDRAWN
        assert (only.induction_status, only.end_date) == (InductionStatus.WITHDRAWN, None)

    def test_keeps_its_training_status(self):
        turn = turn_with(*a_participant("ann"))

        school_withdraws_record(turn, id_of("ann"))

        assert newest_of(turn, "ann").training_status is TrainingStatus.ACTIVE

    def test_ends_at_the_school_they_are_about_to_leave_too(self):
        turn = turn_with(*a_participant("ann"))
        before = replace(
            newest_of(turn, "ann"),
            id="leaving",
            induction_status=InductionStatus.LEAVING,
            end_date=midnight("2025-03-01"),
        )
        turn.save(before)

        school_withdraws_record(turn, id_of("ann"))

        left = turn.records.induction_records["leaving"]
        assert left.induction_status is InductionStatus.WITHDRAWN
        assert left.end_date is not None
        assert left.end_date < midnight("2025-03-01")

    def test_of_a_mentor_leaves_their_ects_without(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        school_withdraws_record(turn, id_of("max"), Course.MENTOR)

        assert newest_of(turn, "ben").mentor_record_id is None
        assert not turn.records.school_mentors.by("school_id", "school")
        assert updated(turn, "ben")

    def test_of_a_mentor_leaves_their_ects_at_another_school_alone_and_not_updated(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))
        turn.save(replace(newest_of(turn, "ben"), programme_id="grange-programme"))

        school_withdraws_record(turn, id_of("max"), Course.MENTOR)

        assert newest_of(turn, "ben").mentor_record_id == "max-training"
        assert record_of(turn, "ben").mentor_record_id is None
        assert not updated(turn, "ben")


class TestARecordRegisteredAgain:
    def removed(self, *rows):
        turn = turn_with(*a_participant("ann"), *rows)
        school_withdraws_record(turn, id_of("ann"))
        return turn

    def test_is_the_same_one_active_again(self):
        turn = self.removed()

        again = school_reregisters(turn, id_of("ann"), "school", 2024)

        assert (again.id, again.status) == ("ann-training", RecordStatus.ACTIVE)

    def test_closes_what_was_open_and_begins_with_the_schedule(self):
        turn = self.removed()

        school_reregisters(turn, id_of("ann"), "school", 2024)

        old, new = history_of(turn, "ann")
        assert (old.induction_status, old.end_date is None) == (InductionStatus.CHANGED, False)
        assert (new.induction_status, new.start_date) == (InductionStatus.ACTIVE, midnight("2024-06-01"))

    def test_joins_the_new_schools_provider_without_a_transfer(self):
        turn = self.removed()

        school_reregisters(turn, id_of("ann"), "grange", 2024, date=date(2025, 3, 1))

        new = newest_of(turn, "ann")
        assert (new.programme_id, new.start_date) == ("grange-programme", midnight("2025-03-01"))
        assert not new.school_transfer

    def test_gets_the_uplifts_of_the_school(self):
        turn = self.removed(an_incentive())

        again = school_reregisters(turn, id_of("ann"), "school", 2024)

        assert (again.pupil_premium_uplift, again.sparsity_uplift) == (True, False)

    def test_loses_a_mentor_who_is_not_named_again(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))
        school_withdraws_record(turn, id_of("ben"))

        school_reregisters(turn, id_of("ben"), "school", 2024)

        assert [it.mentor_record_id for it in history_of(turn, "ben")] == [None, None]

    def test_shows_another_email_address_from_now_on(self):
        turn = self.removed()

        school_reregisters(turn, id_of("ann"), "school", 2024, email="new@example.com")

        preferred = turn.records.identities[newest_of(turn, "ann").preferred_identity_id]
        assert preferred.email == "new@example.com"

    def test_puts_a_mentor_among_the_schools_mentors(self):
        turn = turn_with(*a_mentor("max"))
        school_withdraws_record(turn, id_of("max"), Course.MENTOR)

        school_reregisters(turn, id_of("max"), "grange", 2024, Course.MENTOR)

        assert [it.training_record_id for it in turn.records.school_mentors] == ["max-training"]

    def test_counts_as_updated_even_where_the_school_has_no_programme_and_nothing_changes(self):
        turn = turn_with(*a_participant("ann"))
        turn.save(replace(turn.records.school_cohorts["school-2024"], default_programme_id=None))

        school_reregisters(turn, id_of("ann"), "school", 2024)

        assert updated(turn, "ann")
        assert len(history_of(turn, "ann")) == 1

    def test_needs_a_school_that_has_set_up_the_cohort(self):
        turn = self.removed()
        turn.remove(turn.records.school_cohorts["grange-2024"])

        with pytest.raises(DoesNotFit, match="set_programme_choice"):
            school_reregisters(turn, id_of("ann"), "grange", 2024)
