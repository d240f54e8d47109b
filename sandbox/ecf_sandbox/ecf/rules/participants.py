"""When a defer, a resume or a withdrawal is refused (behaviour/participants.md#6)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.participants import InductionRecord, TrainingRecord, TrainingStatus, User
from ecf_sandbox.rulebook.rule import Rule, Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank
from ecf_sandbox.state.record import Record

DEFERRAL_REASONS = frozenset({"bereavement", "long-term-sickness", "parental-leave", "career-break", "other"})
WITHDRAWAL_REASONS = frozenset({"left-teaching-profession", "moved-school", "mentor-no-longer-being-mentor", "other"})
SCHOOL_LEFT_FIP, SWITCHED_TO_SCHOOL_LED = "school-left-fip", "switched-to-school-led"

UNRECOGNISED = (
    "Your update cannot be made as the '#/participant_id' is not recognised. Check participant details and try again."
)


class Whom(Record, frozen=True, kw_only=True):
    """Whom an update is about, and what the provider has to do with them.

    `user` is whom the participant id means; `enrolled` says that they have an active record of the course, `training`
    is the one that the id leads to, `induction` the provider's latest record of it. `given` are the names of the
    attributes that were sent.
    """

    course: Scalar
    user: User | None
    enrolled: bool
    training: TrainingRecord | None
    induction: InductionRecord | None
    given: frozenset[str] = frozenset()

    @property
    def training_status(self) -> TrainingStatus | None:
        """What the provider last said about the participant's training."""
        return self.induction.training_status if self.induction is not None else None


class StatusAttempt(Whom, frozen=True, kw_only=True):
    """A provider says that somebody deferred, resumed or withdrew; `reasons` are those that count."""

    reason: Scalar = None
    reasons: frozenset[str] = frozenset()
    started: bool = False


@rule(
    "participant.reason-not-taken",
    field="reason",
    detail="This action takes no '#/reason'. Leave it out and try again.",
    source="behaviour/participants.md#6-2, where the service crashes",
    alone=True,
)
def reason_not_taken(attempt: Whom) -> bool:
    """Only a deferral and a withdrawal have a reason."""
    return "reason" in attempt.given


@rule(
    "participant.schedule-not-taken",
    field="schedule_identifier",
    detail="This action takes no '#/schedule_identifier'. Leave it out and try again.",
    source="behaviour/participants.md#6-2, where the service crashes",
    alone=True,
)
def schedule_not_taken(attempt: Whom) -> bool:
    """Only a change of schedule names a schedule."""
    return "schedule_identifier" in attempt.given


@rule(
    "participant.cohort-not-taken",
    field="cohort",
    detail="This action takes no '#/cohort'. Leave it out and try again.",
    source="behaviour/participants.md#6-2, where the service crashes",
    alone=True,
)
def cohort_not_taken(attempt: Whom) -> bool:
    """Only a change of schedule names a cohort."""
    return "cohort" in attempt.given


@rule(
    "participant.unknown",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/participants.md#6-3-g1",
)
def unknown(attempt: Whom) -> bool:
    """An update is about somebody whom the service knows, by their present or a retired participant id."""
    return attempt.user is None


@rule(
    "participant.course-not-theirs",
    field="course_identifier",
    detail="The entered '#/course_identifier' is not recognised for the given participant. "
    "Check details and try again.",
    source="behaviour/participants.md#6-3-g2",
    when_clean=True,
)
def course_not_theirs(attempt: Whom) -> bool:
    """The participant trains on the course, and their school has not removed them from it."""
    return not attempt.enrolled


@rule(
    "participant.course-missing",
    field="course_identifier",
    detail="Enter a '#/course_identifier' value for this participant.",
    source="behaviour/participants.md#6-3-g3",
)
def course_missing(attempt: Whom) -> bool:
    """An update says which course it is about."""
    return is_blank(attempt.course)


@rule(
    "participant.training-record-unknown",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/participants.md#6-3-g4",
    when_clean=True,
)
def training_record_unknown(attempt: Whom) -> bool:
    """The participant id given leads to the person's active training record."""
    return attempt.training is None


@rule(
    "participant.not-linked",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/participants.md#6-3-g5",
    when_clean=True,
)
def not_linked(attempt: Whom) -> bool:
    """The provider trains the participant, or has trained them."""
    return attempt.induction is None


GATES: tuple[Rule[Whom], ...] = (unknown, course_not_theirs, course_missing, training_record_unknown, not_linked)

_REASON_MISSING = "The property '#/reason' must be present"
_REASON_INVALID = "The property '#/reason' must be a valid reason"


