"""What each caller of the API is shown of one thing, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecf_sandbox.web.ui.cells import state, text
from ecf_sandbox.web.ui.sections import Table

NOT_FOUND = "not found"
Part = Mapping[str, object]


def views(
    title: str, part: str, seen: Mapping[str, Sequence[Part]], attributes: Sequence[str], kind: str
) -> list[Table]:
    """A table for each part of the answer with a column for each caller; of attributes only those that say something.

    `seen` has the parts by the name of the caller, none where the thing is not found; `part` is what one is called,
    and `kind` the attribute that tells which it is.
    """
    tables = []
    length = max((len(it) for it in seen.values()), default=0)
    for place in range(max(1, length)):
        told = [it[place] if place < len(it) else None for it in seen.values()]
        which = next((str(it[kind]) for it in told if it), "")
        names = [name for name in attributes if any(it and it.get(name) is not None for it in told)] or attributes[:1]
        rows = tuple((text(state(name)), *(text(_value(it, name, attributes[0])) for it in told)) for name in names)
        called = f"{part} {place + 1}{', ' + which if which else ''}" if length > 1 else title
        tables.append(Table(title=called, columns=("", *seen), rows=rows))
    return tables


def _value(part: Part | None, name: str, first: str) -> str:
    if part is None:
        return NOT_FOUND if name == first else ""
    value = part.get(name)
    if isinstance(value, Mapping):
        return f"{value['reason']}, {str(value['date'])[:10]}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
