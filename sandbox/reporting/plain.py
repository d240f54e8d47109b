"""The report as JSON, and the JSON Schema of that."""

from __future__ import annotations

from typing import Any

import msgspec

from sandbox.reporting.report import Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def as_json(it: Report) -> str:
    """The report as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(it), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    found = msgspec.json.schema(Report)
    return {"$schema": DIALECT, "title": "A report of ecf-sandbox, version 1", **found}


def as_schema() -> str:
    """The JSON Schema as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
