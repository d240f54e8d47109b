"""What a write changed, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import BILLABLE, Declaration, DeclarationState
from ecf_sandbox.ecf.domain.eligibility import validation_status
from ecf_sandbox.ecf.domain.participants import Eligibility, InductionRecord, StatusChange, TrainingRecord
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.explain.wording import readable
from ecf_sandbox.ecf.queries.training import user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.row_changes import sentences

_UNTOLD = frozenset({"created_at", "updated_at"})


def what_changed(exchange: Exchange) -> Iterator[str]:
    """A sentence for each row that matters, then a count of all that were written."""
    return sentences(exchange, Records, _WORDS)


def _declaration(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(after, Declaration):
        return
    name = records.users[after.user_id].full_name
    if isinstance(before, Declaration):
        if before.state is not after.state:
            states = f"from {before.state.value} to {after.state.value}"
            yield f"The declaration {after.type} of {name} ({after.id}) went {states}."
    else:
        yield (
            f"The declaration {after.type} of {name}, dated {instant(after.date)}, was recorded as {after.state.value} "
            f"({after.id})."
        )
    yield from _why_not_eligible(records, after)
    yield from _on_statements(records, after)


def _why_not_eligible(records: Records, it: Declaration) -> Iterator[str]:
    if it.state is DeclarationState.INELIGIBLE and it.superseded_by_id:
        twin = records.declarations[it.superseded_by_id]
        whom = records.users[twin.user_id].full_name
        yield f"It is a duplicate of the declaration {twin.id} for {whom}, who has the same TRN: it is not paid."
    if it.state is DeclarationState.SUBMITTED:
        training = records.training_records[it.training_record_id]
        eligibility = records.eligibilities.get(it.training_record_id)
        status = validation_status(training, eligibility, records.validation_details.get(it.training_record_id))
        yield f"It is not eligible for payment yet: {_eligibility(eligibility)} (validation status {status})."


def _eligibility(it: Eligibility | None) -> str:
    if it is None:
        return "the DfE has not validated the participant's details"
    reason = f", reason {it.reason}" if it.reason != "none" else ""
    return f"the participant's eligibility for funding is {it.status.value}{reason}"


def _on_statements(records: Records, declaration: Declaration) -> Iterator[str]:
    for it in records.line_items.by("declaration_id", declaration.id):
        statement = records.statements[it.statement_id]
        verb = (
            "paid by" if it.state in BILLABLE else "clawed back on" if it.state is not DeclarationState.VOIDED else ""
        )
        if verb and it.state is declaration.state:
            days = f"cut-off {statement.deadline_date}, payment {statement.payment_date}"
            yield f"It is {verb} the statement {statement.name} of {statement.cohort} ({days})."


def _training(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if isinstance(before, TrainingRecord) and isinstance(after, TrainingRecord):
        for name, was, now in _differences(before, after):
            if name == "schedule_id":
                was, now, name = (_schedule(records, was), _schedule(records, now), "schedule")
            if not name.endswith("_id"):
                whom = user_of(records, after).full_name
                yield f"{name.replace('_', ' ').capitalize()} of {whom}: {readable(was)}, now {readable(now)}."


def _schedule(records: Records, id: str) -> str:
    schedule = records.schedules[id]
    return f"{schedule.identifier} of {schedule.cohort}"


def _status(_records: Records, change: RowChange) -> Iterator[str]:
    if isinstance(change.after, StatusChange):
        yield f"Noted in the journal of the training: {readable(change.after)}."


def _induction(records: Records, change: RowChange) -> Iterator[str]:
    after = change.after
    if change.before is None and isinstance(after, InductionRecord):
        whom = user_of(records, records.training_records[after.training_record_id]).full_name
        yield f"{whom} goes on with a new induction record {readable(after)}."


def _partnership(records: Records, change: RowChange) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(after, Partnership):
        return
    school, partner = records.schools[after.school_id], records.delivery_partners[after.delivery_partner_id]
    until = (
        f" The school may challenge it until {readable(after.challenge_deadline)}." if after.challenge_deadline else ""
    )
    where = f"{school.name} for {after.cohort}"
    if not isinstance(before, Partnership):
        yield f"A partnership with {where} was confirmed, with {partner.name} ({after.id}).{until}"
    elif before.delivery_partner_id != after.delivery_partner_id:
        was = records.delivery_partners[before.delivery_partner_id].name
        yield f"The delivery partner at {where} is {partner.name}, no longer {was}.{until}"
    elif before.challenged and not after.challenged:
        yield f"The challenged partnership with {where} stands again.{until}"


def _differences(before: Record, after: Record) -> Iterator[tuple[str, Any, Any]]:
    was, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    for name, value in now.items():
        if value != was[name] and name not in _UNTOLD:
            yield name, was[name], value


_WORDS: Mapping[type[Record], Callable[[Records, RowChange], Iterator[str]]] = {
    Declaration: _declaration,
    TrainingRecord: _training,
    StatusChange: _status,
    InductionRecord: _induction,
    Partnership: _partnership,
}
