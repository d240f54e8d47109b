"""What a write changed, as sentences; each service has the words for its own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from ecf_sandbox.state.journal import Exchange, RowChange, records_after
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records

R = TypeVar("R", bound=Records)


def sentences(
    exchange: Exchange, of: type[R], words: Mapping[type[Record], Callable[[R, RowChange], Iterator[str]]]
) -> Iterator[str]:
    """Sentences for each row that matters, then a count of all that were written.

    Raises TypeError where the records are not `of` that service.
    """
    records = records_after(exchange)
    if not isinstance(records, of):
        raise TypeError(f"{type(records)} are records of another service")
    types = {name: type for type, name in records.TABLES.items()}
    for change in exchange.changes:
        if (about := words.get(types[change.table])) is not None:
            yield from about(records, change)
    tables = Counter(it.table.replace("_", " ") for it in exchange.changes)
    if tables:
        yield "Rows written: " + ", ".join(f"{name} {count}" for name, count in tables.items()) + "."
