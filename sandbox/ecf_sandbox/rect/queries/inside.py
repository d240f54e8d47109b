"""What a world holds about somebody, and what stands on a statement, for whoever looks at it from outside the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import at_school_periods_of, teacher_of, training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Subject

# Whose a row is; others, such as that of a mentor, say with whom it has to do.
OWNERS = frozenset({"teacher_id", "at_school_period_id", "ect_at_school_period_id", "training_period_id"})


class DeclarationOnStatement(Record, frozen=True, kw_only=True):
    """A declaration on a statement; `state` is its own, `state_here` what the statement does about it."""

    id: str
    person: str
    type: str
    date: str
    state: str
    state_here: str


class StatementContents(Record, frozen=True, kw_only=True):
    """A statement and what stands on it; clawbacks are apart from what is paid."""

    id: str
    name: str
    provider: str
    cohort: int
    status: str
    deadline_date: date
    payment_date: date
    counts: Mapping[str, Mapping[str, int]]
    declarations: tuple[DeclarationOnStatement, ...]
    clawbacks: tuple[DeclarationOnStatement, ...]


def person(records: Records, called: str) -> Subject | None:
    """The person with a name or an id, retired or not; of several with one name the newest."""
    found = records.teachers.get(called) or next(_retired(records, called), None)
    if found is None:
        namesakes = [it for it in records.teachers if called in (full_name(it), *_training_record_ids(it))]
        found = max(namesakes, key=lambda it: it.created_at, default=None)
    return None if found is None else Subject(found.id, full_name(found), _ids(records, found), OWNERS)


def _retired(records: Records, id: str) -> Iterator[Teacher]:
    return (records.teachers[it.teacher_id] for it in records.id_changes.by("from_participant_id", id))


def _training_record_ids(it: Teacher) -> list[str]:
    return [it.training_record_id(kind) for kind in TeacherType]


def _ids(records: Records, teacher: Teacher) -> frozenset[str]:
    training = [it for kind in TeacherType for it in training_of(records, teacher.id, kind)]
    return frozenset(
        {
            teacher.id,
            *_training_record_ids(teacher),
            *(it.from_participant_id for it in records.id_changes.by("teacher_id", teacher.id)),
            *(it.id for kind in TeacherType for it in at_school_periods_of(records, teacher.id, kind)),
            *(it.id for it in training),
            *(it.id for each in training for it in records.declarations.by("training_period_id", each.id)),
        }
    )


def statement(records: Records, id: str) -> StatementContents | None:
    """What stands on the statement of that id, the oldest declaration first."""
    it = records.statements.get(id)
    if it is None:
        return None
    paid = [
        _on_statement(records, each, each.payment_status.value)
        for each in _in_order(records.declarations.by("payment_statement_id", id))
    ]
    taken_back = [
        _on_statement(records, each, each.clawback_status.value.replace("_", "-"))
        for each in _in_order(records.declarations.by("clawback_statement_id", id))
    ]
    types: dict[str, list[str]] = {}
    for each in (*paid, *taken_back):
        types.setdefault(each.state_here, []).append(each.type)
    return StatementContents(
        id=it.id,
        name=f"{it.year}-{it.month}",
        provider=records.lead_providers[it.lead_provider_id].name,
        cohort=it.contract_period_year,
        status=it.status.value,
        deadline_date=it.deadline_date,
        payment_date=it.payment_date,
        counts={state: dict(Counter(those)) for state, those in types.items()},
        declarations=tuple(paid),
        clawbacks=tuple(taken_back),
    )


def _in_order(found: Iterable[Declaration]) -> list[Declaration]:
    return sorted(found, key=lambda it: (it.created_at, it.id))


def _on_statement(records: Records, it: Declaration, state_here: str) -> DeclarationOnStatement:
    return DeclarationOnStatement(
        id=it.id,
        person=full_name(teacher_of(records, records.training_periods[it.training_period_id])),
        type=it.declaration_type,
        date=instant(it.declaration_date),
        state=it.state.value,
        state_here=state_here,
    )
