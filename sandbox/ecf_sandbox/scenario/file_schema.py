"""The scenario file as a JSON Schema, with which editors complete, explain and check what is typed.

It is of version 7, which the YAML support of VS Code and of the JetBrains editors knows, and follows from the
declarations in `keys.py`. What depends on the rest of the file (whether a school is there, whether a date lies within
its milestone) only the reader says.
"""

from __future__ import annotations

import json
import re

from ecf_sandbox.scenario.keys import FILE, NONE, SAVED, Key, Schema, Section, or_nothing

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def as_json() -> str:
    """The schema as it is shipped, `scenarios/scenario.schema.json`."""
    return json.dumps(as_schema(), indent=2, ensure_ascii=False) + "\n"


def as_schema() -> Schema:
    """The schema: a definition for each section, and which of them the whole file is."""
    definitions: dict[str, Schema] = {}
    for top in (FILE, SAVED):
        _define(top, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of ecf-sandbox",
        "type": "object",
        **_one_of((SAVED, FILE)),
        "definitions": definitions,
    }


def _define(section: Section, definitions: dict[str, Schema]) -> None:
    name = _name(section)
    if name in definitions:
        return
    definitions[name] = {}  # keeps the order of the file
    required = [name for name, key in section.keys.items() if key.required]
    definitions[name] = {
        "title": section.title,
        **({"description": _plain(section.about)} if section.about else {}),
        "properties": {name: _property(key) for name, key in section.keys.items()},
        **({"required": required} if required else {}),
        **({"anyOf": [{"required": [it]} for it in section.one_of]} if section.one_of else {}),
        "additionalProperties": False,
    }
    for key in section.keys.values():
        for it in key.members:
            _define(it, definitions)


def _property(key: Key) -> Schema:
    left_out = "" if key.required or key.default == NONE else f". If left out: {key.default}"
    value = _with_members(key.schema, key.members)
    return {"description": _plain(key.meaning + left_out), **(value if key.required else or_nothing(value))}


def _with_members(schema: Schema, members: tuple[Section, ...]) -> Schema:
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


def _one_of(sections: tuple[Section, ...]) -> Schema:
    """Which of several sections a value is, by the key that marks it; else the last, if that needs no mark.

    Conditions rather than `anyOf`: so an editor underlines the wrong key, and not the whole entry. A section with more
    keys comes first, since it may have the key that marks another: who joins a school may have a mentor there.
    """
    if len(sections) == 1:
        return {"allOf": [_reference(sections[0])]}
    *marked, last = sorted(sections, key=lambda it: (not it.marked_by, -len(it.keys)))
    chosen: Schema = {"anyOf": [_reference(it) for it in sections]} if last.marked_by else _reference(last)
    for it in reversed([*marked, last] if last.marked_by else marked):
        chosen = {"if": {"required": [it.marked_by]}, "then": _reference(it), "else": chosen}
    return chosen


def _reference(section: Section) -> Schema:
    return {"$ref": f"#/definitions/{_name(section)}"}


def _name(section: Section) -> str:
    """`people[].ect.declarations, …` is `people.ect.declarations`."""
    return re.sub(r"\W+", ".", section.title.partition(",")[0].lower()).strip(".")


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    return text[:1].upper() + text[1:]
