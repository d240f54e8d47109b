"""When a deferral, a withdrawal or a resumption is refused (behaviour/rect.md#10)."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.domain.periods import contains, is_over
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank
from ecf_sandbox.state.record import Record

DEFERRAL_REASONS = frozenset({"bereavement", "long-term-sickness", "parental-leave", "career-break", "other"})
NO_LONGER_MENTOR = "mentor-no-longer-being-mentor"
WITHDRAWAL_REASONS = frozenset(
    {
        "left-teaching-profession",
        "moved-school",
        NO_LONGER_MENTOR,
        "switched-to-school-led",
        "changed-lead-provider",
        "other",
    }
)
PARTICIPANT = "participant_id"


class Whom(Record, frozen=True, kw_only=True):
    """Whose training an action is about: the kind that the course names, and the provider's that starts last of it."""

    today: date
    kind: TeacherType | None = None
    training: TrainingPeriod | None = None

    @property
    def status(self) -> TrainingStatus | None:
        """What the provider last said of the training."""
        return self.training.training_status if self.training else None

    @property
    def starts_later(self) -> bool:
        """Whether the training has not begun."""
        return self.training is not None and self.training.started_on > self.today

    @property
    def starts_today(self) -> bool:
        """Whether today is its first day, as it is after a change of schedule or a resumption."""
        return self.training is not None and self.training.started_on == self.today


class Leaving(Whom, frozen=True, kw_only=True):
    """A provider says that somebody takes a break or is gone, and why; `reasons` are those that count."""

    reason: Scalar = None
    reasons: frozenset[str] = frozenset()


class Resumption(Whom, frozen=True, kw_only=True):
    """A provider says that somebody is back. `siblings` is all other training in the same at-school period."""

    at_school: AtSchoolPeriod | None = None
    siblings: tuple[TrainingPeriod, ...] = ()


@rule(
    "participant.course-missing",
    field="course_identifier",
    detail="Enter a '#/course_identifier'.",
    source="behaviour/rect.md#10-1",
)
def course_missing(attempt: Whom) -> bool:
    """An action names one of the two courses; any other counts as none."""
    return attempt.kind is None


@rule(
    "participant.course-not-trained",
    field="course_identifier",
    detail="The entered '#/course_identifier' is not recognised for the given participant. "
    "Check details and try again.",
    source="behaviour/rect.md#10-1",
    quiet_after=("course_identifier",),
)
def course_not_trained(attempt: Whom) -> bool:
    """An action names the course on which the provider trains the participant."""
    return attempt.training is None


@rule(
    "participant.reason-missing",
    field="reason",
    detail="Enter a '#/reason'.",
    source="behaviour/rect.md#10-2, behaviour/rect.md#10-3",
)
def reason_missing(attempt: Leaving) -> bool:
    """A deferral and a withdrawal have a reason."""
    return is_blank(attempt.reason)


@rule(
    "participant.reason-unknown",
    field="reason",
    detail="The entered '#/reason' is not recognised for the given participant. Check details and try again.",
    source="behaviour/rect.md#10-2, behaviour/rect.md#10-3",
    quiet_after=("reason",),
)
def reason_unknown(attempt: Leaving) -> bool:
    """The reason is one that counts for the action."""
    return attempt.reason not in attempt.reasons


@rule(
    "participant.already-deferred",
    field=PARTICIPANT,
    detail="The '#/participant_id' is already deferred.",
    source="behaviour/rect.md#10-2",
)
def already_deferred(attempt: Whom) -> bool:
    """Whoever is deferred is not deferred again."""
    return attempt.status is TrainingStatus.DEFERRED


@rule(
    "participant.already-withdrawn",
    field=PARTICIPANT,
    detail="The '#/participant_id' is already withdrawn.",
    source="behaviour/rect.md#10-2, behaviour/rect.md#10-3",
    quiet_after=(PARTICIPANT,),
)
def already_withdrawn(attempt: Whom) -> bool:
    """Whoever is withdrawn is neither deferred nor withdrawn again."""
    return attempt.status is TrainingStatus.WITHDRAWN


