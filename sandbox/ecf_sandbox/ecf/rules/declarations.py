"""When a declaration is refused (behaviour/declarations.md#4-4 to #4-10)."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, Statement
from ecf_sandbox.ecf.domain.participants import (
    InductionRecord,
    ParticipantType,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
    User,
)
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.state.record import Record

STARTED, COMPLETED = "started", "completed"

# behaviour/declarations.md#4-7: up to 2024 one list served every type; from 2025 it depends on the type and the course.
CLASSIC = frozenset({"training-event-attended", "self-study-material-completed", "other"})
ATTENDED = CLASSIC | {"materials-engaged-with-offline"}
ENGAGED = frozenset({"75-percent-engagement-met", "75-percent-engagement-met-reduced-induction"})
ENGAGED_OR_SHORT = ENGAGED | {"one-term-induction"}


class DeclarationAttempt(Record, frozen=True, kw_only=True):
    """A provider's word that somebody reached a milestone, and all the facts that decide whether it counts.

    First what was sent (`date` and `evidence` are None when blank), then whom it means: `enrolled` says that the
    person has an active record of the course, `training` is the one that the participant id leads to. The rest is
    about that record. `status` is the provider's last word on it, `induction` the provider's record on the declared
    day, `linked` says that some record of the provider carries the present schedule. `billed` says that a statement
    is needed; `taken_by` has the slot; `twin` is the same event of somebody with the same TRN.
    """

    now: datetime
    course: str | None
    type: str | None
    date: str | int | float | None
    dated: datetime | None
    well_formed: bool
    evidence: str | None
    kept_evidence: str | None
    user: User | None
    enrolled: bool
    training: TrainingRecord | None
    schedule: Schedule | None = None
    cohort: Cohort | None = None
    status: StatusChange | None = None
    induction: InductionRecord | None = None
    delivery_partner_id: str | None = None
    mentor_user_id: str | None = None
    linked: bool = False
    fundable: bool = False
    billed: bool = False
    statement: Statement | None = None
    taken_by: Declaration | None = None
    twin: Declaration | None = None

    @property
    def milestone(self) -> Milestone | None:
        """The window of the declared type in the participant's schedule."""
        return self.schedule.milestone(self.type) if self.schedule else None

    @property
    def withdrawal(self) -> StatusChange | None:
        """The provider's last word, if that is a withdrawal."""
        status = self.status
        return status if status is not None and status.state is TrainingStatus.WITHDRAWN else None

    @property
    def withdrawn_at(self) -> str:
        """When the provider withdrew the participant, as the refusal shows it."""
        return instant(self.withdrawal.created_at) if self.withdrawal else ""

    @property
    def year(self) -> int | None:
        """The cohort whose contract would pay."""
        return self.cohort.start_year if self.cohort else None

    @property
    def evidence_choices(self) -> frozenset[str] | None:
        """What evidence the declared type takes; None where any is taken and forgotten."""
        if self.cohort is None or not self.cohort.detailed_evidence_types:
            return None if self.type == STARTED else CLASSIC
        if self.type == COMPLETED:
            return ENGAGED_OR_SHORT if self.training is not None and self.training.ect else ENGAGED
        return ENGAGED if self.type == "retained-2" else ATTENDED


def insist_on_comparable_dates(attempt: DeclarationAttempt) -> None:
    """Raise BadRequest when there is nothing that can be compared with the milestone or the withdrawal.

    The service fails here with its language's own words (behaviour/declarations.md#4-9); the status is the service's,
    or 400 where it crashes. An NPQ course is refused before any date is looked at.
    """
    if npq_course.broken_by(attempt):
        return
    if attempt.date is not None and not isinstance(attempt.date, str):
        kind = "boolean" if isinstance(attempt.date, bool) else "number"
        raise BadRequest("Bad request", f"The '#/declaration_date' value must be text, a {kind} cannot be compared.")
    if attempt.withdrawal and attempt.dated is None:
        raise BadRequest(
            "Bad request",
            "The '#/declaration_date' value is missing or unreadable and cannot be compared with the withdrawal "
            f"of this participant on {attempt.withdrawn_at}.",
        )


