"""The people of a story, each with how they stand and what was declared for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecf_sandbox.ecf.domain.declarations import Declaration, Phase
from ecf_sandbox.ecf.domain.participants import TrainingRecord, User
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Chip, Lane

MOST = 6  # that fit on a screen beside a step


def lanes(records: AnyRecords, names: Sequence[str]) -> tuple[Lane, ...]:
    """Those of these names whom the records know, the newest of each name, at most six."""
    assert isinstance(records, Records)
    newest: dict[str, User] = {}
    for user in sorted(records.users, key=lambda it: it.created_at):
        newest[user.full_name] = user
    found = [newest[name] for name in dict.fromkeys(names) if name in newest]
    return tuple(_lane(records, it) for it in found[:MOST])


def _lane(records: Records, user: User) -> Lane:
    trainings = training_records_of(records, user.id)
    facts = tuple(fact for it in trainings for fact in _facts(it))
    declarations = sorted(
        (it for training in trainings for it in records.declarations.by("training_record_id", training.id)),
        key=lambda it: (it.created_at, it.id),
    )
    chips = tuple(_chip(records, it) for it in declarations)
    return Lane(id=user.id, name=user.full_name, facts=facts, chips=chips, empty="no declarations")


def _facts(it: TrainingRecord) -> Iterator[str]:
    yield "ECT" if it.ect else "mentor"
    if it.status.value != "active":
        yield "removed by the school"
    elif it.completed:
        yield "training completed"
    else:
        yield it.training_status.value


def _chip(records: Records, it: Declaration) -> Chip:
    lines = sorted(records.line_items.by("declaration_id", it.id), key=lambda line: line.created_at)
    statement = records.statements[lines[-1].statement_id] if lines else None
    note = ""
    if statement is not None and it.state.value != "voided":
        paid = "" if statement.phase is Phase.PAID else ", not paid yet"
        note = f"{statement.name} statement{paid}"
    return Chip(name=it.type, state=state(it.state.value), note=note)
