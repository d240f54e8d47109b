"""What a command writes that says what a client knows: its JSON Schema, and reading it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ecf_sandbox.state.properties import Lists
from ecf_sandbox.state.service import Service
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.exercise.client import NoKnowledge


def as_schema(service: Service) -> str:
    """The JSON Schema as JSON, indented."""
    return json.dumps(schema(service), indent=2, ensure_ascii=False) + "\n"


def schema(service: Service) -> dict[str, Any]:
    """The JSON Schema: lists by name, each by id or as the API gives it. What a client does not keep is left out."""
    attributes = {
        "type": "object",
        "description": "Attributes as the API names and gives them; those that are not kept are left out.",
    }
    row = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "attributes": attributes},
        "description": "A row as the API gives it, or its id beside its attributes.",
    }
    shapes = [{"type": "object", "additionalProperties": attributes}, {"type": "array", "items": row}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a client knows",
        "description": "A list that is left out is not held against anything; one that is given is given whole.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "description": f"What the client takes to be listed at {path}: an object by id, or a list.",
                "anyOf": shapes,
            }
            for name, path in service.client_lists.items()
        },
    }


def known_of(told: Mapping[str, Any], service: Service) -> Lists:
    """What a client says that it knows, by the schema; raises NoKnowledge."""
    lists = service.client_lists
    for name in told:
        if name not in lists:
            raise NoKnowledge(f"it says what it knows of {did_you_mean(name, lists)}")
    return {name: _rows(name, rows) for name, rows in told.items()}


def _rows(name: str, rows: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(rows, Mapping):
        found = dict(rows)
    elif isinstance(rows, list) and all(isinstance(it, Mapping) and isinstance(it.get("id"), str) for it in rows):
        found = {it["id"]: {key: value for key, value in it.items() if key != "id"} for it in rows}
    else:
        raise NoKnowledge(f"{name} is neither an object by id nor a list of objects with an id each")
    wrong = next((id for id, row in found.items() if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raise NoKnowledge(f"{name}: what is known of {wrong} is no object of attributes")
    return found
