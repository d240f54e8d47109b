"""When a declaration is refused (behaviour/rect.md#11-2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule, Statement
from ecf_sandbox.rect.domain.declarations import COMPLETED, STARTED, TYPES, Declaration
from ecf_sandbox.rect.domain.declared_dates import DeclaredDate
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank
from ecf_sandbox.state.record import Record

# behaviour/rect.md#11-5: up to 2024 one list serves every type; from 2025 it depends on the type and the course.
SIMPLE = frozenset({"training-event-attended", "self-study-material-completed", "other"})
ATTENDED = SIMPLE | {"materials-engaged-with-offline"}
ENGAGED = frozenset({"75-percent-engagement-met", "75-percent-engagement-met-reduced-induction"})
ENGAGED_OR_SHORT = ENGAGED | {"one-term-induction"}
SEQUENCED_FROM = 2025

PARTICIPANT, COURSE, DATE, TYPE, COHORT = (
    "participant_id",
    "course_identifier",
    "declaration_date",
    "declaration_type",
    "cohort",
)


class DeclarationAttempt(Record, frozen=True, kw_only=True):
    """A provider's word that somebody reached a milestone, and all the facts that decide whether it counts.

    First what was sent, as it came; `dated` is what the date reads as. Then whom it means: `kind` is the training that
    the course names, `training` the provider's own of that kind that starts last, `trained` says that the provider has
    trained the person in either kind. `schedule` and `contract_period` are that training's. `frozen_year` is the
    contract period, if frozen, of whatever training the person is in today. `fundable` says that the person is eligible
    for funding, so that `statement`, the next open one, has to take the declaration. `taken_by` has the slot of the
    type; `earlier` and `later` are the dates of live declarations that come before and after in training.
    """

    now: datetime
    participant_id: Scalar = None
    course: Scalar = None
    type: Scalar = None
    date: Scalar = None
    evidence: Scalar = None
    dated: DeclaredDate | None = None
    teacher: Teacher | None = None
    trained: bool = False
    kind: TeacherType | None = None
    training: TrainingPeriod | None = None
    schedule: Schedule | None = None
    contract_period: ContractPeriod | None = None
    frozen_year: int | None = None
    fundable: bool = False
    statement: Statement | None = None
    taken_by: Declaration | None = None
    earlier: tuple[datetime, ...] = ()
    later: tuple[datetime, ...] = ()

    @property
    def milestone(self) -> Milestone | None:
        """The window of the declared type in the participant's schedule."""
        return self.schedule.milestone(self.type) if self.schedule and isinstance(self.type, str) else None

    @property
    def year(self) -> int | None:
        """The contract period that would pay."""
        return self.contract_period.year if self.contract_period else None

    @property
    def withdrawn_at(self) -> str:
        """When the provider withdrew the participant, as the refusal shows it."""
        at = self.training.withdrawn_at if self.training else None
        return "" if at is None else instant(at)

    @property
    def evidence_choices(self) -> frozenset[str] | None:
        """What evidence the declared type takes; None where any is taken and dropped."""
        if self.contract_period is None or not self.contract_period.detailed_evidence:
            return None if self.type == STARTED else SIMPLE
        if self.type == COMPLETED:
            return ENGAGED if self.kind is TeacherType.MENTOR else ENGAGED_OR_SHORT
        return ENGAGED if self.type == "retained-2" else ATTENDED

    @property
    def kept_evidence(self) -> str | None:
        """The evidence that is kept with the declaration."""
        return self.evidence if isinstance(self.evidence, str) and self.evidence_choices is not None else None


UNRECOGNISED = (
    "Your update cannot be made as the '#/participant_id' is not recognised. Check participant details and try again."
)


@rule(
    "declaration.participant-missing",
    field=PARTICIPANT,
    detail="Enter a '#/participant_id'.",
    source="behaviour/rect.md#11-2-1",
)
def participant_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration says whom it is about."""
    return is_blank(attempt.participant_id)


@rule(
    "declaration.participant-unknown",
    field=PARTICIPANT,
    detail=UNRECOGNISED,
    source="behaviour/rect.md#11-2-2",
    quiet_after=(PARTICIPANT,),
)
def participant_unknown(attempt: DeclarationAttempt) -> bool:
    """A declaration is about somebody whom the service knows, by their present participant id."""
    return attempt.teacher is None


@rule(
    "declaration.course-missing",
    field=COURSE,
    detail="Enter a '#/course_identifier'.",
    source="behaviour/rect.md#11-2-3",
    when_clean=True,
)
def course_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration names one of the two courses; any other counts as none."""
    return attempt.kind is None


