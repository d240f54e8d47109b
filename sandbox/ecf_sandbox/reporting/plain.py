"""The report as JSON, and the JSON Schema of that."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from ecf_sandbox.reporting.report import Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def as_json(it: Report) -> str:
    """The report as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(it), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    described = with_clean_descriptions(msgspec.json.schema(Report))
    return {"$schema": DIALECT, "title": "A report of ecf-sandbox, version 1", **described}


def with_clean_descriptions(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema whose descriptions are docstrings without the indentation of the source.

    msgspec removes the indentation from 0.23 on; before, it handed docstrings on as they stand in the source.
    """
    return {name: _cleaned(name, value) for name, value in schema.items()}


def _cleaned(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return with_clean_descriptions(value)
    if isinstance(value, list):
        return [_cleaned(name, item) for item in value]
    return inspect.cleandoc(value) if name == "description" and isinstance(value, str) else value


def as_schema() -> str:
    """The JSON Schema as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
