"""What a write changed, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration, State
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.explain.wording import days, kind_in_words, readable, status_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import delivery_partnership_of, teacher_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.row_changes import sentences


def what_changed(exchange: Exchange) -> Iterator[str]:
    """A sentence for each row that matters, then a count of all that were written."""
    return sentences(exchange, Records, _WORDS)


def _declaration(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(after, Declaration):
        return
    training = records.training_periods[after.training_period_id]
    teacher = teacher_of(records, training)
    what = f"The declaration {after.declaration_type} of {full_name(teacher)}"
    if not isinstance(before, Declaration):
        yield f"{what}, dated {instant(after.declaration_date)}, was recorded as {after.state.value} ({after.id})."
    elif before.state is not after.state:
        yield f"{what} ({after.id}) went from {before.state.value} to {after.state.value}."
    if after.state is State.SUBMITTED and not isinstance(before, Declaration):
        waits = (
            "no appropriate body has recorded an induction for the participant"
            if training.kind is TeacherType.ECT
            else "the participant is not eligible for funding as a mentor"
        )
        yield f"It is not eligible for payment yet: {waits}."
    yield from _statements(records, before if isinstance(before, Declaration) else None, after)


def _statements(records: Records, before: Declaration | None, after: Declaration) -> Iterator[str]:
    if after.clawback_statement_id and after.clawback_status is not ClawbackStatus.NO_CLAWBACK:
        yield f"The money is taken back on the statement {readable(records.statements[after.clawback_statement_id])}."
    elif after.payment_statement_id and (before is None or before.payment_statement_id != after.payment_statement_id):
        statement = records.statements[after.payment_statement_id]
        yield f"It is paid by the statement {readable(statement)}, on {statement.payment_date}."


def _training(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(after, TrainingPeriod):
        return
    who = f"{full_name(teacher_of(records, after))} ({kind_in_words(after.kind)})"
    if not isinstance(before, TrainingPeriod):
        yield f"{who} goes on with new training {days(after)}, {_by(records, after)}."
        return
    if (before.deferred_at, before.withdrawn_at) != (after.deferred_at, after.withdrawn_at):
        yield f"The training of {who} is {status_of(after)}."
    if before.finished_on != after.finished_on:
        until = f"ends on {after.finished_on}" if after.finished_on else "has no end any more"
        yield f"The training of {who} that began on {after.started_on} {until}."
    if before.schedule_id != after.schedule_id:
        yield f"The training of {who} goes on as it is, {_by(records, after)}."
    if before.school_partnership_id is None and after.school_partnership_id is not None:
        yield f"{who} waited for the partnership and is trained under it now, {days(after)}."


def _by(records: Records, it: TrainingPeriod) -> str:
    schedule = records.schedules.get(it.schedule_id)
    return f"by the schedule {schedule.identifier} of {schedule.contract_period_year}" if schedule else "by no schedule"


def _partnership(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(after, SchoolPartnership):
        return
    delivery = delivery_partnership_of(records, after)
    partner = records.delivery_partners[delivery.delivery_partner_id].name
    where = f"{records.schools[after.school_id].name} for {delivery.contract_period_year}"
    if not isinstance(before, SchoolPartnership):
        yield f"A partnership with {where} was made, with {partner} ({after.id})."
    elif before.delivery_partnership_id != after.delivery_partnership_id:
        was = records.delivery_partners[delivery_partnership_of(records, before).delivery_partner_id].name
        yield f"The delivery partner at {where} is {partner}, no longer {was}."


def _teacher(_records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(before, Teacher) or not isinstance(after, Teacher):
        return
    if before.mentor_ineligible_since != after.mentor_ineligible_since:
        ended = f"ended on {after.mentor_ineligible_since}" if after.mentor_ineligible_since else "goes on"
        yield f"Funding of {full_name(after)} as a mentor {ended}."
    for kind in TeacherType:
        if before.frozen_year(kind) != after.frozen_year(kind):
            year = after.frozen_year(kind)
            told = (
                f"came from the cohort {year}, whose payments ended" if year else "is back in the cohort they came from"
            )
            yield f"It is remembered that {full_name(after)} ({kind_in_words(kind)}) {told}."


_WORDS: Mapping[type[Record], Callable[[Records, RowChange], Iterator[str]]] = {
    Declaration: _declaration,
    TrainingPeriod: _training,
    SchoolPartnership: _partnership,
    Teacher: _teacher,
}
