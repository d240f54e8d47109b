"""What a turn changed: each row that it wrote, as it was before and as it is after."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.state.journal import Change
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import TABLES, Records


def changes_of(before: Records, after: Records, saved: Iterable[Record]) -> tuple[Change, ...]:
    """The rows among those saved or removed (`Turn.saved`) that differ, each once, in the order of the writing."""
    found: dict[tuple[str, object], Change] = {}
    for row in saved:
        table = TABLES[type(row)]
        key = getattr(before, table).key_of(row)
        if (table, key) not in found:
            was, now = getattr(before, table).get(key), getattr(after, table).get(key)
            found[table, key] = Change(table=table, key=str(key), before=was, after=now)
    return tuple(it for it in found.values() if it.before != it.after)
