"""When a change of schedule is refused by RECT, and in which order the reasons come."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.rect.rules.examples.change_schedule import WITHDRAWN, a_change
from ecf_sandbox.rect.rules.examples.people import EXTENDED
from ecf_sandbox.state.record import replace

REDUCED = replace(EXTENDED, identifier="ecf-reduced-september")


def broken(**changes):
    """The rules that a change breaks, in order and without their prefix."""
    judged = CHANGE_SCHEDULE.judge(a_change(**changes), GUIDANCE)
    return [rule.id.rpartition(".")[2] for rule, wrong in judged if wrong]


class TestWhoeverHasCompleted:
    def test_may_be_put_on_a_reduced_schedule_as_an_ect(self):
        assert broken(completed=True, schedule=REDUCED) == []

    def test_may_not_as_a_mentor(self):
        assert broken(completed=True, schedule=REDUCED, kind=TeacherType.MENTOR) == ["reduced-for-mentor", "completed"]

    def test_may_not_without_a_schedule(self):
        assert broken(completed=True, schedule=None) == ["not-in-cohort", "completed"]


class TestSeveralReasons:
    def test_of_schedule_cohort_and_participant_add_up(self):
        assert broken(orphans=True, moves=True, completed=True) == [
            "orphans-declarations",
            "no-partnership",
            "completed",
        ]

    def test_of_the_schedule_exclude_each_other(self):
        assert broken(identifier=None, schedule=None, orphans=True) == ["missing"]
        assert broken(identifier="ecf-standard-may", schedule=None, orphans=True) == ["unknown"]
        assert broken(schedule=None, orphans=True) == ["not-in-cohort"]
        assert broken(present=EXTENDED, orphans=True) == ["already-on-it"]

    def test_of_the_cohort_exclude_each_other(self):
        assert broken(moves=True, frozen=True) == ["no-partnership"]

    @pytest.mark.parametrize(
        ("facts", "reason"),
        [
            ({"completed": True, "left": True, "training": WITHDRAWN, "joins_later": True}, "completed"),
            ({"left": True, "training": WITHDRAWN, "joins_later": True}, "left"),
            ({"training": WITHDRAWN, "joins_later": True}, "withdrawn"),
        ],
        ids=["completed", "left", "withdrawn"],
    )
    def test_of_the_participant_exclude_each_other(self, facts, reason):
        assert broken(**facts) == [reason]

    def test_of_somebody_whom_nobody_trains_are_about_what_was_sent(self):
        assert broken(training=None, present=None, schedule=None) == ["course-not-trained", "not-in-cohort"]


class TestThePresentCohort:
    def test_that_is_frozen_is_open_to_whoever_came_from_it(self):
        assert broken(frozen=True, remembered=True) == []
