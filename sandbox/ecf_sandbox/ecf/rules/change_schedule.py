"""When a change of schedule is refused (behaviour/participants.md#7)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, SchoolCohort
from ecf_sandbox.ecf.rules.participants import GATES, Whom, reason_not_taken
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank


class ScheduleChange(Whom, frozen=True, kw_only=True):
    """A provider moves somebody to another schedule, perhaps of another cohort.

    `schedule` and `cohort` are what is meant, if it exists; `present` is the training record's schedule, `cohort_now`
    the cohort of the schedule by which the provider trains. `live` are the declarations that occupy a milestone,
    `blocking` those among them that must fit the new schedule. `frozen_move` is a move that closing a cohort calls
    for. `partnership` lets the provider train the participant there; `school_cohort` and `programme` are what the
    training record would move to.
    """

    identifier: Scalar
    schedule: Schedule | None
    cohort: Cohort | None
    present: Schedule | None = None
    cohort_now: int | None = None
    live: tuple[Declaration, ...] = ()
    blocking: tuple[Declaration, ...] = ()
    frozen_move: bool = False
    partnership: Partnership | None = None
    school_cohort: SchoolCohort | None = None
    programme: Programme | None = None

    @property
    def year(self) -> int | None:
        """The cohort to train with."""
        return self.cohort.start_year if self.cohort else None

    @property
    def looked_at(self) -> tuple[Declaration, ...]:
        """The declarations that must fit the new schedule; none where a closing cohort is left or returned to."""
        return () if self.schedule is None or self.frozen_move else self.blocking

    @property
    def without_milestone(self) -> bool:
        """Whether one of them is of a type that the new schedule has not got."""
        schedule = self.schedule
        return schedule is not None and any(schedule.milestone(it.type) is None for it in self.looked_at)

    def fits(self, declaration: Declaration) -> bool:
        """Whether a declaration lies within its milestone of the new schedule.

        Unlike a new declaration, one in the very first moment does not fit (behaviour/participants.md#7-2-s3).
        """
        milestone = self.schedule.milestone(declaration.type) if self.schedule else None
        if milestone is None:
            return False
        closes = milestone.closes
        return milestone.opens < declaration.date and (closes is None or declaration.date < closes)


@rule(
    "schedule.missing",
    field="schedule_identifier",
    detail="The property '#/schedule_identifier' must be present and correspond to a valid schedule",
    source="behaviour/participants.md#7-2-s1",
)
def missing(change: ScheduleChange) -> bool:
    """A change of schedule names the new schedule."""
    return is_blank(change.identifier)


@rule(
    "schedule.withdrawn",
    field="participant_id",
    detail="Cannot perform actions on a withdrawn participant",
    source="behaviour/participants.md#7-2-s2",
)
def withdrawn(change: ScheduleChange) -> bool:
    """Somebody who has withdrawn resumes before their schedule changes."""
    return change.training_status is TrainingStatus.WITHDRAWN


@rule(
    "schedule.invalidates-declarations",
    field="schedule_identifier",
    detail="Changing schedule would invalidate existing declarations. Please void them first.",
    source="behaviour/participants.md#7-2-s3",
)
def invalidates_declarations(change: ScheduleChange) -> bool:
    """Every declaration that counts lies within its milestone of the new schedule."""
    return not all(change.fits(it) for it in change.looked_at)


@rule(
    "schedule.already-theirs",
    field="schedule_identifier",
    detail="Selected schedule is already on the profile",
    source="behaviour/participants.md#7-2-s4",
)
def already_theirs(change: ScheduleChange) -> bool:
    """A change changes something."""
    if change.schedule is None or change.schedule != change.present:
        return False
    return change.induction is None or change.induction.schedule_id == change.schedule.id


@rule(
    "schedule.not-for-course",
    field="schedule_identifier",
    detail="Selected schedule is not valid for the course",
    source="behaviour/participants.md#7-2-s5",
)
def not_for_course(change: ScheduleChange) -> bool:
    """Replacement schedules are for mentors."""
    course = change.course if isinstance(change.course, str) else None
    return change.schedule is not None and not change.schedule.permits(course)


@rule(
    "schedule.cohort-fixed",
    field="cohort",
    detail="You cannot change the '#/cohort' field",
    source="behaviour/participants.md#7-2-s6",
)
def cohort_fixed(change: ScheduleChange) -> bool:
    """Somebody for whom a declaration counts stays in their cohort, unless its closing calls for a move."""
    if change.induction is None or change.frozen_move or not change.live:
        return False
    return change.cohort_now != change.year


@rule(
    "schedule.no-partnership",
    field="cohort",
    detail="You cannot change a participant to this cohort as you do not have a partnership with the school "
    "for the cohort. Contact the DfE for assistance.",
    source="behaviour/participants.md#7-2-s7",
)
def no_partnership(change: ScheduleChange) -> bool:
    """The provider has an unchallenged partnership with the participant's school for the cohort."""
    return change.training is not None and change.partnership is None


@rule(
    "schedule.unknown",
    field="Invalid action",
    detail="Validation failed: Schedule must exist",
    source="behaviour/participants.md#7-2-unknown",
    when_clean=True,
)
def unknown(change: ScheduleChange) -> bool:
    """The cohort has a schedule of that name."""
    return change.schedule is None


@rule(
    "schedule.no-school-cohort",
    field="Invalid action",
    detail="Validation failed: School cohort must exist",
    source="behaviour/participants.md#7-5",
    when_clean=True,
)
def no_school_cohort(change: ScheduleChange) -> bool:
    """The school has set up the cohort."""
    return change.school_cohort is None


@rule(
    "schedule.no-programme",
    field="Invalid action",
    detail="Validation failed: Induction programme must exist",
    source="behaviour/participants.md#7-5",
    when_clean=True,
)
def no_programme(change: ScheduleChange) -> bool:
    """The school has a programme for the cohort that its participants join."""
    return change.programme is None


CHANGE_SCHEDULE: Rulebook[ScheduleChange] = Rulebook(
    "change a participant's schedule",
    (
        reason_not_taken,
        *GATES,
        missing,
        withdrawn,
        invalidates_declarations,
        already_theirs,
        not_for_course,
        cohort_fixed,
        no_partnership,
        unknown,
        no_school_cohort,
        no_programme,
    ),
)
