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
from ecf_sandbox.services import DEFAULT, service_named, service_names
from ecf_sandbox.state.service import Service

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def as_json() -> str:
    """The schema of files of all services; shipped as `scenarios/scenario.schema.json`."""
    others = (service_named(it) for it in service_names() if it != DEFAULT)
    return json.dumps(as_schema(service_named(), *others), indent=2, ensure_ascii=False) + "\n"


def as_schema(service: Service, *others: Service) -> Schema:
    """The schema: a definition for each section, and which of them the whole file is.

    A file is of the first service unless it names one of the others, whose definitions have its name before their own.
    """
    definitions: dict[str, Schema] = {}
    chosen = _define_all(service, definitions)
    for it in others:
        named = {"required": ["service"], "properties": {"service": {"const": it.name}}}
        chosen = {"if": named, "then": _define_all(it, definitions, f"{it.name}."), "else": chosen}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of ecf-sandbox",
        "type": "object",
        **chosen,
        "definitions": definitions,
    }


def _define_all(service: Service, definitions: dict[str, Schema], prefix: str = "") -> Schema:
    """Define the sections of a service, and say which of them a file of it is."""
    for top in kinds_of_file(service):
        _define(top, definitions, prefix)
    return _one_of(kinds_of_file(service), prefix)


def _define(section: type[Section], definitions: dict[str, Schema], prefix: str) -> None:
    name = _name(section, prefix)
    if name in definitions:
        return
    definitions[name] = {}  # keeps the order of the file
    shape = section.shape
    required = [name for name, key in shape.keys.items() if key.required]
    definitions[name] = {
        "title": shape.title,
        **({"description": _plain(shape.about)} if shape.about else {}),
        "properties": {name: _property(key, prefix) for name, key in shape.keys.items()},
        **({"required": required} if required else {}),
        **({"anyOf": [{"required": [it]} for it in shape.one_of]} if shape.one_of else {}),
        "additionalProperties": False,
    }
    for key in shape.keys.values():
        for it in key.type.members:
            _define(it, definitions, prefix)


def _property(key: Field, prefix: str) -> Schema:
    left_out = "" if key.required or key.default == NONE else f". If left out: {key.default}"
    value = _with_members(key.type.schema, key.type.members, prefix)
    return {"description": _plain(key.meaning + left_out), **(value if key.required else or_nothing(value))}


def _with_members(schema: Schema, members: tuple[type[Section], ...], prefix: str) -> Schema:
    """The schema of a value that is a section, or a list or mapping of sections."""
    if not members:
        return dict(schema)
    # The sections have no type of their own, so that a key may be there without a value.
    member = _one_of(members, prefix)
    if "array" in schema["type"]:
        return {**schema, "items": {"type": "object", **member}}
    if "patternProperties" in schema:
        entries = {name: {"type": "object", **member} for name in schema["patternProperties"]}
        return {**schema, "patternProperties": entries}
    if "additionalProperties" in schema:
        return {**schema, "additionalProperties": {"type": "object", **member}}
    return {**schema, **member}


def _one_of(sections: tuple[type[Section], ...], prefix: str) -> Schema:
    """Which of several sections a value is, by the key that marks it; else the last, if that needs no mark.

    Conditions rather than `anyOf`: so an editor underlines the wrong key, and not the whole entry.
    """
    if len(sections) == 1:
        return {"allOf": [_reference(sections[0], prefix)]}
    *marked, last = by_precedence(sections)
    chosen: Schema = _reference(last, prefix)
    if last.shape.marked_by:
        marked, chosen = [*marked, last], {"anyOf": [_reference(it, prefix) for it in sections]}
    for it in reversed(marked):
        chosen = {"if": {"required": [it.shape.marked_by]}, "then": _reference(it, prefix), "else": chosen}
    return chosen


def _reference(section: type[Section], prefix: str) -> Schema:
    return {"$ref": f"#/definitions/{_name(section, prefix)}"}


def _name(section: type[Section], prefix: str) -> str:
    """`people[].ect.declarations, …` is `people.ect.declarations`."""
    return prefix + re.sub(r"\W+", ".", section.shape.title.partition(",")[0].lower()).strip(".")


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    return text[:1].upper() + text[1:]
