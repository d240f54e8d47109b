"""Each reason to refuse a declaration, one claim at a time; the answer's order belongs to the service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.editions import EDITIONS, LIVE
from ecf_sandbox.ecf.rules import declarations as rules
from ecf_sandbox.ecf.rules.declarations import RECORD_DECLARATION, insist_on_comparable_dates
from ecf_sandbox.ecf.rules.examples.declarations import (
    COHORT,
    EXAMPLES,
    INDUCTION,
    MENTOR,
    NOBODY,
    RIVAL,
    an_attempt,
    withdrawn_on,
)
from ecf_sandbox.rulebook.refusals import BadRequest, Refused
from ecf_sandbox.state.record import replace
from tests.builders import at

# Asked only where nothing before them is wrong.
QUIET = (
    "declaration.course-unknown",
    "declaration.training-record-unknown",
    "declaration.participant-not-linked",
    "declaration.evidence-missing",
    "declaration.evidence-unknown",
    "declaration.duplicate-in-closed-cohort",
)
DETAILED = replace(COHORT, start_year=2025, detailed_evidence_types=True)


def refusals(**changes):
    """Title and rule of each refusal, in order."""
    with pytest.raises(Refused) as refused:
        RECORD_DECLARATION.enforce(an_attempt(**changes), LIVE)
    return [(it.title, it.rule.removeprefix("declaration.")) for it in refused.value.refusals]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
class TestTheRulebook:
    def test_lets_a_sound_declaration_through(self, edition):
        RECORD_DECLARATION.enforce(an_attempt(), edition)

    @pytest.mark.parametrize("rule", EXAMPLES)
    def test_has_a_smallest_change_that_breaks_one_rule_only(self, edition, rule):
        judged = RECORD_DECLARATION.judge(an_attempt(**EXAMPLES[rule]), edition)

        assert [it.id for it, broken in judged if broken] == [rule]

    def test_has_an_example_for_every_rule(self, edition):
        assert list(EXAMPLES) == [it.id for it in RECORD_DECLARATION.rules]


class TestSeveralReasons:
    def test_come_in_the_services_order(self):
        early = an_attempt(type=None, date="2024-01-01", dated=at("2024-01-01T00:00:00"), well_formed=False)

        judged = RECORD_DECLARATION.judge(early, LIVE)

        assert [it.id for it, broken in judged if broken] == [
            "declaration.type-missing",
            "declaration.date-malformed",
            "declaration.type-not-in-schedule",
        ]

    def test_of_nothing_at_all_are_three(self):
        nothing = {"course": None, "type": None, "date": None, "dated": None, "well_formed": False, "evidence": None}

        assert refusals(**nothing, **NOBODY) == [
            ("participant_id", "participant-unknown"),
            ("declaration_date", "date-missing"),
            ("declaration_type", "type-missing"),
        ]

    def test_are_not_looked_for_after_an_npq_course(self):
        assert refusals(course="npq-headship", **NOBODY) == [("course_identifier", "npq-course")]

    def test_are_not_looked_for_beside_an_npq_course(self):
        tomorrow = at("2025-02-11T12:00:00")

        assert refusals(course="npq-headship", dated=tomorrow, taken_by=RIVAL) == [("course_identifier", "npq-course")]

    @pytest.mark.parametrize("rule", QUIET)
    def test_leave_what_is_only_asked_of_an_otherwise_sound_declaration_unasked(self, rule):
        judged = RECORD_DECLARATION.judge(an_attempt(**EXAMPLES[rule], taken_by=RIVAL), LIVE)

        assert [(it.id, broken) for it, broken in judged if broken or it.id == rule] == [
            ("declaration.already-made", True),
            (rule, None),
        ]

    def test_leave_ownership_course_and_evidence_unmentioned(self):
        late = at("2025-04-01T00:00:00")

        unlinked = refusals(now=late, dated=late, linked=False, evidence=None)

        assert unlinked == [("declaration_date", "after-milestone")]

    def test_name_the_closed_cohort_before_the_taken_slot(self):
        assert refusals(statement=None, taken_by=EXAMPLES["declaration.already-made"]["taken_by"]) == [
            ("cohort", "cohort-closed"),
            ("base", "already-made"),
        ]


class TestNPQCourse:
    @pytest.mark.parametrize("course", ["NPQ-headship", "ecf-npq-x", "npq", None])
    def test_begins_with_npq_in_small_letters(self, course):
        assert not rules.npq_course.broken_by(an_attempt(course=course))


class TestTheMilestone:
    @pytest.mark.parametrize(
        ("dated", "early", "late"),
        [
            pytest.param("2024-12-31T23:59:59.999999", True, False, id="a microsecond before it opens"),
            pytest.param("2025-01-01T00:00:00", False, False, id="the moment it opens"),
            pytest.param("2025-03-31T23:59:59.999999", False, False, id="the last microsecond of its last day"),
            pytest.param("2025-04-01T00:00:00", False, True, id="the midnight after its last day"),
        ],
    )
    def test_opens_at_midnight_and_closes_at_the_end_of_its_last_day(self, dated, early, late):
        attempt = an_attempt(dated=at(dated))

        assert rules.before_milestone.broken_by(attempt) is early
        assert rules.after_milestone.broken_by(attempt) is late

    def test_without_an_end_never_closes(self):
        schedule = an_attempt().schedule
        endless = replace(schedule, milestones=tuple(replace(it, end=None) for it in schedule.milestones))

        assert not rules.after_milestone.broken_by(an_attempt(schedule=endless, dated=at("2199-01-01T00:00:00")))

    def test_does_not_matter_for_an_unreadable_date(self):
        attempt = an_attempt(dated=None)

        assert not rules.before_milestone.broken_by(attempt)
        assert not rules.after_milestone.broken_by(attempt)


class TestTheFuture:
    def test_begins_after_this_very_moment(self):
        now = at("2025-02-10T12:00:00")

        assert not rules.date_in_future.broken_by(an_attempt(now=now, dated=now))
        assert rules.date_in_future.broken_by(an_attempt(now=now, dated=now + timedelta(microseconds=1)))


class TestWithdrawn:
    WITHDRAWAL = withdrawn_on(at("2025-02-01T10:00:00.011"))

    @pytest.mark.parametrize(
        ("dated", "refused"),
        [
            pytest.param("2025-02-01T10:00:00", False, id="the second of the withdrawal, written a moment later"),
            pytest.param("2025-02-01T10:00:00.010999", False, id="a microsecond before"),
            pytest.param("2025-02-01T10:00:00.011", True, id="the very instant"),
            pytest.param("2025-02-01T10:00:01", True, id="the next second"),
        ],
    )
    def test_counts_from_the_instant_it_was_written(self, dated, refused):
        assert rules.withdrawn.broken_by(an_attempt(status=self.WITHDRAWAL, dated=at(dated))) is refused

    def test_says_nothing_of_a_declaration_without_a_date(self):
        assert not rules.withdrawn.broken_by(an_attempt(status=self.WITHDRAWAL, dated=None))

    @pytest.mark.parametrize("state", [TrainingStatus.ACTIVE, TrainingStatus.DEFERRED])
    def test_is_nothing_else_than_a_withdrawal(self, state):
        status = replace(self.WITHDRAWAL, state=state)

        assert not rules.withdrawn.broken_by(an_attempt(status=status, dated=at("2025-02-05T00:00:00")))

    def test_does_not_count_while_training_went_on(self):
        active = replace(INDUCTION, training_status=TrainingStatus.ACTIVE)

        attempt = an_attempt(status=self.WITHDRAWAL, dated=at("2025-02-05T00:00:00"), induction=active)

        assert not rules.withdrawn.broken_by(attempt)

    def test_refuses_where_the_service_crashes_for_want_of_a_record_on_that_day(self):
        assert rules.withdrawn.broken_by(
            an_attempt(status=self.WITHDRAWAL, dated=at("2025-02-05T00:00:00"), induction=None)
        )

    def test_is_told_to_the_second(self):
        refusal = rules.withdrawn.refusal(an_attempt(status=self.WITHDRAWAL))

        assert "withdrew from this course on 2025-02-01T10:00:00Z. Enter" in refusal.detail


class TestTheClosedCohort:
    def test_is_named(self):
        refusal = rules.cohort_closed.refusal(an_attempt(statement=None))

        assert refusal.detail.startswith("You cannot submit or void declarations for the 2024 cohort.")

    def test_does_not_stop_what_needs_no_statement(self):
        assert not rules.cohort_closed.broken_by(an_attempt(billed=False, statement=None))


class TestMentors:
    FUNDED = replace(COHORT, start_year=2025, mentor_funding=True)

    @pytest.mark.parametrize("type", ["retained-1", "extended-1", "retained-9", None])
    def test_of_2025_may_not_send(self, type):
        assert rules.type_not_for_mentors.broken_by(an_attempt(training=MENTOR, cohort=self.FUNDED, type=type))

    @pytest.mark.parametrize("type", ["started", "completed"])
    def test_of_2025_may_send(self, type):
        assert not rules.type_not_for_mentors.broken_by(an_attempt(training=MENTOR, cohort=self.FUNDED, type=type))

    def test_of_earlier_cohorts_may_send_any(self):
        assert not rules.type_not_for_mentors.broken_by(an_attempt(training=MENTOR))

    def test_are_not_ects(self):
        assert not rules.type_not_for_mentors.broken_by(an_attempt(cohort=self.FUNDED))


ATTENDED = ("training-event-attended", "self-study-material-completed", "other")
OFFLINE, ENGAGED, REDUCED, SHORT = (
    "materials-engaged-with-offline",
    "75-percent-engagement-met",
    "75-percent-engagement-met-reduced-induction",
    "one-term-induction",
)
ANYTHING = (*ATTENDED, OFFLINE, ENGAGED, REDUCED, SHORT, "anything")


class TestEvidence:
    @pytest.mark.parametrize(
        ("cohort", "mentor", "type", "taken"),
        [
            (COHORT, False, "started", ANYTHING),
            (COHORT, False, "retained-1", ATTENDED),
            (COHORT, True, "completed", ATTENDED),
            (DETAILED, False, "started", (*ATTENDED, OFFLINE)),
            (DETAILED, False, "retained-1", (*ATTENDED, OFFLINE)),
            (DETAILED, False, "retained-2", (ENGAGED, REDUCED)),
            (DETAILED, False, "extended-3", (*ATTENDED, OFFLINE)),
            (DETAILED, False, "completed", (ENGAGED, REDUCED, SHORT)),
            (DETAILED, True, "started", (*ATTENDED, OFFLINE)),
            (DETAILED, True, "completed", (ENGAGED, REDUCED)),
        ],
    )
    def test_is_of_a_kind_for_type_course_and_cohort(self, cohort, mentor, type, taken):
        training = MENTOR if mentor else an_attempt().training

        def refused(evidence):
            return rules.evidence_unknown.broken_by(
                an_attempt(cohort=cohort, training=training, type=type, evidence=evidence)
            )

        assert [it for it in ANYTHING if not refused(it)] == list(taken)

    @pytest.mark.parametrize("cohort", [COHORT, DETAILED])
    def test_is_needed_for_all_but_the_start(self, cohort):
        assert rules.evidence_missing.broken_by(an_attempt(cohort=cohort, evidence=None, type="completed"))
        assert not rules.evidence_missing.broken_by(an_attempt(cohort=cohort, evidence=None, type="started"))


class TestDatesThatCannotBeCompared:
    @pytest.mark.parametrize(
        ("date", "kind"), [(20241001, "number"), (0, "number"), (-1, "number"), (1.5, "number"), (True, "boolean")]
    )
    def test_are_a_bad_request_that_says_what_was_sent(self, date, kind):
        with pytest.raises(BadRequest, match=f"must be text, a {kind} cannot"):
            insist_on_comparable_dates(an_attempt(date=date, dated=None, well_formed=False))

    def test_are_those_of_a_withdrawn_participant_when_there_is_none(self):
        attempt = an_attempt(status=withdrawn_on(at("2025-01-01T00:00:00")), date="foo", dated=None)

        with pytest.raises(BadRequest, match="2025-01-01T00:00:00Z"):
            insist_on_comparable_dates(attempt)

    def test_do_not_matter_for_an_npq_course(self):
        insist_on_comparable_dates(an_attempt(course="npq-headship", date=20241001, dated=None))
