"""The report as JSON, and the JSON Schema of that."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from ecf_sandbox.tools.report.report import Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def as_json(it: Report) -> str:
    """The report as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(it), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    told = normalized(msgspec.json.schema(Report))
    return {"$schema": DIALECT, "title": "A report of ecf-sandbox, version 1", **told}


def normalized(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema as every release of msgspec would have it.

    It removes the indentation of docstrings from 0.23 on; before, it handed them on as they stand in the source. And
    in an optional member `null` was once the first alternative, and is now the last.
    """
    return {name: _normalized(name, value) for name, value in schema.items()}


def _normalized(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return normalized(value)
    if isinstance(value, list):
        items = [_normalized(name, item) for item in value]
        return sorted(items, key=lambda it: it == {"type": "null"}) if name == "anyOf" else items
    return inspect.cleandoc(value) if name == "description" and isinstance(value, str) else value


def as_schema() -> str:
    """The JSON Schema as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
