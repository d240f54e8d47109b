"""What a world holds about one thing: the timeline of somebody, and what stands on a statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from ecf_sandbox.control.journal import exchange_summary
from ecf_sandbox.control.operation import Long, operation
from ecf_sandbox.control.perform import Json, shown_change
from ecf_sandbox.control.problem import Problem, not_known
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.record import Record, plain
from ecf_sandbox.state.service import Subject
from ecf_sandbox.state.world import World

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@operation("GET", "/worlds/{world}/timeline", command="world timeline", takes_long=Long.HELP)
def show_timeline(
    world: World,
    person: Annotated[str, "a name, such as Jane Smith, or an id, also a retired one"],
    reads: Annotated[bool, "with requests that only read"] = False,
) -> Json:
    """Show what happened to somebody, the oldest first: exchanges of the journal, and rows that were there before.

    An exchange is theirs if it changed one of their rows, or names them and was refused.
    """
    found: Subject | None = _part(world, "person")(world.state.records, person)
    if found is None:
        raise not_known("person", person, _called(world, "people."))
    exchanges = [it for it in world.journal if not it.undone and _concerns(it, found, reads)]
    made = {(change.table, change.key) for it in exchanges for change in it.changes if change.before is None}
    entries = [*_rows(world, found, made), *((it.moment, _exchange(it, found)) for it in exchanges)]
    entries.sort(key=lambda pair: pair[0])
    return {"id": found.id, "name": found.name, "timeline": [entry for _, entry in entries]}


@operation("GET", "/worlds/{world}/statements/{statement}", command="world statement", takes_long=Long.HELP)
def show_statement(
    world: World,
    statement: Annotated[str, "its id, or its name, such as Ambition Institute.2025.January 2026"],
) -> Json:
    """Show what stands on a statement: its declarations with their states, counted by state and type.

    The API has no amounts, so these are counts.
    """
    show = _part(world, "statement")
    names = world.service.names(world.state.records)
    shown: Record | None = show(world.state.records, names.get(f"statements.{statement}", statement))
    if shown is None:
        raise not_known("statement", statement, _called(world, "statements."))
    document: Json = msgspec.to_builtins(shown)
    return document


def _part(world: World, name: str) -> Any:
    try:
        return world.service.part(name)
    except KeyError:
        raise Problem("not-here", 404, f"{world.service.title} has nothing of the kind: no {name}") from None


def _called(world: World, kind: str) -> list[str]:
    names = world.service.names(world.state.records)
    return [it.removeprefix(kind) for it in names if it.startswith(kind)]


def _concerns(it: Exchange, found: Subject, reads: bool) -> bool:
    if any(_about(change, found) for change in it.changes):
        return True
    named = any(id in it.target or id.encode() in it.request_body for id in found.ids)
    return named and (reads or (it.status >= 400 and it.method != "GET"))


def _about(change: RowChange, found: Subject) -> bool:
    return str(change.key) in found.ids or found.has(change.after or change.before)


def _exchange(it: Exchange, found: Subject) -> Json:
    own = [shown_change(change) for change in it.changes if _about(change, found)]
    return {"at": instant(it.moment), "source": "journal", **exchange_summary(it), "changes": own}


def _rows(world: World, found: Subject, made: set[tuple[str, str]]) -> Iterator[tuple[datetime, Json]]:
    """The rows that are somebody's, without those whose beginning the journal has."""
    records = world.state.records
    for name in records.TABLES.values():
        table = getattr(records, name)
        for row in table:
            key = str(table.key_of(row))
            if (name, key) not in made and (key in found.ids or found.has(row)):
                at: datetime | None = getattr(row, "created_at", None)
                entry = {"at": at and instant(at), "source": "records", "table": name, "key": key, "row": plain(row)}
                yield at or _EARLIEST, entry
