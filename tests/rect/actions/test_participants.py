"""What follows of a deferral, a withdrawal, a resumption and a change of schedule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.rect.actions.change_schedule import change_schedule
from ecf_sandbox.rect.actions.declarations import record_declaration
from ecf_sandbox.rect.actions.participants import defer, resume, withdraw
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingStatus
from ecf_sandbox.rect.editions import LIVE
from ecf_sandbox.rect.queries.participants import ParticipantStatus, participant_status
from ecf_sandbox.rect.rules.consistency import NotSaved
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace
from tests.rect.builders import NOON, a_turn, a_world, happens, person, provider, training
from tests.rect.machine.country import BEGINNING, id_of

TODAY = date(2026, 5, 12)
INDUCTION = {"course_identifier": "ecf-induction"}
DAY = timedelta(days=1)


def breaks(action, turn, name, **fields):
    """The rules that an action breaks."""
    with pytest.raises(Refused) as refused:
        action(turn, provider(turn), person(turn, name), INDUCTION | fields)
    return [it.rule for it in refused.value.refusals]


class TestDeferral:
    def test_ends_training_today_and_leaves_the_school_alone(self):
        with a_turn() as turn:
            defer(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})

            (stopped,) = training(turn, "ann")
            assert (stopped.finished_on, stopped.deferred_at, stopped.deferral_reason) == (TODAY, NOON, "other")
            assert participant_status(turn.records, stopped, TODAY) is ParticipantStatus.LEFT
            assert turn.records.at_school_periods[stopped.at_school_period_id].finished_on is None
            assert person(turn, "ann").updated_at == stopped.transfer_updated_at == NOON

    def test_goes_by_the_day_in_the_united_kingdom(self):
        with a_turn(uk_midnight(date(2026, 6, 1))) as turn:
            defer(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})

            assert training(turn, "ann")[0].finished_on == date(2026, 6, 1)

    def test_keeps_an_end_that_came_earlier(self):
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            turn.save(replace(stint, finished_on=date(2026, 1, 31)))

            defer(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})

            assert training(turn, "ann")[0].finished_on == date(2026, 1, 31)

    def test_is_refused_for_a_course_that_is_none_without_a_word_about_the_person(self):
        with a_turn() as turn:
            assert breaks(defer, turn, "ann", course_identifier="npq-headship", reason="other") == [
                "participant.course-missing"
            ]


class TestResumption:
    def test_is_new_training_like_the_one_before(self):
        world = a_world()
        with world.turn(NOON) as turn:
            defer(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})
        with world.turn(NOON + DAY) as turn:
            resume(turn, provider(turn), person(turn, "ann"), INDUCTION)

            before, after = training(turn, "ann")
            assert before.training_status is TrainingStatus.DEFERRED
            assert after.training_status is TrainingStatus.ACTIVE
            assert (after.started_on, after.finished_on) == (TODAY + DAY, None)
            assert (after.schedule_id, after.school_partnership_id) == (
                before.schedule_id,
                before.school_partnership_id,
            )

    def test_waits_until_the_day_after(self):
        with a_turn() as turn:
            withdraw(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})

            assert breaks(resume, turn, "ann") == ["participant.stopped-today"]

    def test_lasts_as_long_as_the_time_at_the_school(self):
        world = a_world()
        with world.turn(NOON) as turn:
            defer(turn, provider(turn), person(turn, "ann"), INDUCTION | {"reason": "other"})
            happens(turn, "ect_leaves", participant_id=id_of("person", "ann"), finished_on="2026-07-17")
        with world.turn(NOON + DAY) as turn:
            resume(turn, provider(turn), person(turn, "ann"), INDUCTION)

            assert training(turn, "ann")[-1].finished_on == date(2026, 7, 17)

    def test_is_not_saved_beside_training_that_starts_later_and_changes_nothing(self):
        world = a_world()
        with world.turn(NOON) as turn:
            (stint,) = training(turn, "ann")
            ended = replace(stint, finished_on=date(2026, 5, 1), deferred_at=BEGINNING, deferral_reason="other")
            turn.save(ended, replace(stint, id="later", started_on=date(2026, 9, 1), school_partnership_id=None))
        before = world.state

        with pytest.raises(NotSaved), world.turn(NOON + DAY) as turn:
            resume(turn, provider(turn), person(turn, "ann"), INDUCTION)

        assert world.state is before


class TestChangeOfSchedule:
    EXTENDED = INDUCTION | {"schedule_identifier": "ecf-extended-september"}

    def test_ends_training_yesterday_and_begins_it_today(self):
        with a_turn() as turn:
            change_schedule(turn, provider(turn), person(turn, "ann"), self.EXTENDED)

            before, after = training(turn, "ann")
            assert (before.finished_on, after.started_on) == (TODAY - DAY, TODAY)
            assert turn.records.schedules[after.schedule_id].identifier == "ecf-extended-september"

    def test_of_training_that_has_not_begun_is_made_in_place(self):
        with a_turn() as turn:
            change_schedule(turn, provider(turn, "beta"), person(turn, "gus"), self.EXTENDED)

            (stint,) = training(turn, "gus")
            assert turn.records.schedules[stint.schedule_id].identifier == "ecf-extended-september"

    def test_leaves_declarations_with_the_training_that_they_were_made_for(self):
        fields = INDUCTION | {
            "participant_id": id_of("person", "ann"),
            "declaration_type": "started",
            "declaration_date": "2025-10-01T10:00:00Z",
            "evidence_held": "other",
        }
        with a_turn() as turn:
            made = record_declaration(turn, provider(turn), fields)
            change_schedule(turn, provider(turn), person(turn, "ann"), self.EXTENDED | {"cohort": "2024"})

            before, after = training(turn, "ann")
            assert turn.records.declarations[made.id].training_period_id == before.id
            assert after.school_partnership_id == id_of("partnership", "oak alpha 2024")

    @pytest.mark.parametrize("cohort", ["2031", "", "next", None])
    def test_takes_an_unknown_cohort_for_the_present_one(self, cohort):
        with a_turn() as turn:
            change_schedule(turn, provider(turn), person(turn, "ann"), self.EXTENDED | {"cohort": cohort})

            after = training(turn, "ann")[-1]
            assert turn.records.schedules[after.schedule_id].contract_period_year == 2025

    def test_out_of_a_frozen_cohort_remembers_it_and_back_forgets_it(self):
        world = a_world()
        with world.turn(NOON) as turn:
            change_schedule(turn, provider(turn), person(turn, "hal"), self.EXTENDED | {"cohort": "2024"})
            assert person(turn, "hal").ect_frozen_year == 2022
        with world.turn(NOON + DAY) as turn:
            change_schedule(turn, provider(turn), person(turn, "hal"), self.EXTENDED | {"cohort": "2022"})
            assert person(turn, "hal").ect_frozen_year is None

    def test_once_more_on_the_same_day_is_made_in_place(self):
        with a_turn() as turn:
            change_schedule(turn, provider(turn), person(turn, "ann"), self.EXTENDED)
            change_schedule(
                turn, provider(turn), person(turn, "ann"), INDUCTION | {"schedule_identifier": "ecf-standard-april"}
            )

            assert len(training(turn, "ann")) == 2

    def test_keeps_somebody_from_being_deferred_on_that_day(self):
        with a_turn() as turn:
            change_schedule(turn, provider(turn), person(turn, "ann"), self.EXTENDED)

            assert breaks(defer, turn, "ann", reason="other") == ["participant.begun-today"]


@pytest.mark.parametrize("at", [NOON, NOON + timedelta(days=400)], ids=["today", "in a year"])
def test_what_the_database_fills_in_is_the_present_where_that_is_shown(at: datetime):
    with a_turn(at, LIVE) as turn:
        change_schedule(turn, provider(turn), person(turn, "ann"), TestChangeOfSchedule.EXTENDED)

        after = training(turn, "ann", TeacherType.ECT)[-1]
        assert (after.created_at, after.transfer_updated_at) == (at, BEGINNING)
