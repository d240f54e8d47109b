"""Each reason to refuse a deferral, a withdrawal, a resumption or a change of schedule, at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.rect.rules.examples.change_schedule import a_change
from ecf_sandbox.rect.rules.examples.participants import (
    DEFERRED,
    TOMORROW,
    WITHDRAWN,
    a_deferral,
    a_resumption,
    a_withdrawal,
)
from ecf_sandbox.rect.rules.examples.people import AT_SCHOOL, EXTENDED, TODAY, TRAINING
from ecf_sandbox.rect.rules.participants import (
    DEFER,
    DEFERRAL_REASONS,
    NO_LONGER_MENTOR,
    RESUME,
    WITHDRAW,
    WITHDRAWAL_REASONS,
)
from ecf_sandbox.state.record import replace

LEFT = replace(TRAINING, finished_on=date(2025, 12, 20))
YESTERDAY = date(2026, 5, 11)


def broken(book, attempt):
    """The rules that an attempt breaks, in order and without their prefix."""
    return [rule.id.partition(".")[2] for rule, wrong in book.judge(attempt, GUIDANCE) if wrong]


class TestDeferral:
    @pytest.mark.parametrize("reason", sorted(DEFERRAL_REASONS))
    def test_takes_every_reason(self, reason):
        assert broken(DEFER, a_deferral(reason=reason)) == []

    @pytest.mark.parametrize("reason", ["parental_leave", "moved-school", 7, True])
    def test_takes_no_other(self, reason):
        assert broken(DEFER, a_deferral(reason=reason)) == ["reason-unknown"]

    def test_of_whoever_left_long_ago_works(self):
        assert broken(DEFER, a_deferral(training=LEFT)) == []

    def test_works_from_the_second_day(self):
        assert broken(DEFER, a_deferral(training=replace(TRAINING, started_on=YESTERDAY))) == []

    def test_names_course_and_reason_together(self):
        assert broken(DEFER, a_deferral(kind=None, training=None, reason=None)) == ["course-missing", "reason-missing"]

    def test_names_one_thing_about_the_participant(self):
        future = replace(DEFERRED, started_on=TOMORROW)

        assert broken(DEFER, a_deferral(training=future)) == ["already-deferred"]


class TestWithdrawal:
    @pytest.mark.parametrize("reason", sorted(WITHDRAWAL_REASONS))
    def test_of_a_mentor_takes_every_reason(self, reason):
        mentor = replace(TRAINING, kind=TeacherType.MENTOR)

        assert broken(WITHDRAW, a_withdrawal(kind=TeacherType.MENTOR, training=mentor, reason=reason)) == []

    def test_of_somebody_deferred_works(self):
        assert broken(WITHDRAW, a_withdrawal(training=DEFERRED)) == []

    def test_asks_what_an_ect_is_not_only_where_nothing_else_is_wrong(self):
        assert broken(WITHDRAW, a_withdrawal(training=WITHDRAWN, reason=NO_LONGER_MENTOR)) == ["already-withdrawn"]


class TestResumption:
    @pytest.mark.parametrize("stopped", [DEFERRED, WITHDRAWN], ids=["deferred", "withdrawn"])
    def test_works_from_both(self, stopped):
        assert broken(RESUME, a_resumption(training=stopped)) == []

    def test_of_somebody_who_has_only_left_does_not(self):
        assert broken(RESUME, a_resumption(training=LEFT)) == ["already-active"]

    def test_minds_the_day_of_the_end_alone(self):
        assert broken(RESUME, a_resumption(training=replace(DEFERRED, finished_on=TODAY))) == ["stopped-today"]
        assert broken(RESUME, a_resumption(training=replace(DEFERRED, finished_on=TOMORROW))) == []

    def test_is_for_whoever_is_still_at_the_school_tomorrow(self):
        assert broken(RESUME, a_resumption(at_school=replace(AT_SCHOOL, finished_on=TOMORROW))) == []

    def test_minds_only_what_goes_on_today(self):
        over = replace(TRAINING, id="other", finished_on=YESTERDAY)

        assert broken(RESUME, a_resumption(siblings=(over,))) == []


class TestChangeOfSchedule:
    def test_adds_the_three_groups_up(self):
        attempt = a_change(present=EXTENDED, moves=True, completed=True, left=True)

        assert broken(CHANGE_SCHEDULE, attempt) == ["already-on-it", "no-partnership", "completed"]

    def test_to_reduced_is_open_to_an_ect_who_completed(self):
        reduced = replace(EXTENDED, identifier="ecf-reduced-april")

        assert broken(CHANGE_SCHEDULE, a_change(completed=True, schedule=reduced)) == []

    def test_back_to_the_frozen_cohort_of_origin_works(self):
        assert broken(CHANGE_SCHEDULE, a_change(frozen=True, remembered=True)) == []

    def test_within_a_frozen_cohort_is_refused_as_well(self):
        assert broken(CHANGE_SCHEDULE, a_change(frozen=True)) == ["cohort-frozen"]

    def test_asks_nothing_of_training_that_is_not_there(self):
        attempt = a_change(
            training=None, present=None, moves=True, frozen=True, left=True, completed=True, joins_later=True
        )

        assert broken(CHANGE_SCHEDULE, attempt) == ["course-not-trained"]

    def test_of_a_mentor_may_be_to_replacement(self):
        replacement = replace(EXTENDED, identifier="ecf-replacement-april")

        assert broken(CHANGE_SCHEDULE, a_change(kind=TeacherType.MENTOR, schedule=replacement)) == []


def test_training_starts_today_on_one_day_only():
    days = (YESTERDAY, TODAY, TOMORROW)

    assert [a_deferral(training=replace(TRAINING, started_on=it)).starts_today for it in days] == [False, True, False]


def test_the_later_of_withdrawal_and_deferral_decides():
    both = replace(WITHDRAWN, deferred_at=datetime(2026, 5, 2, tzinfo=UTC), deferral_reason="other")

    assert broken(DEFER, a_deferral(training=both)) == ["already-deferred"]
    assert both.finished_on is not None
    assert both.finished_on < TODAY