@rule(
    "declaration.npq-course",
    field="course_identifier",
    detail="NPQ Courses are no longer supported",
    source="behaviour/declarations.md#4-4-step-0",
    alone=True,
)
def npq_course(attempt: DeclarationAttempt) -> bool:
    """National professional qualifications have left this service, so nothing else is looked at."""
    return attempt.course is not None and attempt.course.startswith("npq-")


UNRECOGNISED = (
    "Your update cannot be made as the '#/participant_id' is not recognised. Check participant details and try again."
)


@rule(
    "declaration.participant-unknown",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/declarations.md#4-4-step-1",
    when_clean=True,
)
def participant_unknown(attempt: DeclarationAttempt) -> bool:
    """A declaration is about somebody whom the service knows, by their present or a retired participant id."""
    return attempt.user is None


@rule(
    "declaration.withdrawn",
    field="participant_id",
    detail="This participant withdrew from this course on {withdrawn_at}. "
    "Enter a '#/declaration_date' that's on or before the withdrawal date.",
    source="behaviour/declarations.md#4-8",
)
def withdrawn(attempt: DeclarationAttempt) -> bool:
    """A provider that withdrew a participant may only declare what happened before, unless they trained on then."""
    if attempt.withdrawal is None or attempt.dated is None or attempt.dated < attempt.withdrawal.created_at:
        return False
    return attempt.induction is None or attempt.induction.training_status is not TrainingStatus.ACTIVE


@rule(
    "declaration.date-missing",
    field="declaration_date",
    detail="Enter a '#/declaration_date'.",
    source="behaviour/declarations.md#4-4-step-3",
)
def date_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration has a date, or at least a text in which one can be found."""
    return attempt.dated is None


@rule(
    "declaration.type-missing",
    field="declaration_type",
    detail="Enter a '#/declaration_type'.",
    source="behaviour/declarations.md#4-4-step-4",
)
def type_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration names the milestone that was reached."""
    return attempt.type is None


@rule(
    "declaration.date-in-future",
    field="declaration_date",
    detail="The '#/declaration_date' value cannot be a future date. Check the date and try again.",
    source="behaviour/declarations.md#4-4-step-5",
)
def date_in_future(attempt: DeclarationAttempt) -> bool:
    """Only what has happened can be declared; this very moment has."""
    return attempt.dated is not None and attempt.dated > attempt.now


@rule(
    "declaration.date-malformed",
    field="declaration_date",
    detail="Enter a valid RCF3339 '#/declaration_date'.",  # the misspelling is on the wire
    source="behaviour/declarations.md#4-6",
)
def date_malformed(attempt: DeclarationAttempt) -> bool:
    """A date is written as RFC 3339 asks, with the letter T and seconds."""
    return attempt.date is not None and not attempt.well_formed


@rule(
    "declaration.before-milestone",
    field="declaration_date",
    detail="Enter a '#/declaration_date' that's on or after the milestone start.",
    source="behaviour/declarations.md#4-4-step-7",
)
def before_milestone(attempt: DeclarationAttempt) -> bool:
    """A declaration is dated on or after the first moment of its milestone."""
    milestone = attempt.milestone
    return milestone is not None and attempt.dated is not None and attempt.dated < milestone.opens


@rule(
    "declaration.after-milestone",
    field="declaration_date",
    detail="Enter a '#/declaration_date' that's before the milestone end date.",
    source="behaviour/declarations.md#4-4-step-7",
)
def after_milestone(attempt: DeclarationAttempt) -> bool:
    """A declaration is dated no later than the last day of its milestone, if it has one."""
    closes = attempt.milestone.closes if attempt.milestone else None
    return closes is not None and attempt.dated is not None and attempt.dated >= closes


CONTRACT_ENDED = (
    "You cannot submit or void declarations for the {year} cohort. The funding contract for this cohort has ended. "
    "Get in touch if you need to discuss this with us"
)


@rule(
    "declaration.cohort-closed",
    field="cohort",
    detail=CONTRACT_ENDED,
    source="behaviour/declarations.md#4-4-step-8",
)
def cohort_closed(attempt: DeclarationAttempt) -> bool:
    """What would be paid for needs a statement of the participant's cohort that still takes declarations."""
    return attempt.billed and attempt.statement is None


