"""Whether records could have come about: every declaration against people, schedules and statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ecf_sandbox.ecf.domain.declarations import BILLABLE, Declaration, DeclarationState, LineItem, Phase, Statement
from ecf_sandbox.ecf.domain.participants import InductionStatus
from ecf_sandbox.ecf.queries.training import provider_id_of, user_of
from ecf_sandbox.ecf.records import Records

# The phases that the statements of a declaration's lines may be in; None stands for no line at all.
PHASES: dict[DeclarationState, list[list[tuple[DeclarationState, Phase | None]]]] = {
    DeclarationState.SUBMITTED: [[]],
    DeclarationState.ELIGIBLE: [[(DeclarationState.ELIGIBLE, Phase.OPEN)]],
    DeclarationState.PAYABLE: [[(DeclarationState.PAYABLE, Phase.PAYABLE)]],
    DeclarationState.PAID: [[(DeclarationState.PAID, Phase.PAID)]],
    DeclarationState.VOIDED: [[], *([(DeclarationState.VOIDED, phase)] for phase in Phase)],
    DeclarationState.INELIGIBLE: [[(DeclarationState.INELIGIBLE, phase)] for phase in Phase],
    DeclarationState.AWAITING_CLAWBACK: [
        [(DeclarationState.PAID, Phase.PAID), (DeclarationState.AWAITING_CLAWBACK, it)]
        for it in (Phase.OPEN, Phase.PAYABLE)
    ],
    DeclarationState.CLAWED_BACK: [[(DeclarationState.PAID, Phase.PAID), (DeclarationState.CLAWED_BACK, Phase.PAID)]],
}


def complaints(records: Records, as_of: datetime) -> Iterator[str]:
    """What is wrong with the records, a line each."""
    for it in records.statements:
        if it.phase is not phase_on(it, as_of):
            yield f"{it.name} of {it.cohort} is {it.phase} on {as_of}"
    for it in records.declarations:
        yield from (f"{it.type} of {it.date} ({it.state}): {wrong}" for wrong in _declaration(records, it, as_of))
    for training in records.training_records:
        live = [it.type for it in records.declarations.by("training_record_id", training.id) if it.live]
        if len(live) != len(set(live)):
            yield f"{training.id} has two live declarations of a type"
        yield from (f"{training.id}: {wrong}" for wrong in _history(records, training.id, as_of))
    for name in (
        "users",
        "identities",
        "training_records",
        "induction_records",
        "declarations",
        "line_items",
        "schools",
    ):
        for row in getattr(records, name):
            if not row.created_at <= row.updated_at <= as_of:
                yield f"{name} {row.id} was updated at {row.updated_at}, made at {row.created_at}"


def phase_on(it: Statement, as_of: datetime) -> Phase:
    today = as_of.date()
    if it.payment_date < today:
        return Phase.PAID
    return Phase.PAYABLE if it.deadline_date < today else Phase.OPEN


def _declaration(records: Records, it: Declaration, as_of: datetime) -> Iterator[str]:
    lines = sorted(records.line_items.by("declaration_id", it.id), key=lambda line: line.created_at)
    if [(line.state, records.statements[line.statement_id].phase) for line in lines] not in PHASES[it.state]:
        yield "its lines do not fit its state"
    for line in lines:
        yield from _line(records, it, line)
    training = records.training_records[it.training_record_id]
    eligibility = records.eligibilities.get(training.id)
    funded = eligibility is not None and eligibility.fundable
    if it.state is DeclarationState.SUBMITTED and funded:
        yield "waits although the training is funded"
    if (it.state in BILLABLE or it.state is DeclarationState.AWAITING_CLAWBACK) and not funded:
        yield "is paid although the training is not funded"
    schedules = [
        records.schedules[row.schedule_id] for row in records.induction_records.by("training_record_id", training.id)
    ]
    windows = [own.milestone(it.type) for own in schedules if own.cohort == it.cohort]
    if not any(w and w.opens <= it.date and (w.closes is None or it.date < w.closes) for w in windows):
        yield "lies in no milestone of its participant"
    if not it.date <= it.created_at <= as_of:
        yield "was not sent between its date and now"
    if it.user_id != user_of(records, training).id or it.participant_type is not training.type:
        yield "belongs to somebody else"
    if it.type != "started" and it.evidence_held is None:
        yield "has no evidence"
    if (it.state is DeclarationState.INELIGIBLE) != (it.superseded_by_id is not None):
        yield "a duplicate names its original, and nothing else does"
    if it.provider_id not in {
        provider_id_of(records, row) for row in records.induction_records.by("training_record_id", training.id)
    }:
        yield "was made by a provider who never trained them"


def _line(records: Records, it: Declaration, line: LineItem) -> Iterator[str]:
    statement = records.statements[line.statement_id]
    if (statement.provider_id, statement.cohort, statement.output_fee) != (it.provider_id, it.cohort, True):
        yield "stands on a statement that is not for it"
    own = records.statements.by("provider_id,cohort", (it.provider_id, it.cohort))
    day = line.created_at.date()
    taking = min((row.deadline_date for row in own if row.output_fee and row.deadline_date >= day), default=None)
    if taking != statement.deadline_date:
        yield f"stands on {statement.name}, which was not next on {day}"


def _history(records: Records, training_id: str, as_of: datetime) -> Iterator[str]:
    rows = records.induction_records.by("training_record_id", training_id)
    if not rows or not records.status_changes.by("training_record_id", training_id):
        yield "has no induction record or no status"
    if sum(it.end_date is None for it in rows) > 1:
        yield "has two open induction records"
    for it in rows:
        if it.induction_status in (InductionStatus.LEAVING, InductionStatus.CHANGED) and it.end_date is None:
            yield "left without an end"
        if it.created_at > as_of or it.start_date < datetime(2021, 1, 1, tzinfo=UTC):
            yield "has an induction record from another time"