@rule(
    "declaration.date-missing",
    field=DATE,
    detail="Enter a '#/declaration_date'.",
    source="behaviour/rect.md#11-2-4",
    when_clean=True,
)
def date_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration has a date."""
    return is_blank(attempt.date)


@rule(
    "declaration.course-not-trained",
    field=COURSE,
    detail="The entered '#/course_identifier' is not recognised for the given participant. "
    "Check details and try again.",
    source="behaviour/rect.md#11-2-5",
    quiet_after=(PARTICIPANT, COURSE, TYPE, DATE),
)
def course_not_trained(attempt: DeclarationAttempt) -> bool:
    """A provider declares for the course on which it trains the participant."""
    return attempt.trained and attempt.training is None


@rule(
    "declaration.type-missing",
    field=TYPE,
    detail="Enter a '#/declaration_type'.",
    source="behaviour/rect.md#11-2-6",
    when_clean=True,
)
def type_missing(attempt: DeclarationAttempt) -> bool:
    """A declaration names the milestone that was reached."""
    return is_blank(attempt.type)


@rule(
    "declaration.type-unknown",
    field=TYPE,
    detail="Enter a valid declaration type.",
    source="behaviour/rect.md#11-2-7",
    when_clean=True,
)
def type_unknown(attempt: DeclarationAttempt) -> bool:
    """The milestone is one of the nine."""
    return attempt.type not in TYPES


@rule(
    "declaration.already-made",
    field=TYPE,
    detail="A declaration has already been submitted that will be, or has been, paid for this event.",
    source="behaviour/rect.md#11-6",
    quiet_after=(TYPE, DATE),
)
def already_made(attempt: DeclarationAttempt) -> bool:
    """Each milestone of a participant's training is declared once, by whichever provider, until it is voided."""
    return attempt.taken_by is not None


@rule(
    "declaration.date-not-comparable",
    field=DATE,
    detail="The '#/declaration_date' value cannot be compared with the present: there is no such date and time.",
    source="behaviour/rect.md#11-4",
    quiet_after=(DATE, TYPE, PARTICIPANT, COURSE),
)
def date_not_comparable(attempt: DeclarationAttempt) -> bool:
    """A date is one that a calendar and a clock can show. Nothing else can be compared, so the whole request is bad."""
    return attempt.dated is None


@rule(
    "declaration.date-in-future",
    field=DATE,
    detail="The '#/declaration_date' value cannot be a future date. Check the date and try again.",
    source="behaviour/rect.md#11-2-9",
    quiet_after=(DATE, TYPE, PARTICIPANT, COURSE),
)
def date_in_future(attempt: DeclarationAttempt) -> bool:
    """Only what has happened can be declared; this very moment has."""
    return attempt.dated is not None and attempt.dated.judged > attempt.now


@rule(
    "declaration.before-milestone",
    field=DATE,
    detail="Declaration date must be on or after the milestone start date for the same declaration type.",
    source="behaviour/rect.md#11-2-10",
    quiet_after=(DATE, TYPE, COHORT),
)
def before_milestone(attempt: DeclarationAttempt) -> bool:
    """A declaration is dated on or after the first day of its milestone, in the United Kingdom."""
    if attempt.milestone is None or attempt.dated is None:
        return False
    return attempt.dated.judged < uk_midnight(attempt.milestone.start_date)


@rule(
    "declaration.after-milestone",
    field=DATE,
    detail="Declaration date must be on or before the milestone date for the same declaration type.",
    source="behaviour/rect.md#11-2-11",
    quiet_after=(DATE, TYPE, COHORT),
)
def after_milestone(attempt: DeclarationAttempt) -> bool:
    """A declaration is dated no later than the last day of its milestone, in the United Kingdom, if it has one."""
    if attempt.milestone is None or attempt.milestone.milestone_date is None or attempt.dated is None:
        return False
    return attempt.dated.judged >= last_moment(attempt.milestone.milestone_date)


def last_moment(day: date) -> datetime:
    """The last microsecond of a day in the United Kingdom, which no longer counts (behaviour/rect.md#11-4)."""
    return uk_midnight(day + timedelta(days=1)) - timedelta(microseconds=1)


@rule(
    "declaration.date-malformed",
    field=DATE,
    detail="Enter a valid RCF3339 '#/declaration_date'.",  # the misspelling is on the wire
    source="behaviour/rect.md#11-2-12",
    quiet_after=(DATE,),
)
def date_malformed(attempt: DeclarationAttempt) -> bool:
    """A date is written as RFC 3339 asks, with the letter T and seconds."""
    return not is_blank(attempt.date) and (attempt.dated is None or not attempt.dated.well_formed)


@rule(
    "declaration.type-not-for-mentors",
    field=TYPE,
    detail="You cannot send retained or extended declarations for participants who began their mentor training after "
    "June 2025. Resubmit this declaration with either a started or completed declaration.",
    source="behaviour/rect.md#11-2-13",
    quiet_after=(TYPE, COHORT),
)
def type_not_for_mentors(attempt: DeclarationAttempt) -> bool:
    """For mentors of a cohort with mentor funding only the start and the completion of training are declared."""
    if attempt.training is None or attempt.contract_period is None or not attempt.contract_period.mentor_funding:
        return False
    return attempt.training.kind is TeacherType.MENTOR and attempt.type not in (STARTED, COMPLETED)


