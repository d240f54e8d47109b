"""A sound deferral, resumption and withdrawal, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.rules.examples.declarations import ECT, INDUCTION, USER
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS, StatusAttempt
from ecf_sandbox.state.record import replace

TRAINING = replace(INDUCTION, training_status=TrainingStatus.ACTIVE)
DEFERRED = replace(INDUCTION, training_status=TrainingStatus.DEFERRED)
WITHDRAWN = replace(INDUCTION, training_status=TrainingStatus.WITHDRAWN)


def a_deferral(**changes: Any) -> StatusAttempt:
    """Somebody who is in training takes a break."""
    sound = StatusAttempt(
        course="ecf-induction",
        user=USER,
        enrolled=True,
        training=ECT,
        induction=TRAINING,
        given=frozenset({"course_identifier"}),
        reason="career-break",
        reasons=DEFERRAL_REASONS,
    )
    return replace(sound, **changes)


def a_resumption(**changes: Any) -> StatusAttempt:
    """Somebody who took a break is back."""
    return replace(a_deferral(induction=DEFERRED, reason=None), **changes)


def a_withdrawal(**changes: Any) -> StatusAttempt:
    """Somebody whose start was declared leaves training."""
    return replace(a_deferral(reason="moved-school", reasons=WITHDRAWAL_REASONS, started=True), **changes)


GATES: Mapping[str, dict[str, Any]] = {
    "participant.unknown": {"user": None, "enrolled": False, "training": None, "induction": None},
    "participant.course-not-theirs": {"enrolled": False},
    "participant.course-missing": {"course": ""},
    "participant.training-record-unknown": {"training": None},
    "participant.not-linked": {"induction": None},
}
DEFERRALS: Mapping[str, dict[str, Any]] = {
    "deferral.reason-missing": {"reason": "", "reasons": DEFERRAL_REASONS | {""}},
    "deferral.reason-invalid": {"reason": "moved-school"},
    "deferral.already-deferred": {"induction": DEFERRED},
    "deferral.withdrawn": {"induction": WITHDRAWN},
}
RESUMPTIONS: Mapping[str, dict[str, Any]] = {
    "participant.reason-not-taken": {"given": frozenset({"reason"})},
    "participant.schedule-not-taken": {"given": frozenset({"schedule_identifier"})},
    "participant.cohort-not-taken": {"given": frozenset({"cohort"})},
    "resumption.already-active": {"induction": TRAINING},
    "resumption.withdrawn": {"induction": WITHDRAWN},
}
WITHDRAWALS: Mapping[str, dict[str, Any]] = {
    "withdrawal.reason-missing": {"reason": "", "reasons": WITHDRAWAL_REASONS | {""}},
    "withdrawal.reason-invalid": {"reason": "career-break"},
    "withdrawal.already-withdrawn": {"induction": WITHDRAWN},
    "withdrawal.not-started": {"started": False},
}
EXAMPLES: Mapping[str, dict[str, Any]] = {**GATES, **DEFERRALS, **RESUMPTIONS, **WITHDRAWALS}