@rule(
    "participant.not-begun-to-defer",
    field=PARTICIPANT,
    detail="You cannot defer #/participant_id. This is because they have not been training with you for at least one "
    "day.",
    source="behaviour/rect.md#10-2",
    quiet_after=(PARTICIPANT,),
)
def not_begun_to_defer(attempt: Whom) -> bool:
    """Somebody is deferred from training that has begun."""
    return attempt.starts_later


@rule(
    "participant.not-begun-to-withdraw",
    field=PARTICIPANT,
    detail="You cannot withdraw #/participant_id. This is because they have not been training with you for at least "
    "one day.",
    source="behaviour/rect.md#10-3",
    quiet_after=(PARTICIPANT,),
)
def not_begun_to_withdraw(attempt: Whom) -> bool:
    """Somebody is withdrawn from training that has begun."""
    return attempt.starts_later


@rule(
    "participant.begun-today",
    field=PARTICIPANT,
    detail="You cannot defer or withdraw this participant today. You need to try again tomorrow as the training was "
    "recently changed for this participant.",
    source="behaviour/rect.md#10-2, behaviour/rect.md#10-3",
    quiet_after=(PARTICIPANT,),
)
def begun_today(attempt: Whom) -> bool:
    """Training lasts a day at least: whoever began, resumed or changed schedule today has to wait until tomorrow."""
    return attempt.starts_today


@rule(
    "participant.reason-for-mentors",
    field="reason",
    detail="You cannot withdraw an ECT for this reason. The ECT is not a mentor.",
    source="behaviour/rect.md#10-3",
    when_clean=True,
)
def reason_for_mentors(attempt: Leaving) -> bool:
    """Only a mentor can stop being one."""
    return attempt.kind is TeacherType.ECT and attempt.reason == NO_LONGER_MENTOR


@rule(
    "participant.already-active",
    field=PARTICIPANT,
    detail="The '#/participant_id' is already active.",
    source="behaviour/rect.md#10-4",
)
def already_active(attempt: Resumption) -> bool:
    """Only whoever is deferred or withdrawn resumes, and not whose training has simply ended."""
    return attempt.status is TrainingStatus.ACTIVE


@rule(
    "participant.trains-elsewhere",
    field=PARTICIPANT,
    detail="This participant cannot be resumed because they are already active with another provider.",
    source="behaviour/rect.md#10-4",
    quiet_after=(PARTICIPANT,),
)
def trains_elsewhere(attempt: Resumption) -> bool:
    """Nobody resumes while they train in another way at the same school."""
    return any(contains(it, attempt.today) for it in attempt.siblings)


@rule(
    "participant.stopped-today",
    field=PARTICIPANT,
    detail="You cannot resume a participant on the same day they were withdrawn or deferred. Resume them tomorrow or "
    "later.",
    source="behaviour/rect.md#10-4",
    quiet_after=(PARTICIPANT,),
)
def stopped_today(attempt: Resumption) -> bool:
    """A break lasts until tomorrow at least."""
    return attempt.training is not None and attempt.training.finished_on == attempt.today


@rule(
    "participant.no-longer-at-school",
    field=PARTICIPANT,
    detail="The participant is no longer at the school. Please contact the induction tutor to resolve.",
    source="behaviour/rect.md#10-4",
    quiet_after=(PARTICIPANT,),
)
def no_longer_at_school(attempt: Resumption) -> bool:
    """Training is resumed at the school where it stopped."""
    return attempt.at_school is not None and is_over(attempt.at_school, attempt.today)


DEFER: Rulebook[Leaving] = Rulebook(
    "defer a participant",
    (
        course_missing,
        course_not_trained,
        reason_missing,
        reason_unknown,
        already_deferred,
        already_withdrawn,
        not_begun_to_defer,
        begun_today,
    ),
)
WITHDRAW: Rulebook[Leaving] = Rulebook(
    "withdraw a participant",
    (
        course_missing,
        course_not_trained,
        reason_missing,
        reason_unknown,
        already_withdrawn,
        not_begun_to_withdraw,
        begun_today,
        reason_for_mentors,
    ),
)
RESUME: Rulebook[Resumption] = Rulebook(
    "resume a participant",
    (course_missing, course_not_trained, already_active, trains_elsewhere, stopped_today, no_longer_at_school),
)
