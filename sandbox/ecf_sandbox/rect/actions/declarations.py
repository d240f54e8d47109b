"""A lead provider declares that somebody reached a milestone (behaviour/rect.md#11)."""

from __future__ import annotations

from datetime import date, datetime

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.mentor_completion import complete_mentor
from ecf_sandbox.rect.actions.participants import kind_of
from ecf_sandbox.rect.actions.saving import save, written_at
from ecf_sandbox.rect.domain.contracts import Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import COMPLETED, STARTED, TYPES, Declaration, PaymentStatus
from ecf_sandbox.rect.domain.declared_dates import DeclaredDate, read_declared_date
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import MentorshipPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import (
    contract_period_of,
    delivery_of,
    schedule_of,
    school_of,
    training_on,
    training_with,
)
from ecf_sandbox.rect.queries.training import training_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rect.rules.declarations import RECORD_DECLARATION, DeclarationAttempt, date_not_comparable
from ecf_sandbox.rulebook.refusals import BadRequest, Refused
from ecf_sandbox.rulebook.values import Fields, Scalar, uuid_of
from ecf_sandbox.state.record import replace


def record_declaration(turn: Turn, provider: LeadProvider, fields: Fields) -> Declaration:
    """Keep a declaration. Raises Refused, or BadRequest for a date that cannot be compared with any other."""
    attempt = _gather(turn, provider, fields)
    try:
        turn.enforce(RECORD_DECLARATION, attempt)
    except Refused as refused:
        for it in refused.refusals:
            if it.rule == date_not_comparable.id:
                raise BadRequest("Bad request", it.detail) from refused
        raise
    made = _declaration_of(turn, attempt)
    save(turn, made)
    if made.declaration_type == COMPLETED and attempt.kind is TeacherType.MENTOR:
        complete_mentor(turn, provider, made)
    return turn.records.declarations[made.id]


def _declaration_of(turn: Turn, attempt: DeclarationAttempt) -> Declaration:
    records, training, dated = turn.records, attempt.training, attempt.dated
    if training is None or dated is None or attempt.contract_period is None:
        raise AssertionError("the rules let no declaration through that lacks one of these")
    delivery, mentorship = delivery_of(records, training), _mentorship(records, training, dated)
    pupil_premium, sparsity = _uplifts(records, attempt)
    made = Declaration(
        id=turn.new_id(),
        training_period_id=training.id,
        declaration_type=str(attempt.type),
        declaration_date=dated.kept,
        evidence_type=attempt.kept_evidence,
        delivery_partner_id=delivery.delivery_partner_id if delivery else None,
        mentorship_period_id=mentorship.id if mentorship else None,
        created_at=turn.now,
        # The database fills it in, unless something is changed in the same request (behaviour/rect.md#7).
        updated_at=turn.now if attempt.fundable or pupil_premium or sparsity else written_at(turn),
        pupil_premium_uplift=pupil_premium,
        sparsity_uplift=sparsity,
    )
    if not attempt.fundable or attempt.statement is None:
        return made
    return replace(made, payment_status=PaymentStatus.ELIGIBLE, payment_statement_id=attempt.statement.id)


def _gather(turn: Turn, provider: LeadProvider, fields: Fields) -> DeclarationAttempt:
    records, today = turn.records, uk_day(turn.now)
    participant_id, type = fields.get("participant_id"), fields.get("declaration_type")
    teacher, kind = records.teachers.get(uuid_of(participant_id)), kind_of(fields.get("course_identifier"))
    attempt = DeclarationAttempt(
        now=turn.now,
        participant_id=participant_id,
        course=fields.get("course_identifier"),
        type=type,
        date=fields.get("declaration_date"),
        evidence=fields.get("evidence_held"),
        dated=_dated(fields.get("declaration_date")),
        teacher=teacher,
        kind=kind,
    )
    if teacher is None:
        return attempt
    own = {it: training_with(records, teacher.id, it, provider.id) for it in TeacherType}
    attempt = replace(
        attempt,
        trained=any(own.values()),
        frozen_year=_frozen_year(records, teacher, kind, today, turn.now) if kind else None,
    )
    if kind is None:
        # The service takes a course that is none for a mentor's when it looks for the slot (behaviour/rect.md#11-2).
        return replace(attempt, taken_by=_taken_by(_live(records, teacher, TeacherType.MENTOR), type))
    return _of_training(records, attempt, own[kind][-1], provider, today) if own[kind] else attempt


