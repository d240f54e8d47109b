"""What an event may be told in a world, parameter by parameter, the plainest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from ecf_sandbox.state.described import Parameter
from ecf_sandbox.state.event import Event, key_of
from ecf_sandbox.state.properties import Choose

# Days from today, the nearest first.
_DAYS = (0, 1, -1, 7, 30, -30, 90)
Told = Mapping[str, Any]
# Which rows of a table may be named, by their keys: of these records, for the client with this id.
Find = Callable[[Any, str, str], Iterable[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """What a service's events are told.

    `rows` says which rows a parameter may name: by event and parameter, by parameter, or by table. `names` has the
    reference that means a row, by its id; a row without one is told by its key if its table is in `keyed`, else not at
    all. `values` knows parameters that depend on records or on what was told before them, and answers None for others;
    `worth_telling` says which of those that may be left out are told.
    """

    rows: Mapping[tuple[str, str], Find]
    names: Callable[[Any], Mapping[str, str]]
    values: Callable[[Any, str, Parameter, Told], Sequence[Any] | None]
    worth_telling: Callable[[Parameter, Told], bool]
    keyed: frozenset[str] = frozenset()

    def arguments(self, records: Any, now: datetime, client: str, event: Event, choose: Choose) -> Told | None:
        """What an event is told; None where there is nothing that it could be about."""
        told: dict[str, Any] = {}
        for it in event.parameters:
            if it.required or self.worth_telling(it, told):
                found = self._options(records, now, client, event.name, it, told)
                if not found:
                    return None
                if (value := choose(found)) is not None:
                    told[it.name] = value
                elif it.required:
                    told[it.name] = None
        return told

    def _options(
        self, records: Any, now: datetime, client: str, event: str, it: Parameter, told: Told
    ) -> Sequence[Any]:
        key = key_of(it)
        if key is not None:
            find = (
                self.rows.get((event, it.name))
                or self.rows.get(("", it.name))
                or self.rows.get(("", key.table))
                or _ids
            )
            found = list(find(records, client, key.table))
            if key.table not in self.keyed:
                named = self.names(records)
                found = [named[id] for id in found if id in named]
            found = [value for value in found if value not in told.values()]
            return [*found, None] if it.nullable else found
        known = self.values(records, event, it, told)
        return _plain_values(it, now) if known is None else known


def _ids(records: Any, _: str, table: str) -> Iterable[str]:
    return [it.id for it in getattr(records, table)]


def _plain_values(it: Parameter, now: datetime) -> Sequence[Any]:
    if get_origin(it.type) is Literal:
        return get_args(it.type)
    if isinstance(it.type, type) and issubclass(it.type, StrEnum):
        return [member.value for member in it.type]
    if it.type is bool:
        return (False, True)
    if it.type is date:
        return [(now.date() + timedelta(days=days)).isoformat() for days in _DAYS]
    return ()


def references(named: Mapping[str, str]) -> dict[str, str]:
    """By id, the reference that means it, `${people.Jane Smith}`, of the ids by name. The last of one name has it."""
    return {id: f"${{{name}}}" for name, id in named.items() if not name.endswith((".ect", ".mentor"))}


# Somebody who is new, the plainest name first.
PEOPLE = ("Una Brown", "Victor Lane", "Wyn Ashe", "Xan O’Hara", "Yaël Ibsen-Nkemelu")


def new_names(taken: Iterable[str]) -> list[str]:
    """Names that nobody has yet."""
    known = set(taken)
    return [it for it in PEOPLE if it not in known] or [f"{PEOPLE[0]} {len(known)}"]


def address_of(name: str, number: int) -> str:
    """An e-mail address for somebody of that name, which no other number has."""
    local = "".join(it for it in name.lower().replace(" ", ".") if it.isascii() and (it.isalnum() or it == "."))
    return f"{local}.{number}@example.com"
