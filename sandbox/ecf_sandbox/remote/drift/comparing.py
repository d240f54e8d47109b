"""Says how the shape of a document there differs from the one here; data may differ, and null goes with any type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ecf_sandbox.remote.drift.enums import Enums
from ecf_sandbox.remote.drift.formats import OTHER
from ecf_sandbox.remote.drift.shapes import Shape, Shapes


class Unlike(NamedTuple):
    """A difference at a pointer, of a kind that `difference.MEANINGS` has."""

    kind: str
    pointer: str
    there: str
    here: str


def compared(there: Shapes, here: Shapes, enums: Enums) -> Iterator[Unlike]:
    """Every difference at a pointer that both have, in the order of the document there.

    `enums` has the values that the OpenAPI document knows at each pointer; where it has none, any text goes.
    """
    for pointer, it in there.items():
        known = enums.get(pointer)
        own = here.get(pointer, Shape())
        yield from _keys(pointer, it, own)
        yield from _types(pointer, it, own)
        if "string" in own.types:
            yield from _formats(pointer, it, own)
        if known is not None:
            yield from _values(pointer, it, own, known)


def _keys(pointer: str, there: Shape, here: Shape) -> Iterator[Unlike]:
    if "object" not in there.types or "object" not in here.types:
        return
    for key in there.keys:
        if key not in here.keys:
            yield Unlike("key-added", f"{pointer}/{key}", "present", "absent")
    for key in here.keys:
        if key in here.always and key not in there.keys:
            yield Unlike("key-missing", f"{pointer}/{key}", "absent", "present")
        elif key in here.always and key not in there.always:
            yield Unlike("key-sometimes", f"{pointer}/{key}", "sometimes present", "always present")
    both = set(there.keys) & set(here.keys)
    theirs, ours = [it for it in there.keys if it in both], [it for it in here.keys if it in both]
    if theirs != ours:
        yield Unlike("key-order", pointer, ", ".join(theirs), ", ".join(ours))


def _types(pointer: str, there: Shape, here: Shape) -> Iterator[Unlike]:
    theirs, ours = there.types - {"null"}, here.types - {"null"}
    if ours and theirs - ours:
        yield Unlike("type", pointer, _listed(there.types), _listed(here.types))


def _formats(pointer: str, there: Shape, here: Shape) -> Iterator[Unlike]:
    if OTHER not in here.formats and there.formats - here.formats:
        yield Unlike("format", pointer, _listed(there.formats), _listed(here.formats))


def _values(pointer: str, there: Shape, here: Shape, known: Sequence[str]) -> Iterator[Unlike]:
    for value in sorted(there.values):
        if value not in known:
            yield Unlike("value", pointer, value, f"one of {', '.join(known)}")
        elif value not in here.values and (same := _spelt_otherwise(value, here.values)):
            yield Unlike("spelling", pointer, value, same)


def _spelt_otherwise(value: str, among: set[str]) -> str | None:
    return next((it for it in sorted(among) if it.replace("-", "_") == value.replace("-", "_")), None)


def _listed(names: set[str]) -> str:
    return " or ".join(sorted(names))
