"""The shape of a JSON document: what stands at each pointer, all items of a list at one (`/data/*/id`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ecf_sandbox.remote.drift.formats import format_of

Shapes = dict[str, "Shape"]


@dataclass(slots=True)
class Shape:
    """What was found at a pointer, however often: JSON types, keys of objects, formats and values of texts.

    `keys` are in the order of the first object; `always` are those that each of them has.
    """

    types: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    always: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)


def shapes_of(document: Any) -> Shapes:
    """The shape of a document, by JSON pointer."""
    found: Shapes = {}
    _look(document, "", found)
    return found


def _look(value: Any, pointer: str, found: Shapes) -> None:
    it = found.setdefault(pointer, Shape())
    if isinstance(value, dict):
        _note_keys(it, list(value))
        for key, inner in value.items():
            _look(inner, f"{pointer}/{key}", found)
    elif isinstance(value, list):
        for inner in value:
            _look(inner, f"{pointer}/*", found)
    elif isinstance(value, str):
        it.formats.add(format_of(value))
        it.values.add(value)
    it.types.add(_type_of(value))


def _note_keys(it: Shape, keys: list[str]) -> None:
    it.always = it.always & set(keys) if "object" in it.types else set(keys)
    it.keys += [key for key in keys if key not in it.keys]


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array"}
    return names.get(type(value), "null")