def _live(records: Records, teacher: Teacher, kind: TeacherType) -> list[Declaration]:
    return [it for it in declarations_of(records, teacher, kind) if it.live]


def _taken_by(live: list[Declaration], type: Scalar) -> Declaration | None:
    return next((it for it in live if it.declaration_type == type), None)


def _of_training(
    records: Records, attempt: DeclarationAttempt, training: TrainingPeriod, provider: LeadProvider, today: date
) -> DeclarationAttempt:
    """The attempt with the facts that hang on the provider's training of the person."""
    period, teacher = contract_period_of(records, training), attempt.teacher
    live = _live(records, teacher, training.kind) if teacher else []
    order = TYPES.index(str(attempt.type)) if attempt.type in TYPES else None
    return replace(
        attempt,
        training=training,
        schedule=schedule_of(records, training),
        contract_period=period,
        fundable=teacher is not None and teacher.eligible_since(training.kind) is not None,
        statement=next_statement(records, provider.id, period.year, today, open_only=True) if period else None,
        taken_by=_taken_by(live, attempt.type),
        earlier=_dates(live, slice(0, order)),
        later=_dates(live, slice(order + 1, None)) if order is not None else (),
    )


def _dates(declarations: list[Declaration], types: slice) -> tuple[datetime, ...]:
    return tuple(it.declaration_date for it in declarations if it.declaration_type in TYPES[types])


def _dated(date: Scalar) -> DeclaredDate | None:
    return read_declared_date(date) if isinstance(date, str) else None


def _frozen_year(records: Records, teacher: Teacher, kind: TeacherType, today: date, now: datetime) -> int | None:
    """The contract period of whatever training somebody is in today, if its payments have ended. Interest is none."""
    training = training_on(records, teacher.id, kind, today)
    delivery = delivery_of(records, training) if training else None
    period = records.contract_periods[delivery.contract_period_year] if delivery else None
    return period.year if period is not None and period.frozen(now) else None


def declarations_of(records: Records, teacher: Teacher, kind: TeacherType) -> list[Declaration]:
    """All declarations for somebody in a kind of training, whoever made them."""
    return [
        declaration
        for it in training_of(records, teacher.id, kind)
        for declaration in records.declarations.by("training_period_id", it.id)
    ]


def next_statement(
    records: Records, lead_provider_id: str, year: int, today: date, *, open_only: bool
) -> Statement | None:
    """A provider's output statement of a contract period that closes next; today still counts."""
    found = records.statements.by("lead_provider_id,contract_period_year", (lead_provider_id, year))
    ahead = [
        it
        for it in found
        if it.output_fee and it.deadline_date >= today and (not open_only or it.status is StatementStatus.OPEN)
    ]
    return min(ahead, key=lambda it: it.deadline_date, default=None)


def _mentorship(records: Records, training: TrainingPeriod, dated: DeclaredDate) -> MentorshipPeriod | None:
    """Of an ECT, the mentorship at the school that has the day of the declaration, or comes closest to it."""
    if training.kind is TeacherType.MENTOR:
        return None
    day = uk_day(dated.kept)

    def distance(it: MentorshipPeriod) -> int:
        if it.started_on > day:
            return (it.started_on - day).days
        return 0 if it.finished_on is None or it.finished_on >= day else (day - it.finished_on).days

    found = records.mentorship_periods.by("ect_at_school_period_id", training.at_school_period_id)
    return min(found, key=distance, default=None)


def _uplifts(records: Records, attempt: DeclarationAttempt) -> tuple[bool, bool]:
    """Whether the school is paid on top, for the start of training in a cohort that pays it."""
    period, training = attempt.contract_period, attempt.training
    if attempt.type != STARTED or period is None or training is None or not period.uplift_fees:
        return False, False
    school = school_of(records, training)
    found = records.uplifts.one("school_id,contract_period_year", (school.id, period.year))
    return (found.pupil_premium, found.sparsity) if found else (False, False)
