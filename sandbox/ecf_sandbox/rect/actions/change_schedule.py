"""A lead provider puts somebody on another schedule, perhaps in another cohort (behaviour/rect.md#10-5)."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.dates.uk import uk_day, uk_midnight
from ecf_sandbox.rect.actions.participants import continue_training, kind_of
from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.rect.domain.contracts import ContractPeriod, Schedule
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import contract_period_of, delivery_of, latest_with, schedule_of, training_within
from ecf_sandbox.rect.queries.participants import ParticipantStatus, participant_status
from ecf_sandbox.rect.queries.training import at_school_of, delivery_partnership_of, induction_periods_of, training_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE, ScheduleChange
from ecf_sandbox.rect.rules.consistency import insist_on_room
from ecf_sandbox.rect.rules.declarations import last_moment
from ecf_sandbox.rulebook.values import Fields, Scalar, whole_number
from ecf_sandbox.state.record import replace


def change_schedule(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields) -> None:
    """Train somebody by another schedule from today on. Raises Refused."""
    attempt = _gather(turn, provider, teacher, fields)
    turn.enforce(CHANGE_SCHEDULE, attempt)
    if attempt.training is None or attempt.schedule is None:
        raise AssertionError("the rules let only changes of training through that lead to a schedule")
    partnership = attempt.partnership.id if attempt.partnership else attempt.training.school_partnership_id
    changed = {"schedule_id": attempt.schedule.id, "school_partnership_id": partnership}
    if attempt.training.started_on >= attempt.today or attempt.completed:
        save(turn, replace(attempt.training, **changed))
    else:
        _split(turn, attempt.training, attempt.today, changed)
    if attempt.moves:
        _remember(turn, teacher.id, attempt)


def _split(turn: Turn, training: TrainingPeriod, today: date, changed: dict[str, str | None]) -> None:
    """The training so far ends yesterday, if it has not ended earlier, and goes on from today by the new schedule.

    Not everybody whose training has ended has left: whoever completed before that is active (behaviour/rect.md#9-3).
    """
    period = at_school_of(turn.records, training)
    ends = [it for it in (training.finished_on, period.finished_on) if it is not None and it >= today]
    continued = continue_training(turn, training, today, min(ends, default=None))
    yesterday = today - DAY
    before = replace(training, finished_on=min(training.finished_on or yesterday, yesterday))
    others = tuple(it for it in training_within(turn.records, period) if it.id != training.id)
    insist_on_room(continued, others)
    save(turn, before)
    # What was waiting for a partnership no longer does once it is in another cohort.
    interest = None if changed["school_partnership_id"] != training.school_partnership_id else training
    save(
        turn,
        replace(
            continued, **changed, expression_of_interest_id=interest.expression_of_interest_id if interest else None
        ),
    )


def _remember(turn: Turn, teacher_id: str, attempt: ScheduleChange) -> None:
    """Whoever leaves a frozen cohort may come back to it, and once they have there is nothing to remember."""
    teacher, kind = turn.records.teachers[teacher_id], attempt.kind
    present = turn.records.contract_periods.get(attempt.present.contract_period_year) if attempt.present else None
    name = "ect_frozen_year" if kind is TeacherType.ECT else "mentor_frozen_year"
    if attempt.remembered:
        save(turn, replace(teacher, **{name: None}))
    elif present is not None and present.frozen(turn.now):
        save(turn, replace(teacher, **{name: present.year}))


def _gather(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields) -> ScheduleChange:
    records, today = turn.records, uk_day(turn.now)
    kind, identifier = kind_of(fields.get("course_identifier")), fields.get("schedule_identifier")
    training = latest_with(records, teacher.id, kind, provider.id) if kind else None
    own = contract_period_of(records, training) if training else None
    target = _cohort(records, fields.get("cohort")) or own
    schedule = _schedule(records, target, identifier)
    attempt = ScheduleChange(
        today=today, kind=kind, training=training, identifier=identifier, contract_period=target, schedule=schedule
    )
    if kind is None or training is None:
        return attempt
    moves = target is not None and own is not None and target.year != own.year
    return replace(
        attempt,
        present=schedule_of(records, training),
        moves=moves,
        partnership=_partnership(records, training, provider, target) if moves and target else None,
        frozen=target is not None and target.frozen(turn.now),
        remembered=target is not None and teacher.frozen_year(kind) == target.year,
        orphans=training.started_on >= today
        and any(_orphaned(it, schedule, moves) for it in records.declarations.by("training_period_id", training.id)),
        completed=_completed(records, teacher, kind),
        left=participant_status(records, training, today) is ParticipantStatus.LEFT,
        joins_later=any(it.started_on > training.started_on for it in training_of(records, teacher.id, kind)),
    )


def _cohort(records: Records, cohort: Scalar) -> ContractPeriod | None:
    return records.contract_periods.get(whole_number(cohort))


def _schedule(records: Records, period: ContractPeriod | None, identifier: Scalar) -> Schedule | None:
    if period is None or not isinstance(identifier, str):
        return None
    return records.schedules.one("contract_period_year,identifier", (period.year, identifier))


def _partnership(
    records: Records, training: TrainingPeriod, provider: LeadProvider, target: ContractPeriod
) -> SchoolPartnership | None:
    """The provider's partnership with the school in a cohort: with the present delivery partner, else the newest."""
    school_id = at_school_of(records, training).school_id
    found = [
        it
        for it in records.school_partnerships.by("school_id", school_id)
        if (delivery := delivery_partnership_of(records, it)).lead_provider_id == provider.id
        and delivery.contract_period_year == target.year
    ]
    present = delivery_of(records, training)
    same = [
        it
        for it in found
        if present and delivery_partnership_of(records, it).delivery_partner_id == present.delivery_partner_id
    ]
    return max(same or found, key=lambda it: it.created_at, default=None)


def _orphaned(declaration: Declaration, schedule: Schedule | None, moves: bool) -> bool:
    """Whether a declaration would not fit the schedule, or be on a statement of another cohort."""
    if moves and (declaration.payment_statement_id or declaration.clawback_statement_id):
        return True
    milestone = schedule.milestone(declaration.declaration_type) if schedule else None
    if milestone is None:
        return False
    at, end = declaration.declaration_date, milestone.milestone_date
    return at < uk_midnight(milestone.start_date) or (end is not None and at >= last_moment(end))


def _completed(records: Records, teacher: Teacher, kind: TeacherType) -> bool:
    if kind is TeacherType.MENTOR:
        return teacher.mentor_ineligible_since is not None
    return any(it.outcome is not None and it.finished_on for it in induction_periods_of(records, teacher.id))
