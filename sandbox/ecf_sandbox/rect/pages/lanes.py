"""The people of a story, each with how they stand, their stretches of training, and what was declared for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.pages.teachers import declarations_of
from ecf_sandbox.rect.pages.words import course, span, statement_name, trained_by
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Chip, Lane

MOST = 6  # people that fit on a screen beside a step
FEW = 3  # and with their stretches of training
STRETCHES = 3  # of somebody's training, the latest ones


def lanes(records: AnyRecords, names: Sequence[str]) -> tuple[Lane, ...]:
    """Those of these names whom the records know, the newest of each name, at most six."""
    assert isinstance(records, Records)
    newest: dict[str, Teacher] = {}
    for teacher in sorted(records.teachers, key=lambda it: it.created_at):
        newest[full_name(teacher)] = teacher
    found = [newest[name] for name in dict.fromkeys(names) if name in newest]
    return tuple(_lane(records, it, training=len(found) <= FEW) for it in found[:MOST])


def _lane(records: Records, teacher: Teacher, *, training: bool) -> Lane:
    stretches = [it for kind in TeacherType for it in training_of(records, teacher.id, kind)]
    both = len({it.kind for it in stretches}) > 1
    shown = [_stretch(records, it, as_one=both) for it in stretches[-STRETCHES:]] if training else []
    declared = [_declared(records, it) for it in declarations_of(records, teacher)]
    return Lane(
        id=teacher.id,
        name=full_name(teacher),
        facts=tuple(_facts(records, teacher)),
        chips=(*shown, *declared),
        empty="no training, no declarations" if training else "no declarations",
    )


def _facts(records: Records, teacher: Teacher) -> Iterator[str]:
    for kind in TeacherType:
        if records.at_school_periods.by("teacher_id,kind", (teacher.id, kind)):
            found = training_of(records, teacher.id, kind)
            yield course(kind)
            yield f"{found[-1].training_status.value}" if found else "not in training"


def _stretch(records: Records, it: TrainingPeriod, *, as_one: bool) -> Chip:
    """A stretch of training; of who is ECT and mentor, `as_one` of them."""
    status = "" if it.training_status == "active" else f", {it.training_status.value}"
    whose = f" as {course(it.kind)}" if as_one else ""
    return Chip(name=f"{trained_by(records, it)}{whose}", state=f"{span(it)}{status}")


def _declared(records: Records, it: Declaration) -> Chip:
    taken_back = it.clawback_status is not ClawbackStatus.NO_CLAWBACK
    found = records.statements.get(it.clawback_statement_id if taken_back else it.payment_statement_id)
    note = ""
    if found is not None:
        paid = "" if found.status is StatementStatus.PAID else ", not paid yet"
        note = f"{statement_name(found)} statement{paid}"
    return Chip(name=it.declaration_type, state=state(it.state.value), note=note)
