"""Who mentors whom, and how mentors come to and leave a school."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.domain.declarations import DeclarationState, Feature
from ecf_sandbox.ecf.domain.schools import ProgrammeChoice
from ecf_sandbox.ecf.events.mentors import change_mentor, change_pool, remove_expired_school_mentors
from ecf_sandbox.ecf.events.registration import register_ect
from ecf_sandbox.ecf.events.transfers import school_transfer
from ecf_sandbox.ecf.queries.training import partnership_of
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, a_turn, at, id_of
from tests.ecf.events.builders import (
    MENTOR,
    a_country,
    a_declaration,
    a_mentor,
    frozen,
    history_of,
    mentored,
    newest_of,
    record_of,
    somebody_of_2022,
    turn_with,
    updated,
    with_partners_of_2023,
)

AHEAD = {"start_date": at("2025-09-01T00:00:00"), "mentor_record_id": "max-training"}


class TestChangingAMentor:
    def test_gives_the_ect_another_from_now_on(self):
        turn = turn_with(*a_mentor("max"), *a_mentor("mia"), *mentored("ben", "max"))

        change_mentor(turn, id_of("ben"), id_of("mia"))

        assert [it.mentor_record_id for it in history_of(turn, "ben")] == ["max-training", "mia-training"]
        assert record_of(turn, "ben").mentor_record_id == "mia-training"

    def test_updates_the_new_mentor_and_not_the_old_one(self):
        turn = turn_with(*a_mentor("max"), *a_mentor("mia"), *mentored("ben", "max"))

        change_mentor(turn, id_of("ben"), id_of("mia"))

        assert (updated(turn, "mia"), updated(turn, "max")) == (True, False)

    def test_to_nobody_leaves_the_ect_without(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))

        change_mentor(turn, id_of("ben"), None)

        assert newest_of(turn, "ben").mentor_record_id is None

    def test_to_the_same_one_before_the_first_day_updates_the_mentor_alone(self):
        ahead = a_participant("ben", mentor_record_id="max-training", induction=AHEAD)
        turn = turn_with(*a_mentor("max"), *ahead)
        before = newest_of(turn, "ben")

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert newest_of(turn, "ben") == before
        assert (updated(turn, "ben"), updated(turn, "max")) == (False, True)

    def test_to_another_before_the_first_day_changes_the_record_in_place(self):
        turn = turn_with(*a_mentor("max"), *a_mentor("mia"), *a_participant("ben", induction=AHEAD))

        change_mentor(turn, id_of("ben"), id_of("mia"))

        assert [it.mentor_record_id for it in history_of(turn, "ben")] == ["mia-training"]
        assert updated(turn, "ben")

    def test_needs_somebody_who_is_a_mentor(self):
        turn = turn_with(*a_participant("ann"), *a_participant("ben"))

        with pytest.raises(DoesNotFit):
            change_mentor(turn, id_of("ben"), id_of("ann"))


class TestAMentorFromAFrozenCohort:
    def turn(self, *rows):
        country = frozen(a_country(*somebody_of_2022("max", type=MENTOR), *a_participant("ben"), *rows))
        return a_turn(country)

    def test_goes_on_in_2024_with_an_ect_of_2024(self):
        turn = self.turn()

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert record_of(turn, "max").schedule_id == "ecf-extended-september-2024"
        assert newest_of(turn, "max").programme_id == "alpha-programme"
        assert not record_of(turn, "max").cohort_changed_after_payments_frozen

    def test_stays_while_the_dfe_says_that_mentors_stay(self):
        turn = self.turn(Feature(name="closing_2022", active=True))

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert record_of(turn, "max").schedule_id == "ecf-standard-september-2022"

    def test_stays_with_an_ect_whose_cohort_is_frozen_too(self):
        turn = self.turn(*somebody_of_2022("cas"))

        change_mentor(turn, id_of("cas"), id_of("max"))

        assert record_of(turn, "max").schedule_id == "ecf-standard-september-2022"

    def test_stays_once_the_training_is_complete(self):
        turn = self.turn()
        turn.save(replace(record_of(turn, "max"), mentor_completion_date=date(2024, 1, 1)))

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert record_of(turn, "max").schedule_id == "ecf-standard-september-2022"

    def test_stays_if_the_move_does_not_fit(self):
        turn = self.turn()
        turn.save(replace(record_of(turn, "max"), notes="ask before moving"))

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert record_of(turn, "max").schedule_id == "ecf-standard-september-2022"
        assert newest_of(turn, "ben").mentor_record_id == "max-training"

    def test_is_marked_as_moved_if_something_was_paid(self):
        paid = a_declaration("max", participant_type=MENTOR, cohort=2022, state=DeclarationState.PAID)
        turn = self.turn(paid)

        change_mentor(turn, id_of("ben"), id_of("max"))

        assert record_of(turn, "max").cohort_changed_after_payments_frozen

    @pytest.mark.parametrize(
        "follow",
        [
            pytest.param(lambda turn: change_mentor(turn, id_of("ben"), id_of("max")), id="a change of mentor"),
            pytest.param(
                lambda turn: school_transfer(
                    turn, id_of("ben"), "moor", date(2025, 3, 1), keep_provider=True, mentor_id=id_of("max")
                ),
                id="a transfer",
            ),
            pytest.param(
                lambda turn: register_ect(turn, "Eve", "eve@example.com", "grange", 2024, mentor_id=id_of("max")),
                id="a registration",
            ),
        ],
    )
    def test_goes_on_with_the_partners_of_2023_where_their_school_has_no_programme_for_2024(self, follow):
        ect = a_participant("ben", school_cohort_id="grange-2024", induction={"programme_id": "grange-programme"})
        turn = a_turn(with_partners_of_2023(frozen(a_country(*somebody_of_2022("max", type=MENTOR), *ect))))
        school_cohort = turn.records.school_cohorts["school-2024"]
        turn.save(replace(school_cohort, choice=ProgrammeChoice.NO_EARLY_CAREER_TEACHERS, default_programme_id=None))

        follow(turn)

        partnership = partnership_of(turn.records, newest_of(turn, "max"))
        assert (partnership.provider_id, partnership.cohort) == ("beta", 2024)
        assert turn.records.school_cohorts["school-2024"].default_programme_id == newest_of(turn, "max").programme_id


class TestASchoolsMentors:
    def test_whose_day_has_come_leave_the_pool_and_their_ects(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))
        turn.save(replace(turn.records.school_mentors["max-pool"], remove_on=date(2025, 2, 10)))

        remove_expired_school_mentors(turn)

        assert not len(turn.records.school_mentors)
        assert newest_of(turn, "ben").mentor_record_id is None

    def test_whose_day_is_ahead_stay(self):
        turn = turn_with(*a_mentor("max"), *mentored("ben", "max"))
        turn.save(replace(turn.records.school_mentors["max-pool"], remove_on=date(2025, 2, 11)))

        remove_expired_school_mentors(turn)

        assert newest_of(turn, "ben").mentor_record_id == "max-training"

    def test_who_change_schools_are_with_both_until_the_day(self):
        turn = turn_with(*a_mentor("max"))

        change_pool(turn, record_of(turn, "max"), "school", "grange", date(2025, 3, 1), None)

        days = {it.school_id: it.remove_on for it in turn.records.school_mentors}
        assert days == {"school": date(2025, 3, 1), "grange": None}