@rule(
    "declaration.evidence-missing",
    field="evidence_held",
    detail="Enter a '#/evidence_held' value for this participant.",
    source="behaviour/rect.md#11-5",
    when_clean=True,
)
def evidence_missing(attempt: DeclarationAttempt) -> bool:
    """The provider says what evidence it holds, except for the start of training up to 2024."""
    return attempt.training is not None and attempt.evidence_choices is not None and is_blank(attempt.evidence)


@rule(
    "declaration.evidence-unknown",
    field="evidence_held",
    detail="Enter an available '#/evidence_held' type for this participant.",
    source="behaviour/rect.md#11-5",
    when_clean=True,
)
def evidence_unknown(attempt: DeclarationAttempt) -> bool:
    """The evidence is of a kind that counts for the type, the course and the cohort."""
    choices = attempt.evidence_choices
    return attempt.training is not None and choices is not None and attempt.evidence not in choices


@rule(
    "declaration.withdrawn",
    field=PARTICIPANT,
    detail="This participant withdrew from this course on {withdrawn_at}. "
    "Enter a '#/declaration_date' that's on or before the withdrawal date.",
    source="behaviour/rect.md#11-2-15",
    quiet_after=(PARTICIPANT,),
)
def withdrawn(attempt: DeclarationAttempt) -> bool:
    """A provider that withdrew a participant declares only what happened before."""
    training, dated = attempt.training, attempt.dated
    if training is None or dated is None or training.training_status is not TrainingStatus.WITHDRAWN:
        return False
    return training.withdrawn_at is not None and training.withdrawn_at <= dated.judged


@rule(
    "declaration.cohort-frozen",
    field=COHORT,
    detail="You cannot submit declarations for the {frozen_year} cohort. The funding contract for this cohort has "
    "ended. Get in touch if you need to discuss this with us.",
    source="behaviour/rect.md#11-2-16",
    quiet_after=(COHORT,),
)
def cohort_frozen(attempt: DeclarationAttempt) -> bool:
    """Nothing is declared for whoever trains today in a cohort whose payments have ended, whoever trains them."""
    return attempt.frozen_year is not None


@rule(
    "declaration.cohort-closed",
    field=COHORT,
    detail="You cannot submit or void declarations for the {year} cohort. The funding contract for this cohort has "
    "ended. Get in touch if you need to discuss this with us.",
    source="behaviour/rect.md#11-2-17",
    quiet_after=(TYPE, COHORT),
)
def cohort_closed(attempt: DeclarationAttempt) -> bool:
    """What would be paid for needs a statement of the participant's cohort that still takes declarations."""
    return attempt.training is not None and attempt.fundable and attempt.statement is None


@rule(
    "declaration.type-not-in-schedule",
    field=TYPE,
    detail="The property '#/declaration_type' does not exist for this schedule.",
    source="behaviour/rect.md#11-2-18",
    quiet_after=(DATE, TYPE, PARTICIPANT, COURSE, COHORT),
)
def type_not_in_schedule(attempt: DeclarationAttempt) -> bool:
    """The participant's schedule has a milestone of the declared type."""
    return attempt.schedule is not None and attempt.milestone is None


@rule(
    "declaration.out-of-sequence",
    field=DATE,
    detail="This '#/declaration_date' is invalid. Check that it is in sequence with existing declaration dates for "
    "this participant.",
    source="behaviour/rect.md#11-2-19",
    quiet_after=(DATE, TYPE),
)
def out_of_sequence(attempt: DeclarationAttempt) -> bool:
    """From 2025 on a declaration is dated between those of the milestones before and after it."""
    if attempt.dated is None or attempt.year is None or attempt.year < SEQUENCED_FROM:
        return False
    at = attempt.dated.judged
    return any(at < it for it in attempt.earlier) or any(at > it for it in attempt.later)


@rule(
    "declaration.never-trained",
    field=PARTICIPANT,
    detail=UNRECOGNISED,
    source="behaviour/rect.md#11-2-20",
    quiet_after=(PARTICIPANT,),
)
def never_trained(attempt: DeclarationAttempt) -> bool:
    """A provider declares for those whom it trains or has trained."""
    return attempt.teacher is not None and not attempt.trained


RECORD_DECLARATION: Rulebook[DeclarationAttempt] = Rulebook(
    "record a declaration",
    (
        participant_missing,
        participant_unknown,
        course_missing,
        date_missing,
        course_not_trained,
        type_missing,
        type_unknown,
        already_made,
        date_not_comparable,
        date_in_future,
        before_milestone,
        after_milestone,
        date_malformed,
        type_not_for_mentors,
        evidence_missing,
        evidence_unknown,
        withdrawn,
        cohort_frozen,
        cohort_closed,
        type_not_in_schedule,
        out_of_sequence,
        never_trained,
    ),
)
