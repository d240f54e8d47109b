"""When a deferral, a resumption or a withdrawal is refused, and in which order the reasons come."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.editions import EDITIONS, GUIDANCE, LIVE
from ecf_sandbox.ecf.rules.examples.participants import (
    DEFERRED,
    TRAINING,
    WITHDRAWN,
    a_deferral,
    a_resumption,
    a_withdrawal,
)
from ecf_sandbox.ecf.rules.participants import DEFER, DEFERRAL_REASONS, RESUME, WITHDRAW, WITHDRAWAL_REASONS
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace

NOBODY = {"user": None, "enrolled": False, "training": None, "induction": None}
# As the gates see somebody whose course is not the one that was sent.
WRONG_COURSE = {"enrolled": False, "training": None, "induction": None}


def refusals(book, attempt, edition=LIVE):
    """The rule of each refusal, in order."""
    with pytest.raises(Refused) as refused:
        book.enforce(attempt, edition)
    return [it.rule for it in refused.value.refusals]


class TestTheGates:
    def test_of_the_unknown_the_course_is_only_asked_for_not_looked_up(self):
        assert refusals(RESUME, a_resumption(**NOBODY, course=None)) == [
            "participant.unknown",
            "participant.course-missing",
        ]

    def test_a_missing_course_is_also_one_that_is_not_theirs(self):
        assert refusals(RESUME, a_resumption(**WRONG_COURSE, course=None)) == [
            "participant.course-not-theirs",
            "participant.course-missing",
        ]

    def test_say_nothing_of_the_provider_once_something_else_is_wrong(self):
        assert refusals(RESUME, a_resumption(**WRONG_COURSE)) == ["participant.course-not-theirs"]

    @pytest.mark.parametrize("course", [None, "", "  ", False], ids=repr)
    def test_take_nothing_and_blanks_for_a_missing_course(self, course):
        assert "participant.course-missing" in refusals(RESUME, a_resumption(**WRONG_COURSE, course=course))

    @pytest.mark.parametrize("course", [0, 5, True, "ECF-INDUCTION"], ids=repr)
    def test_take_anything_else_for_a_course_that_is_not_theirs(self, course):
        assert refusals(RESUME, a_resumption(**WRONG_COURSE, course=course)) == ["participant.course-not-theirs"]

    def test_an_id_that_leads_to_no_record_and_another_providers_participant_read_the_same(self):
        with pytest.raises(Refused) as nowhere:
            RESUME.enforce(a_resumption(training=None, induction=None), LIVE)
        with pytest.raises(Refused) as elsewhere:
            RESUME.enforce(a_resumption(induction=None), LIVE)

        assert [(it.title, it.detail) for it in nowhere.value.refusals] == [
            (it.title, it.detail) for it in elsewhere.value.refusals
        ]


class TestWhatAnActionTakes:
    @pytest.mark.parametrize(("book", "attempt"), [(DEFER, a_deferral()), (WITHDRAW, a_withdrawal())])
    def test_a_deferral_and_a_withdrawal_take_a_reason(self, book, attempt):
        book.enforce(replace(attempt, given=frozenset({"course_identifier", "reason"})), LIVE)

    @pytest.mark.parametrize("name", ["schedule_identifier", "cohort"])
    @pytest.mark.parametrize(
        ("book", "attempt"), [(DEFER, a_deferral()), (RESUME, a_resumption()), (WITHDRAW, a_withdrawal())]
    )
    def test_none_takes_a_schedule_or_a_cohort_and_the_refusal_names_it(self, book, attempt, name):
        with pytest.raises(Refused) as refused:
            book.enforce(replace(attempt, given=frozenset({name})), LIVE)

        (refusal,) = refused.value.refusals
        assert refusal.title == name
        assert f"'#/{name}'" in refusal.detail

    def test_nothing_else_is_looked_at_then(self):
        assert refusals(RESUME, a_resumption(**NOBODY, given=frozenset({"reason", "cohort"}))) == [
            "participant.reason-not-taken"
        ]

    @pytest.mark.parametrize(
        ("book", "attempt", "told"),
        [
            (DEFER, a_deferral(), ["participant.unknown", "deferral.reason-missing", "deferral.reason-invalid"]),
            (RESUME, a_resumption(), ["participant.unknown"]),
            (WITHDRAW, a_withdrawal(), ["participant.unknown"]),
        ],
    )
    def test_whom_it_is_about_comes_before_what_is_said_of_them(self, book, attempt, told):
        assert refusals(book, replace(attempt, reason=None, **NOBODY)) == told

    @pytest.mark.parametrize(
        ("book", "attempt"), [(DEFER, a_deferral()), (RESUME, a_resumption()), (WITHDRAW, a_withdrawal())]
    )
    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"schedule_identifier"}, "participant.schedule-not-taken"),
            ({"cohort"}, "participant.cohort-not-taken"),
            ({"cohort", "schedule_identifier"}, "participant.schedule-not-taken"),
        ],
        ids=["a schedule", "a cohort", "both"],
    )
    def test_nor_beside_a_schedule_or_a_cohort(self, book, attempt, given, rule):
        assert refusals(book, replace(attempt, **NOBODY, given=frozenset(given))) == [rule]

    def test_a_reason_is_named_before_a_schedule(self):
        given = frozenset({"reason", "schedule_identifier", "cohort"})

        assert refusals(RESUME, a_resumption(given=given)) == ["participant.reason-not-taken"]

    def test_a_missing_course_is_named_before_the_status(self):
        assert refusals(RESUME, a_resumption(course="", induction=TRAINING)) == [
            "participant.course-missing",
            "resumption.already-active",
        ]


class TestDeferring:
    @pytest.mark.parametrize("reason", sorted(DEFERRAL_REASONS))
    def test_takes_every_reason_of_its_own(self, reason):
        DEFER.enforce(a_deferral(reason=reason), LIVE)

    @pytest.mark.parametrize("reason", [None, "", " ", False], ids=repr)
    def test_a_missing_reason_is_missing_and_invalid(self, reason):
        assert refusals(DEFER, a_deferral(reason=reason)) == ["deferral.reason-missing", "deferral.reason-invalid"]

    @pytest.mark.parametrize("reason", ["holiday", "moved-school", "OTHER", "other ", 0, True], ids=repr)
    def test_anything_else_is_invalid_only(self, reason):
        assert refusals(DEFER, a_deferral(reason=reason)) == ["deferral.reason-invalid"]

    def test_looks_at_the_reason_even_of_somebody_unknown(self):
        assert refusals(DEFER, a_deferral(**NOBODY, reason="holiday")) == [
            "participant.unknown",
            "deferral.reason-invalid",
        ]

    def test_names_the_reason_before_the_status(self):
        assert refusals(DEFER, a_deferral(induction=DEFERRED, reason="holiday")) == [
            "deferral.reason-invalid",
            "deferral.already-deferred",
        ]

    def test_asks_another_providers_participant_nothing_about_their_status(self):
        assert refusals(DEFER, a_deferral(induction=None)) == ["participant.not-linked"]


class TestWithdrawing:
    @pytest.mark.parametrize("reason", sorted(WITHDRAWAL_REASONS))
    def test_takes_every_reason_of_its_own(self, reason):
        WITHDRAW.enforce(a_withdrawal(reason=reason), GUIDANCE)

    def test_looks_at_no_reason_of_somebody_unknown(self):
        assert refusals(WITHDRAW, a_withdrawal(**NOBODY, reason=None)) == ["participant.unknown"]

    def test_names_whom_it_is_not_about_before_the_missing_reason(self):
        assert refusals(WITHDRAW, a_withdrawal(induction=None, reason=None)) == [
            "participant.not-linked",
            "withdrawal.reason-missing",
            "withdrawal.reason-invalid",
        ]

    def test_looks_at_the_reason_for_another_providers_participant(self):
        assert refusals(WITHDRAW, a_withdrawal(induction=None, reason="holiday")) == [
            "participant.not-linked",
            "withdrawal.reason-invalid",
        ]

    @pytest.mark.parametrize("induction", [TRAINING, DEFERRED], ids=["in training", "deferred"])
    def test_is_for_whoever_has_not_withdrawn(self, induction):
        WITHDRAW.enforce(a_withdrawal(induction=induction), GUIDANCE)

    def test_needs_a_started_declaration_in_the_guidance_alone(self):
        WITHDRAW.enforce(a_withdrawal(started=False), LIVE)

        assert refusals(WITHDRAW, a_withdrawal(started=False), GUIDANCE) == ["withdrawal.not-started"]

    def test_asks_for_the_start_last(self):
        attempt = a_withdrawal(started=False, induction=WITHDRAWN, reason=None)

        assert refusals(WITHDRAW, attempt, GUIDANCE) == [
            "withdrawal.reason-missing",
            "withdrawal.reason-invalid",
            "withdrawal.already-withdrawn",
            "withdrawal.not-started",
        ]

    def test_does_not_ask_for_the_start_of_somebody_unknown(self):
        assert refusals(WITHDRAW, a_withdrawal(**NOBODY, started=False), GUIDANCE) == ["participant.unknown"]


class TestResuming:
    @pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
    def test_follows_a_break(self, edition):
        RESUME.enforce(a_resumption(), edition)

    def test_follows_a_withdrawal_in_the_live_service_alone(self):
        RESUME.enforce(a_resumption(induction=WITHDRAWN), LIVE)

        assert refusals(RESUME, a_resumption(induction=WITHDRAWN), GUIDANCE) == ["resumption.withdrawn"]
