"""When a change of schedule is refused, and in which order the reasons come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.domain.cohorts import ScheduleKind
from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.editions import LIVE
from ecf_sandbox.ecf.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.ecf.rules.examples.change_schedule import JANUARY, STARTED, TRAINING, a_change
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace

NOBODY = {
    "user": None,
    "enrolled": False,
    "training": None,
    "induction": None,
    "present": None,
    "live": (),
    "blocking": (),
}
NOWHERE = {"partnership": None, "school_cohort": None, "programme": None}
OPENS, CLOSES = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def refusals(**changes):
    """The rule of each refusal, in order, without its prefix."""
    with pytest.raises(Refused) as refused:
        CHANGE_SCHEDULE.enforce(a_change(**changes), LIVE)
    return [it.rule.removeprefix("schedule.") for it in refused.value.refusals]


def dated(moment):
    return {"blocking": (replace(STARTED, date=moment),)}


class TestDeclarations:
    @pytest.mark.parametrize(
        ("moment", "fits"),
        [
            pytest.param(OPENS, False, id="the first moment of the milestone"),
            pytest.param(OPENS + MICROSECOND, True, id="just after it"),
            pytest.param(CLOSES - MICROSECOND, True, id="the last moment of its last day"),
            pytest.param(CLOSES, False, id="the moment after it"),
        ],
    )
    def test_fit_from_just_after_the_opening_to_the_end_of_the_last_day(self, moment, fits):
        assert a_change().fits(replace(STARTED, date=moment)) is fits

    @given(st.datetimes(datetime(2024, 12, 1), datetime(2025, 5, 1), timezones=st.just(UTC)))
    def test_are_in_the_way_just_when_they_do_not_fit(self, moment):
        broken = any(it for _, it in CHANGE_SCHEDULE.judge(a_change(**dated(moment)), LIVE))

        assert broken is not (OPENS < moment < CLOSES)

    def test_never_come_too_late_for_a_milestone_without_an_end(self):
        (milestone,) = JANUARY.milestones
        open_ended = replace(JANUARY, milestones=(replace(milestone, end=None),))

        CHANGE_SCHEDULE.enforce(a_change(schedule=open_ended, **dated(CLOSES + timedelta(days=900))), LIVE)

    def test_of_a_type_that_the_schedule_lacks_are_told_apart(self):
        retained = replace(STARTED, type="retained-3")

        assert a_change(blocking=(STARTED, retained)).without_milestone
        assert not a_change().without_milestone
        assert not a_change().fits(retained)

    @pytest.mark.parametrize(
        "quiet",
        [
            pytest.param({"frozen_move": True}, id="a move out of a frozen cohort"),
            pytest.param({"schedule": None}, id="a schedule that does not exist"),
            pytest.param(NOBODY, id="nobody that we know"),
        ],
    )
    def test_are_not_looked_at_for(self, quiet):
        change = a_change(**{**dated(OPENS), **quiet})

        assert change.looked_at == ()
        assert not change.without_milestone

    def test_of_another_providers_participant_are(self):
        assert refusals(**dated(OPENS), induction=None, **NOWHERE) == [
            "participant.not-linked",
            "invalidates-declarations",
            "no-partnership",
        ]


class TestTheCohort:
    def test_is_fixed_by_any_live_declaration(self):
        assert refusals(cohort_now=2023) == ["cohort-fixed"]

    def test_may_change_when_nothing_counts(self):
        CHANGE_SCHEDULE.enforce(a_change(cohort_now=2023, live=(), blocking=()), LIVE)

    def test_may_change_in_a_move_that_its_closing_calls_for(self):
        CHANGE_SCHEDULE.enforce(a_change(cohort_now=2023, frozen_move=True), LIVE)

    def test_of_another_providers_participant_is_not_spoken_of(self):
        assert refusals(induction=None, cohort_now=None, **NOWHERE) == ["participant.not-linked", "no-partnership"]

    def test_is_another_one_if_it_does_not_exist(self):
        assert refusals(cohort=None, schedule=None, **NOWHERE) == ["cohort-fixed", "no-partnership"]


class TestThePresentSchedule:
    @pytest.mark.parametrize("other", ["april", "september"])
    def test_may_be_taken_by_a_provider_whose_record_has_another(self, other):
        CHANGE_SCHEDULE.enforce(a_change(present=JANUARY, induction=replace(TRAINING, schedule_id=other)), LIVE)

    def test_may_not_by_a_provider_without_a_record(self):
        assert "already-theirs" in refusals(present=JANUARY, induction=None, **NOWHERE)


class TestSeveralReasons:
    def test_come_in_the_services_order(self):
        replacement = replace(JANUARY, kind=ScheduleKind.MENTOR)
        withdrawn = replace(TRAINING, training_status=TrainingStatus.WITHDRAWN)

        assert refusals(schedule=replacement, induction=withdrawn, **dated(OPENS), cohort_now=2023, **NOWHERE) == [
            "withdrawn",
            "invalidates-declarations",
            "not-for-course",
            "cohort-fixed",
            "no-partnership",
        ]

    def test_name_the_missing_schedule_before_the_withdrawal(self):
        withdrawn = replace(TRAINING, training_status=TrainingStatus.WITHDRAWN)

        assert refusals(identifier="", schedule=None, induction=withdrawn) == ["missing", "withdrawn"]

    def test_of_the_present_schedule_come_between_declarations_and_course(self):
        replacement = replace(JANUARY, kind=ScheduleKind.MENTOR)
        theirs = replace(TRAINING, schedule_id=replacement.id)

        assert refusals(schedule=replacement, present=replacement, induction=theirs, **dated(OPENS)) == [
            "invalidates-declarations",
            "already-theirs",
            "not-for-course",
        ]

    def test_the_course_may_be_none_and_the_schedule_is_then_for_no_course(self):
        assert refusals(**NOBODY | {"user": a_change().user}, course=None) == [
            "participant.course-not-theirs",
            "participant.course-missing",
            "not-for-course",
        ]

    def test_of_the_unknown_only_what_was_sent_is_judged(self):
        assert refusals(**NOBODY, **NOWHERE, identifier=None, schedule=None) == ["participant.unknown", "missing"]

    def test_what_cannot_be_saved_is_said_alone_and_once(self):
        assert refusals(schedule=None, school_cohort=None, programme=None) == ["unknown"]
        assert refusals(school_cohort=None, programme=None) == ["no-school-cohort"]

    def test_what_cannot_be_saved_is_not_said_beside_another_reason(self):
        assert refusals(identifier="", schedule=None) == ["missing"]
        assert refusals(partnership=None, schedule=None) == ["no-partnership"]

    def test_a_reason_is_not_taken_and_nothing_else_is_looked_at(self):
        assert refusals(**NOBODY, **NOWHERE, given=frozenset({"reason"})) == ["participant.reason-not-taken"]
