"""What an event may be told in a world, parameter by parameter, the plainest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.events.event import As
from ecf_sandbox.rect.queries.names import full_name, names
from ecf_sandbox.rect.queries.participants import participants
from ecf_sandbox.rect.queries.training import at_school_periods_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.described import Parameter
from ecf_sandbox.tools.properties.arguments import Find, Vocabulary, address_of, new_names, references

_NEW_TRNS = ("2600001", "2600002", "2600003")
_REGISTRATIONS = {"register_ect": TeacherType.ECT, "register_mentor": TeacherType.MENTOR}
_NOBODY = "nobody"


def names_of(records: Records) -> dict[str, str]:
    """By id, the reference that means it: `${people.Jane Smith}`. Two of one name: only the newest has it."""
    return records.cached(_references)


def _references(records: Records) -> dict[str, str]:
    return references(names(records))


def _worth_telling(it: Parameter, told: Mapping[str, Any]) -> bool:
    """Of what may be left out, by whom somebody is trained, as which of the two they are meant, and how it ended."""
    return it.name in ("lead_provider", "outcome") or (it.type is As and bool(told.get("participant_id")))


def _values(records: Records, event: str, it: Parameter, told: Mapping[str, Any]) -> Sequence[Any] | None:
    if it.type is As:
        return _kinds(records, told)
    if it.name == "lead_provider":
        known = sorted(row.name for row in records.lead_providers)
        return [*known, None] if it.nullable else known
    if it.name == "trn":
        return _reference_numbers(records, _REGISTRATIONS[event])
    if it.name in ("first_name", "last_name", "name", "email"):
        return [_of_somebody(records, it.name, told)]
    return None


def _of_somebody(records: Records, wanted: str, told: Mapping[str, Any]) -> str:
    """A part of the name of who is told of: as they are known, or of somebody new; or an address for it."""
    known = records.teachers.one("trn", told.get("trn"))
    name = full_name(known) if known else str(told.get("name") or new_names(map(full_name, records.teachers))[0])
    first, _, last = name.partition(" ")
    if wanted == "email":
        return address_of(name, len(records.at_school_periods))
    return {"first_name": first, "last_name": last or first, "name": name}[wanted]


def _reference_numbers(records: Records, kind: TeacherType) -> Sequence[str]:
    """Those of people who move, then one that is new."""
    moving = [
        it.trn
        for it in sorted(records.teachers, key=lambda it: (it.created_at, it.id))
        if it.trn and at_school_periods_of(records, it.id, kind)
    ]
    new = next((it for it in _NEW_TRNS if records.teachers.one("trn", it) is None), None)
    return [*([new] if new else []), *moving]


def _kinds(records: Records, told: Mapping[str, Any]) -> Sequence[str]:
    """As what who is meant is at a school."""
    id = names(records).get(str(told["participant_id"])[2:-1], _NOBODY)
    return [it.value for it in As if at_school_periods_of(records, id, it.kind)]


def _years(records: Records, _: str, __: str) -> Iterable[int]:
    """The cohorts that people train in, the newest first."""
    taught = {records.delivery_partnerships[it.delivery_partnership_id] for it in records.school_partnerships}
    return sorted({it.contract_period_year for it in taught}, reverse=True)


def people(records: Records, client: str, _: str = "") -> list[str]:
    """Everybody, those whom the client sees first."""
    own = [it.teacher.id for it in participants(records, client)]
    others = (it.id for it in sorted(records.teachers, key=lambda it: (it.created_at, it.id)))
    return [*own, *(id for id in others if id not in own)]


def _own_people(records: Records, client: str, _: str) -> list[str]:
    """Those whom the client sees, if there are two of them: it would not notice a merge of others."""
    own = [it.teacher.id for it in participants(records, client)]
    return own if len(own) > 1 else people(records, client)


def _as(kind: TeacherType) -> Find:
    def found(records: Records, client: str, _: str) -> Iterable[str]:
        return [id for id in people(records, client) if at_school_periods_of(records, id, kind)]

    return found


def _inducted(records: Records, client: str, _: str) -> Iterable[str]:
    return [id for id in people(records, client) if any(records.induction_periods.by("teacher_id", id))]


def _not_inducted(records: Records, client: str, _: str) -> Iterable[str]:
    ects = _as(TeacherType.ECT)(records, client, "")
    return [id for id in ects if not any(records.induction_periods.by("teacher_id", id))]


def _payable(records: Records, client: str, _: str) -> Iterable[str]:
    """Statements that can be paid, and have something on them, the first due first."""
    found = [
        it
        for it in records.statements
        if it.status is StatementStatus.PAYABLE
        and (
            any(records.declarations.by("payment_statement_id", it.id))
            or any(records.declarations.by("clawback_statement_id", it.id))
        )
    ]
    return [it.id for it in sorted(found, key=lambda it: (it.lead_provider_id != client, it.deadline_date, it.id))]


def _schools(records: Records, _: str, __: str) -> Iterable[str]:
    return [it.id for it in sorted(records.schools, key=lambda it: it.urn)]


# Which rows a parameter of an event may name: by event and parameter, by parameter, or by table.
_ROWS: Mapping[tuple[str, str], Find] = {
    ("", "teachers"): people,
    ("", "ect_id"): _as(TeacherType.ECT),
    ("", "mentor_id"): _as(TeacherType.MENTOR),
    ("ect_leaves", "participant_id"): _as(TeacherType.ECT),
    ("mentor_leaves", "participant_id"): _as(TeacherType.MENTOR),
    ("induction_starts", "participant_id"): _not_inducted,
    ("induction_ends", "participant_id"): _inducted,
    ("merge_participants", "from_id"): _own_people,
    ("merge_participants", "to_id"): _own_people,
    ("", "schools"): _schools,
    ("", "statements"): _payable,
    ("", "contract_periods"): _years,
}
VOCABULARY = Vocabulary(
    rows=_ROWS,
    names=names_of,
    values=_values,
    worth_telling=_worth_telling,
    keyed=frozenset({"contract_periods"}),
)
