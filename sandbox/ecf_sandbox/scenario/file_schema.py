"""The scenario file as a JSON Schema, with which editors complete, explain and check what is typed.

It is of version 7, which the YAML support of VS Code and of the JetBrains editors knows, and follows from the
shapes of the sections (`section.py`). What depends on the rest of the file (whether a name stands for anything) only
the reader says.
"""

from __future__ import annotations

import json
import re

from ecf_sandbox.scenario.fields import or_nothing
from ecf_sandbox.scenario.file import kinds_of_file
from ecf_sandbox.scenario.section import NONE, Field, Schema, Section, by_precedence
from ecf_sandbox.services import service_named
from ecf_sandbox.state.service import Service

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def as_json(service: Service | None = None) -> str:
    """The schema of the first service unless another is given; shipped as `scenarios/scenario.schema.json`."""
    return json.dumps(as_schema(service or service_named()), indent=2, ensure_ascii=False) + "\n"


def as_schema(service: Service) -> Schema:
    """The schema: a definition for each section, and which of them the whole file is."""
    definitions: dict[str, Schema] = {}
    for top in kinds_of_file(service):
        _define(top, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of ecf-sandbox",
        "type": "object",
        **_one_of(kinds_of_file(service)),
        "definitions": definitions,
    }


def _define(section: type[Section], definitions: dict[str, Schema]) -> None:
    name = _name(section)
    if name in definitions:
        return
    definitions[name] = {}  # keeps the order of the file
    shape = section.shape
    required = [name for name, key in shape.keys.items() if key.required]
    definitions[name] = {
        "title": shape.title,
        **({"description": _plain(shape.about)} if shape.about else {}),
        "properties": {name: _property(key) for name, key in shape.keys.items()},
        **({"required": required} if required else {}),
        **({"anyOf": [{"required": [it]} for it in shape.one_of]} if shape.one_of else {}),
        "additionalProperties": False,
    }
    for key in shape.keys.values():
        for it in key.type.members:
            _define(it, definitions)


def _property(key: Field) -> Schema:
    left_out = "" if key.required or key.default == NONE else f". If left out: {key.default}"
    value = _with_members(key.type.schema, key.type.members)
    return {"description": _plain(key.meaning + left_out), **(value if key.required else or_nothing(value))}


def _with_members(schema: Schema, members: tuple[type[Section], ...]) -> Schema:
    """The schema of a value that is a section, or a list or mapping of sections."""
    if not members:
        return dict(schema)
    # The sections have no type of their own, so that a key may be there without a value.
    member = _one_of(members)
    if "array" in schema["type"]:
        return {**schema, "items": {"type": "object", **member}}
    if "patternProperties" in schema:
        entries = {name: {"type": "object", **member} for name in schema["patternProperties"]}
        return {**schema, "patternProperties": entries}
    if "additionalProperties" in schema:
        return {**schema, "additionalProperties": {"type": "object", **member}}
    return {**schema, **member}


def _one_of(sections: tuple[type[Section], ...]) -> Schema:
    """Which of several sections a value is, by the key that marks it; else the last, if that needs no mark.

    Conditions rather than `anyOf`: so an editor underlines the wrong key, and not the whole entry.
    """
    if len(sections) == 1:
        return {"allOf": [_reference(sections[0])]}
    *marked, last = by_precedence(sections)
    chosen: Schema = _reference(last)
    if last.shape.marked_by:
        marked, chosen = [*marked, last], {"anyOf": [_reference(it) for it in sections]}
    for it in reversed(marked):
        chosen = {"if": {"required": [it.shape.marked_by]}, "then": _reference(it), "else": chosen}
    return chosen


def _reference(section: type[Section]) -> Schema:
    return {"$ref": f"#/definitions/{_name(section)}"}


def _name(section: type[Section]) -> str:
    """`people[].ect.declarations, …` is `people.ect.declarations`."""
    return re.sub(r"\W+", ".", section.shape.title.partition(",")[0].lower()).strip(".")


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    return text[:1].upper() + text[1:]
