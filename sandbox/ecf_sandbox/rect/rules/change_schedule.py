"""When a change of schedule is refused (behaviour/rect.md#10-5)."""

from __future__ import annotations

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Schedule
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingStatus
from ecf_sandbox.rect.rules.participants import PARTICIPANT, Whom, course_missing, course_not_trained
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank

SCHEDULE, COHORT = "schedule_identifier", "cohort"
IDENTIFIERS = frozenset(
    f"ecf-{kind}-{month}"
    for kind in ("standard", "extended", "reduced", "replacement")
    for month in ("september", "january", "april")
)
_NO_SCHEDULE = "The property '#/schedule_identifier' must be present and correspond to a valid schedule."


class ScheduleChange(Whom, frozen=True, kw_only=True):
    """A wish to put somebody on another schedule, perhaps in another cohort.

    `schedule` is the one asked for in the cohort that is meant, `present` the one they are on. `moves` says that the
    cohort changes, and then `partnership` is the one that would train them there. `remembered` says that the cohort
    meant is the frozen one that they came from. `frozen` says that its payments have ended. `orphans` says that
    declarations of this very training would fall outside the new schedule. `completed` and `left` say how the
    participant stands, `joins_later` that other training of theirs starts later.
    """

    identifier: Scalar = None
    contract_period: ContractPeriod | None = None
    schedule: Schedule | None = None
    present: Schedule | None = None
    moves: bool = False
    partnership: SchoolPartnership | None = None
    frozen: bool = False
    remembered: bool = False
    orphans: bool = False
    completed: bool = False
    left: bool = False
    joins_later: bool = False

    @property
    def may_still_change(self) -> bool:
        """Whether the change is the one that is open to whoever has completed: an ECT to a reduced schedule."""
        return self.kind is TeacherType.ECT and self.schedule is not None and self.schedule.reduced


@rule("schedule.missing", field=SCHEDULE, detail=_NO_SCHEDULE, source="behaviour/rect.md#10-5")
def schedule_missing(attempt: ScheduleChange) -> bool:
    """A change of schedule names one."""
    return is_blank(attempt.identifier)


@rule(
    "schedule.unknown",
    field=SCHEDULE,
    detail="Enter a valid schedule identifier.",
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def schedule_unknown(attempt: ScheduleChange) -> bool:
    """The schedule is one of the twelve."""
    return attempt.identifier not in IDENTIFIERS


@rule(
    "schedule.not-in-cohort",
    field=SCHEDULE,
    detail=_NO_SCHEDULE,
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def schedule_not_in_cohort(attempt: ScheduleChange) -> bool:
    """The cohort has the schedule."""
    return attempt.schedule is None


@rule(
    "schedule.already-on-it",
    field=SCHEDULE,
    detail="Selected schedule is already on the profile",
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def already_on_it(attempt: ScheduleChange) -> bool:
    """A change of schedule changes something."""
    return attempt.training is not None and attempt.schedule == attempt.present


@rule(
    "schedule.replacement-for-ect",
    field=SCHEDULE,
    detail="Selected schedule is not valid for the course_identifier",
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def replacement_for_ect(attempt: ScheduleChange) -> bool:
    """A replacement schedule is for mentors who take over from another."""
    return attempt.kind is TeacherType.ECT and attempt.schedule is not None and attempt.schedule.replacement


@rule(
    "schedule.reduced-for-mentor",
    field=SCHEDULE,
    detail="Mentors cannot be placed on a reduced schedule. Assign them to a different schedule.",
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def reduced_for_mentor(attempt: ScheduleChange) -> bool:
    """A reduced schedule is for ECTs, whose induction can be shortened."""
    return attempt.kind is TeacherType.MENTOR and attempt.schedule is not None and attempt.schedule.reduced


@rule(
    "schedule.orphans-declarations",
    field=SCHEDULE,
    detail="The change of schedule cannot be applied because a previous change of schedule and a declaration were made "
    "on the same day. Applying another change of schedule would invalidate existing declarations. "
    "Please contact DfE for assistance.",
    source="behaviour/rect.md#10-5",
    quiet_after=(SCHEDULE,),
)
def orphans_declarations(attempt: ScheduleChange) -> bool:
    """Training that is changed in place keeps its declarations, so they have to fit the new schedule."""
    return attempt.orphans


@rule(
    "schedule.no-partnership",
    field=COHORT,
    detail="You cannot change a participant to this contract_period as you do not have a partnership with the school "
    "for the contract_period. Contact the DfE for assistance.",
    source="behaviour/rect.md#10-5",
)
def no_partnership(attempt: ScheduleChange) -> bool:
    """Whoever changes cohort needs the provider's partnership with their school in the new one."""
    return attempt.training is not None and attempt.moves and attempt.partnership is None


@rule(
    "schedule.cohort-frozen",
    field=COHORT,
    detail="You cannot move a participant to a payments frozen cohort unless they previously belonged to that cohort.",
    source="behaviour/rect.md#10-5",
    quiet_after=(COHORT,),
)
def cohort_frozen(attempt: ScheduleChange) -> bool:
    """Nobody is put into a cohort whose payments have ended, unless they came from it."""
    return attempt.training is not None and attempt.frozen and not attempt.remembered


@rule(
    "schedule.completed",
    field=PARTICIPANT,
    detail="You cannot change this participant's schedule as they have completed their training or induction.",
    source="behaviour/rect.md#10-5",
)
def completed(attempt: ScheduleChange) -> bool:
    """Whoever has completed keeps their schedule, unless it turns out that the induction was a reduced one."""
    return attempt.training is not None and attempt.completed and not attempt.may_still_change


@rule(
    "schedule.left",
    field=PARTICIPANT,
    detail="You cannot change this participant's schedule. This is because the participant has a 'left' "
    "participant_status, so they are not training with you currently.",
    source="behaviour/rect.md#10-5",
    quiet_after=(PARTICIPANT,),
)
def left(attempt: ScheduleChange) -> bool:
    """Only whoever trains, or will train, changes schedule."""
    return attempt.training is not None and attempt.left


@rule(
    "schedule.withdrawn",
    field=PARTICIPANT,
    detail="Cannot perform actions on a withdrawn participant",
    source="behaviour/rect.md#10-5",
    quiet_after=(PARTICIPANT,),
)
def withdrawn(attempt: ScheduleChange) -> bool:
    """Whoever is withdrawn keeps the schedule that they had."""
    return attempt.status is TrainingStatus.WITHDRAWN


@rule(
    "schedule.joins-another-later",
    field=PARTICIPANT,
    detail="You cannot change this participant's schedule as they are due to start with another lead provider in the "
    "future.",
    source="behaviour/rect.md#10-5",
    quiet_after=(PARTICIPANT,),
)
def joins_another_later(attempt: ScheduleChange) -> bool:
    """Whoever is about to train elsewhere keeps their schedule until then."""
    return attempt.training is not None and attempt.joins_later


CHANGE_SCHEDULE: Rulebook[ScheduleChange] = Rulebook(
    "change a participant's schedule",
    (
        course_missing,
        course_not_trained,
        schedule_missing,
        schedule_unknown,
        schedule_not_in_cohort,
        already_on_it,
        replacement_for_ect,
        reduced_for_mentor,
        orphans_declarations,
        no_partnership,
        cohort_frozen,
        completed,
        left,
        withdrawn,
        joins_another_later,
    ),
)
