"""Each reason to refuse a declaration to RECT, at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ecf_sandbox.rect.domain.contracts import Milestone
from ecf_sandbox.rect.domain.declarations import TYPES
from ecf_sandbox.rect.domain.declared_dates import DeclaredDate
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.rules.declarations import RECORD_DECLARATION
from ecf_sandbox.rect.rules.examples.declarations import OF_A_MENTOR, WITHDRAWN, an_attempt, dated
from ecf_sandbox.rect.rules.examples.people import COHORT, NOW, SEPTEMBER, STARTED_MADE, TRAINING
from ecf_sandbox.state.record import replace

CLASSIC = replace(COHORT, year=2024, detailed_evidence=False, mentor_funding=False)
SUMMER = Milestone(declaration_type="started", start_date=date(2025, 6, 1), milestone_date=date(2025, 8, 31))


def broken(**changes):
    """The rules that an attempt breaks, in order and without their prefix."""
    judged = RECORD_DECLARATION.judge(an_attempt(**changes), GUIDANCE)
    return [rule.id.removeprefix("declaration.") for rule, wrong in judged if wrong]


def at(text):
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return DeclaredDate(judged=moment, kept=moment, well_formed=True)


class TestTheMilestone:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            pytest.param("2025-05-31T22:59:59", ["before-milestone"], id="the second before the first day in summer"),
            pytest.param("2025-05-31T23:00:00", [], id="midnight in summer, an hour earlier in UTC"),
            pytest.param("2025-08-31T22:59:59.999998", [], id="just before the last microsecond"),
            pytest.param("2025-08-31T22:59:59.999999", ["after-milestone"], id="the last microsecond"),
            pytest.param("2025-08-31T23:00:00", ["after-milestone"], id="the midnight after"),
        ],
    )
    def test_has_its_days_in_the_united_kingdom(self, moment, expected):
        assert broken(schedule=replace(SEPTEMBER, milestones=(SUMMER,)), dated=at(moment)) == expected

    def test_without_a_last_day_is_open(self):
        endless = replace(SUMMER, milestone_date=None)

        assert broken(schedule=replace(SEPTEMBER, milestones=(endless,)), dated=at("2026-05-12T12:00:00")) == []


class TestTheFuture:
    def test_does_not_begin_before_the_present_is_over(self):
        assert broken(dated=DeclaredDate(judged=NOW, kept=NOW, well_formed=True)) == []

    def test_is_not_declared(self):
        later = NOW + timedelta(seconds=1)

        assert broken(dated=DeclaredDate(judged=later, kept=later, well_formed=True)) == ["date-in-future"]


class TestTheSlot:
    def test_leaves_a_date_that_nobody_can_read_to_the_rule_of_form(self):
        assert broken(taken_by=STARTED_MADE, date="abc", dated=None) == ["already-made", "date-malformed"]

    def test_is_not_looked_up_without_a_type(self):
        assert broken(taken_by=STARTED_MADE, type="finished") == ["type-unknown"]


class TestEvidence:
    @pytest.mark.parametrize(
        ("type", "kind", "taken"),
        [
            ("started", "ect", {"training-event-attended", "materials-engaged-with-offline", "other"}),
            ("retained-1", "ect", {"training-event-attended", "materials-engaged-with-offline", "other"}),
            ("retained-2", "ect", {"75-percent-engagement-met", "75-percent-engagement-met-reduced-induction"}),
            ("completed", "ect", {"75-percent-engagement-met", "one-term-induction"}),
            ("started", "mentor", {"training-event-attended", "materials-engaged-with-offline", "other"}),
            ("completed", "mentor", {"75-percent-engagement-met"}),
        ],
    )
    def test_from_2025_depends_on_type_and_course(self, type, kind, taken):
        of = OF_A_MENTOR if kind == "mentor" else {}
        values = {
            *("training-event-attended", "self-study-material-completed", "materials-engaged-with-offline", "other"),
            *("75-percent-engagement-met", "75-percent-engagement-met-reduced-induction", "one-term-induction"),
        }

        accepted = {it for it in values if not broken(type=type, evidence=it, **of)}

        assert taken <= accepted
        assert ("one-term-induction" in accepted) is ((type, kind) == ("completed", "ect"))

    def test_of_the_start_is_dropped_up_to_2024(self):
        attempt = an_attempt(contract_period=CLASSIC, evidence="anything")

        assert broken(contract_period=CLASSIC, evidence="anything") == []
        assert attempt.kept_evidence is None

    def test_of_anything_else_is_needed_up_to_2024(self):
        assert broken(contract_period=CLASSIC, type="retained-1", evidence=None) == ["evidence-missing"]

    @pytest.mark.parametrize("blank", [None, "", "  "])
    def test_can_be_missing_in_several_ways(self, blank):
        assert broken(evidence=blank) == ["evidence-missing"]

    def test_is_not_asked_for_where_something_else_is_wrong(self):
        assert broken(evidence=None, type="finished") == ["type-unknown"]


class TestWithdrawal:
    def test_lets_pass_what_happened_before(self):
        assert broken(training=WITHDRAWN, dated=at("2026-01-08T23:59:59")) == []

    def test_refuses_its_own_moment(self):
        assert broken(training=WITHDRAWN, dated=at("2026-01-09T00:00:00")) == ["withdrawn"]

    def test_counts_only_if_no_deferral_came_later(self):
        deferred = replace(WITHDRAWN, deferred_at=datetime(2026, 1, 10, tzinfo=UTC), deferral_reason="other")

        assert broken(training=deferred) == []


class TestMentors:
    @pytest.mark.parametrize("type", [it for it in TYPES[:6] if it not in ("started", "completed")])
    def test_of_2025_are_not_retained(self, type):
        assert broken(type=type, **OF_A_MENTOR) == ["type-not-for-mentors"]

    def test_of_2024_are(self):
        assert broken(type="retained-1", contract_period=CLASSIC, **OF_A_MENTOR) == []


class TestSequence:
    def test_lets_pass_an_equal_date(self):
        moment = dated(2026, 1, 10).judged

        assert broken(earlier=(moment,), later=(moment,)) == []

    def test_is_kept_on_both_sides(self):
        moment = dated(2026, 1, 10).judged

        assert broken(earlier=(moment + timedelta(seconds=1),)) == ["out-of-sequence"]
        assert broken(later=(moment - timedelta(seconds=1),)) == ["out-of-sequence"]

    def test_is_free_up_to_2024(self):
        assert broken(contract_period=CLASSIC, later=(dated(2025, 1, 1).judged,)) == []


class TestTheLedger:
    def test_says_first_who_is_missing(self):
        assert broken(participant_id=None, teacher=None, kind=None, date=None, dated=None, type=None) == [
            "participant-missing"
        ]

    def test_takes_a_strange_course_for_a_mentors_at_the_slot(self):
        assert broken(kind=None, training=None, taken_by=STARTED_MADE) == ["course-missing", "already-made"]

    def test_tells_a_provider_that_never_trained_somebody_last(self):
        assert broken(trained=False, training=None, schedule=None, evidence=None) == ["never-trained"]

    def test_names_the_closed_cohort_beside_missing_evidence(self):
        assert broken(evidence=None, statement=None) == ["evidence-missing", "cohort-closed"]

    def test_needs_no_statement_for_whoever_is_not_eligible(self):
        assert broken(fundable=False, statement=None) == []

    def test_names_the_frozen_cohort_only_once(self):
        assert broken(frozen_year=2025, statement=None) == ["cohort-frozen"]

    def test_names_the_withdrawal_before_the_frozen_cohort(self):
        assert broken(training=WITHDRAWN, frozen_year=2025) == ["withdrawn", "cohort-frozen"]

    def test_says_nothing_of_the_form_of_a_date_outside_the_milestone(self):
        late = replace(at("2025-09-01T12:00:00"), well_formed=False)

        assert broken(schedule=replace(SEPTEMBER, milestones=(SUMMER,)), dated=late) == ["after-milestone"]

    def test_shows_the_moment_of_the_withdrawal(self):
        assert an_attempt(training=WITHDRAWN).withdrawn_at == "2026-01-09T00:00:00Z"

    def test_asks_for_a_milestone_only_where_nothing_else_is_wrong(self):
        without = replace(SEPTEMBER, milestones=SEPTEMBER.milestones[1:])

        assert broken(schedule=without, statement=None) == ["cohort-closed"]


def test_an_ect_is_no_mentor():
    assert broken(type="retained-1", kind=TeacherType.ECT, training=TRAINING) == []