@rule("deferral.reason-missing", field="reason", detail=_REASON_MISSING, source="behaviour/participants.md#6-5-d1")
def deferral_reason_missing(attempt: StatusAttempt) -> bool:
    """A deferral has a reason."""
    return is_blank(attempt.reason)


@rule("deferral.reason-invalid", field="reason", detail=_REASON_INVALID, source="behaviour/participants.md#6-5-d2")
def deferral_reason_invalid(attempt: StatusAttempt) -> bool:
    """The reason for a deferral is one of those that the DfE knows."""
    return attempt.reason not in attempt.reasons


@rule(
    "deferral.already-deferred",
    field="participant_profile",
    detail="The participant is already deferred",
    source="behaviour/participants.md#6-5-d3",
)
def already_deferred(attempt: StatusAttempt) -> bool:
    """Somebody who has deferred resumes before they defer again."""
    return attempt.training_status is TrainingStatus.DEFERRED


@rule(
    "deferral.withdrawn",
    field="participant_profile",
    detail="The participant is already withdrawn",
    source="behaviour/participants.md#6-5-d4",
)
def deferral_of_withdrawn(attempt: StatusAttempt) -> bool:
    """Somebody who has withdrawn cannot take a break."""
    return attempt.training_status is TrainingStatus.WITHDRAWN


@rule("withdrawal.reason-missing", field="reason", detail=_REASON_MISSING, source="behaviour/participants.md#6-6-w1")
def withdrawal_reason_missing(attempt: StatusAttempt) -> bool:
    """A withdrawal has a reason."""
    return attempt.training is not None and is_blank(attempt.reason)


@rule("withdrawal.reason-invalid", field="reason", detail=_REASON_INVALID, source="behaviour/participants.md#6-6-w2")
def withdrawal_reason_invalid(attempt: StatusAttempt) -> bool:
    """The reason for a withdrawal is one of those that the DfE knows."""
    return attempt.training is not None and attempt.reason not in attempt.reasons


@rule(
    "withdrawal.already-withdrawn",
    field="participant_profile",
    detail="The participant is already withdrawn",
    source="behaviour/participants.md#6-6-w3",
)
def already_withdrawn(attempt: StatusAttempt) -> bool:
    """Somebody withdraws once, until they resume."""
    return attempt.training_status is TrainingStatus.WITHDRAWN


@rule(
    "withdrawal.not-started",
    field="participant_profile",
    detail="A participant who has not got a started declaration cannot be withdrawn. "
    "Please contact support for assistance",
    source="behaviour/editions.md#withdrawal-needs-started; "
    "guidance: Notify DfE a participant has withdrawn from training",
    switch="withdrawal_needs_started",
)
def not_started(attempt: StatusAttempt) -> bool:
    """Only somebody whose start was declared, by whichever provider, can be withdrawn through the API."""
    return attempt.training is not None and not attempt.started


@rule(
    "resumption.already-active",
    field="participant_profile",
    detail="The participant is already active",
    source="behaviour/participants.md#6-7-r1",
)
def already_active(attempt: StatusAttempt) -> bool:
    """Only somebody who is not in training can resume it."""
    return attempt.training_status is TrainingStatus.ACTIVE


@rule(
    "resumption.withdrawn",
    field="participant_profile",
    detail="Cannot resume a withdrawn participant",
    source="behaviour/editions.md#withdrawn-may-resume; guidance: Notify DfE a participant has resumed training",
    unless="withdrawn_may_resume",
)
def resumption_of_withdrawn(attempt: StatusAttempt) -> bool:
    """Somebody resumes after a break, not after they have withdrawn."""
    return attempt.training_status is TrainingStatus.WITHDRAWN


DEFER: Rulebook[StatusAttempt] = Rulebook(
    "defer a participant",
    (
        schedule_not_taken,
        cohort_not_taken,
        *GATES,
        deferral_reason_missing,
        deferral_reason_invalid,
        already_deferred,
        deferral_of_withdrawn,
    ),
)
RESUME: Rulebook[StatusAttempt] = Rulebook(
    "resume a participant",
    (reason_not_taken, schedule_not_taken, cohort_not_taken, *GATES, already_active, resumption_of_withdrawn),
)
WITHDRAW: Rulebook[StatusAttempt] = Rulebook(
    "withdraw a participant",
    (
        schedule_not_taken,
        cohort_not_taken,
        *GATES,
        withdrawal_reason_missing,
        withdrawal_reason_invalid,
        already_withdrawn,
        not_started,
    ),
)
