"""What an event may be told in a world, parameter by parameter, the plainest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from ecf_sandbox.ecf.domain.declarations import LIVE, Phase
from ecf_sandbox.ecf.domain.participants import Course
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.queries.participants import participants
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.described import Parameter
from ecf_sandbox.state.event import Event, key_of
from ecf_sandbox.state.properties import Choose

_PEOPLE = ("Una Brown", "Victor Lane", "Wyn Ashe", "Xan O’Hara", "Yaël Ibsen-Nkemelu")
# Days from today, the nearest first.
_DAYS = (0, 1, -1, 7, 30, -30, 90)
_WORDS: Mapping[str, Sequence[str]] = {
    "trn": ("2600001", "2600002"),
    "typed_trn": ("2600001",),
    "nino": ("QQ123456C",),
    "name": ("closing_2022", "programme_type_changes_2025"),
    "declaration_type": ("started", "retained-1", "completed"),
    "schedule_identifier": ("ecf-standard-september", "ecf-standard-january"),
}
_NOBODY = "nobody"


def names_of(records: Records) -> dict[str, str]:
    """By id, the reference that means it: `${people.Jane Smith}`. Two of one name: only the one who is meant has it."""
    return records.cached(references)


def arguments(records: Records, now: datetime, client: str, event: Event, choose: Choose) -> dict[str, Any] | None:
    """What an event is told; None where there is nothing that it could be about."""
    told: dict[str, Any] = {}
    for it in event.parameters:
        if it.required or _worth_telling(it, told):
            found = _options(records, now, client, event.name, it, told)
            if not found:
                return None
            if (value := choose(found)) is not None:
                told[it.name] = value
            elif it.required:
                told[it.name] = None
    return told


def _worth_telling(it: Parameter, told: Mapping[str, Any]) -> bool:
    """Of what may be left out, the course of somebody who trains on one that is not the usual, and an ECT's mentor."""
    if it.type is Course:
        return bool(told.get("participant_id"))
    return it.name == "mentor_id"


def _options(
    records: Records, now: datetime, client: str, event: str, it: Parameter, told: Mapping[str, Any]
) -> Sequence[Any]:
    key = key_of(it)
    if key is not None and key.table == "cohorts":
        return sorted((row.start_year for row in records.cohorts if _taught(records, row.start_year)), reverse=True)
    if key is not None:
        rows = _ROWS.get((event, it.name)) or _ROWS.get(("", it.name)) or _ROWS.get(("", key.table)) or _every
        named = names_of(records)
        found: list[Any] = [named[id] for id in rows(records, client, key.table) if id in named]
        found = [value for value in found if value not in told.values()]
        return [*found, None] if it.nullable else found
    if it.type is Course:
        return _courses(records, told)
    if it.name in ("full_name", "email"):
        return _new(records, it.name, told)
    return _values(it, now)


def _values(it: Parameter, now: datetime) -> Sequence[Any]:
    if get_origin(it.type) is Literal:
        return get_args(it.type)
    if isinstance(it.type, type) and issubclass(it.type, StrEnum):
        return [member.value for member in it.type]
    if it.type is bool:
        return (False, True)
    if it.type is date:
        return [(now.date() + timedelta(days=days)).isoformat() for days in _DAYS]
    return _WORDS.get(it.name, ())


def _new(records: Records, name: str, told: Mapping[str, Any]) -> Sequence[str]:
    """A name or an address that nobody has yet."""
    taken = {it.full_name for it in records.users}
    free = [it for it in _PEOPLE if it not in taken] or [f"{_PEOPLE[0]} {len(taken)}"]
    if name == "full_name":
        return free
    whose = str(told.get("full_name") or free[0])
    local = "".join(it for it in whose.lower().replace(" ", ".") if it.isascii() and (it.isalnum() or it == "."))
    return [f"{local}.{len(records.identities)}@example.com"]


def _courses(records: Records, told: Mapping[str, Any]) -> Sequence[str]:
    """The courses of who is meant."""
    id = names(records).get(str(told["participant_id"])[2:-1], _NOBODY)
    return [it.type.course.value for it in training_records_of(records, id)]


def _taught(records: Records, cohort: int) -> bool:
    return any(it.cohort == cohort for it in records.school_cohorts) or any(
        it.cohort == cohort for it in records.provider_relationships
    )


Find = Callable[[Records, str, str], Iterable[str]]


def _every(records: Records, _: str, table: str) -> Iterable[str]:
    return [it.id for it in getattr(records, table)]


def people(records: Records, client: str, _: str = "") -> list[str]:
    """Everybody in training, those whom the client sees first."""
    own = [it.user.id for it in participants(records, client, validated_only=False)]
    others = (it.id for it in sorted(records.users, key=lambda it: (it.created_at, it.id)))
    return [*own, *(id for id in others if id not in own and training_records_of(records, id))]


def _own_people(records: Records, client: str, _: str) -> list[str]:
    """Those whom the client sees, if there are two of them: it would not notice a merge of others."""
    own = [it.user.id for it in participants(records, client, validated_only=False)]
    return own if len(own) > 1 else people(records, client)


def _mentors(records: Records, client: str, _: str) -> list[str]:
    own = people(records, client)
    return [id for id in own if any(not it.ect for it in training_records_of(records, id))]


def _statements(*phases: Phase) -> Find:
    """Those in a phase that have something on them, the first due first."""

    def found(records: Records, client: str, _: str) -> Iterable[str]:
        wanted = [
            it for it in records.statements if it.phase in phases and records.line_items.by("statement_id", it.id)
        ]
        return [it.id for it in sorted(wanted, key=lambda it: (it.provider_id != client, it.deadline_date, it.id))]

    return found


def _unchallenged(records: Records, client: str, _: str) -> Iterable[str]:
    found = [it for it in records.partnerships if not it.challenged]
    return [it.id for it in sorted(found, key=lambda it: (it.provider_id != client, -it.cohort, it.id))]


def _declared(records: Records, client: str, _: str) -> Iterable[str]:
    found = [it for it in records.declarations if it.state in LIVE]
    return [it.id for it in sorted(found, key=lambda it: (it.provider_id != client, it.created_at, it.id))]


def _open_partners(records: Records, _: str, __: str) -> Iterable[str]:
    return [it.id for it in records.delivery_partners if it.discarded_at is None]


def _schools(records: Records, _: str, __: str) -> Iterable[str]:
    return [it.id for it in sorted(records.schools, key=lambda it: it.urn)]


# Which rows a parameter of an event may name: by event and parameter, by parameter, or by table.
_ROWS: Mapping[tuple[str, str], Find] = {
    ("", "users"): people,
    ("", "mentor_id"): _mentors,
    ("set_mentor_completion", "participant_id"): _mentors,
    ("merge_participants", "from_participant_id"): _own_people,
    ("merge_participants", "to_participant_id"): _own_people,
    ("", "schools"): _schools,
    ("cut_off_statement", "statement_id"): _statements(Phase.OPEN),
    ("pay_statement", "statement_id"): _statements(Phase.PAYABLE),
    ("", "partnerships"): _unchallenged,
    ("", "declarations"): _declared,
    ("", "delivery_partners"): _open_partners,
}


def references(records: Records) -> dict[str, str]:
    """The same, worked out."""
    return {id: f"${{{name}}}" for name, id in names(records).items() if not name.endswith((".ect", ".mentor"))}
