"""What an exchange changed, row by row, in the words that a service has for each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.web.ui.model import Change

NEW, GONE = "new", "gone"
# The records that the exchange left, and the row before and after.
Telling = Callable[[Any, Any, Any], Iterator[Change]]


def changes_of(exchange: Exchange, after: Any, words: Mapping[type[Record], Telling]) -> tuple[Change, ...]:
    """The changes that matter to somebody who watches, each once; kinds of rows without words are passed over."""
    known = {type(after).TABLES[kind]: tell for kind, tell in words.items()}
    found = [
        it
        for change in exchange.changes
        if change.table in known
        for it in known[change.table](after, change.before, change.after)
    ]
    return tuple(dict.fromkeys(found))


def differences(before: Record, after: Record, untold: frozenset[str]) -> Iterator[tuple[str, Any, Any]]:
    """The attributes that differ, with what they were and are."""
    was, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    for name, value in now.items():
        if value != was[name] and name not in untold:
            yield name, was[name], value