@rule(
    "declaration.type-not-in-schedule",
    field="declaration_type",
    detail="The property '#/declaration_type' does not exist for this schedule.",
    source="behaviour/declarations.md#4-4-step-9",
)
def type_not_in_schedule(attempt: DeclarationAttempt) -> bool:
    """The participant's schedule has a milestone of the declared type."""
    return attempt.schedule is not None and attempt.milestone is None


@rule(
    "declaration.already-made",
    field="base",
    detail="A declaration has already been submitted that will be, or has been, paid for this event",
    source="behaviour/declarations.md#4-10",
)
def already_made(attempt: DeclarationAttempt) -> bool:
    """Each milestone of a participant's training is declared once, by whichever provider, until it is voided."""
    return attempt.taken_by is not None


@rule(
    "declaration.type-not-for-mentors",
    field="declaration_type",
    detail="You cannot send retained or extended declarations for participants who began their mentor training after "
    "June 2025. Resubmit this declaration with either a started or completed declaration.",
    source="behaviour/declarations.md#4-12",
)
def type_not_for_mentors(attempt: DeclarationAttempt) -> bool:
    """For mentors of a cohort with mentor funding only the start and the completion of training are declared."""
    if attempt.training is None or attempt.cohort is None:
        return False
    new_mentor = attempt.training.type is ParticipantType.MENTOR and attempt.cohort.mentor_funding
    return new_mentor and attempt.type not in (STARTED, COMPLETED)


@rule(
    "declaration.course-unknown",
    field="course_identifier",
    detail="The entered '#/course_identifier' is not recognised for the given participant. "
    "Check details and try again.",
    source="behaviour/declarations.md#4-4-step-12",
    when_clean=True,
)
def course_unknown(attempt: DeclarationAttempt) -> bool:
    """The participant trains on the course, and their school has not removed them from it."""
    return not attempt.enrolled


@rule(
    "declaration.training-record-unknown",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/declarations.md#4-4-step-13",
    when_clean=True,
)
def training_record_unknown(attempt: DeclarationAttempt) -> bool:
    """The participant id given leads to the person's active training record."""
    return attempt.training is None


@rule(
    "declaration.participant-not-linked",
    field="participant_id",
    detail=UNRECOGNISED,
    source="behaviour/declarations.md#4-4-step-14",
    when_clean=True,
)
def participant_not_linked(attempt: DeclarationAttempt) -> bool:
    """The provider trains, or has trained, the participant on the schedule that they are on now."""
    return not attempt.linked


@rule(
    "declaration.evidence-missing",
    field="evidence_held",
    detail="Enter a '#/evidence_held' value for this participant.",
    source="behaviour/declarations.md#4-7",
    when_clean=True,
)
def evidence_missing(attempt: DeclarationAttempt) -> bool:
    """The provider says what evidence it holds, except for the start of training."""
    return attempt.evidence is None and attempt.type != STARTED


@rule(
    "declaration.evidence-unknown",
    field="evidence_held",
    detail="Enter an available '#/evidence_held' type for this participant's event and course.",
    source="behaviour/declarations.md#4-7",
    when_clean=True,
)
def evidence_unknown(attempt: DeclarationAttempt) -> bool:
    """The evidence is of a kind that counts for the type, the course and the cohort."""
    choices = attempt.evidence_choices
    return choices is not None and attempt.evidence is not None and attempt.evidence not in choices


@rule(
    "declaration.duplicate-in-closed-cohort",
    field="cohort",
    detail=CONTRACT_ENDED,
    source="behaviour/declarations.md#4-9, where the service crashes",
    when_clean=True,
)
def duplicate_in_closed_cohort(attempt: DeclarationAttempt) -> bool:
    """A duplicate of somebody with the same reference number is kept on a statement too, so one must be open."""
    return attempt.twin is not None and attempt.statement is None


RECORD_DECLARATION: Rulebook[DeclarationAttempt] = Rulebook(
    "record a declaration",
    (
        npq_course,
        participant_unknown,
        withdrawn,
        date_missing,
        type_missing,
        date_in_future,
        date_malformed,
        before_milestone,
        after_milestone,
        cohort_closed,
        type_not_in_schedule,
        already_made,
        type_not_for_mentors,
        course_unknown,
        training_record_unknown,
        participant_not_linked,
        evidence_missing,
        evidence_unknown,
        duplicate_in_closed_cohort,
    ),
)
