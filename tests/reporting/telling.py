"""Journals of a run that somebody tells, and of a client that asks the real application."""

from __future__ import annotations

import json
from typing import Any

from sandbox.control.writing import as_json_lines
from sandbox.findings import Observing
from sandbox.reporting.exchanges import Journal
from sandbox.reporting.reading import read
from tests.control.controlling import Sandbox

LISTED = ("Authorization", "Bearer [redacted]")


def a_line(number: Any = 1, **changes: Any) -> dict[str, Any]:
    """An exchange that is sound: a list of participants, answered with nobody."""
    sound = {
        "format": "ecf-sandbox/exchange",
        "version": 1,
        "number": number,
        "operation": "v3 list_participants",
        "method": "GET",
        "target": "/api/v3/participants/ecf",
        "at": "2026-10-12T09:00:00.000Z",
        "moment": "2026-10-12T09:00:00.000Z",
        "provider": "Ambition Institute",
        "request": {"headers": [LISTED], "body": None},
        "response": {"status": 200, "headers": [["Content-Type", "application/vnd.api+json"]], "body": {"data": []}},
        "rules": {},
        "refusals": [],
        "changes": [],
        "undone": False,
    }
    return sound | changes


def a_write(operation: str, number: int = 1, status: int = 200, **attributes: Any) -> dict[str, Any]:
    """A write of version 3 with these attributes, answered with them."""
    told = {"data": {"attributes": attributes}}
    return a_line(
        number,
        operation=f"v3 {operation}",
        method="POST",
        target="/api/v3/something",
        request={"headers": [LISTED], "body": told},
        response={"status": status, "headers": [], "body": told},
    )


def a_finding(**changes: Any) -> dict[str, Any]:
    """An error of a client that asked with a filter that nobody knows."""
    sound = {
        "code": "filter.unknown",
        "severity": "error",
        "where": "filter[chort]",
        "received": "2025",
        "expected": "one of cohort, updated_since",
        "message": "The filter chort is not known, and was ignored.",
        "fix": "Did you mean filter[cohort]?",
        "link": "docs/findings.md#filter-unknown",
    }
    return sound | changes


def written(*lines: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(it).encode() + b"\n" for it in lines)


def journal(*lines: dict[str, Any], name: str = "main", secrets: tuple[str, ...] = ()) -> Journal:
    return read(written(*lines), name, secrets=secrets)


def a_small_run(observing: Observing = Observing.OFF) -> bytes:
    """The journal of a client that lists, declares twice, asks wrongly, and once without a token."""
    sandbox = Sandbox()
    sandbox.world.observing = observing
    sandbox.provider("GET", "/participants/ecf?filter[cohort]=2025&page[per_page]=2")
    sandbox.declare()
    sandbox.declare()
    sandbox.provider("GET", "/participants/ecf?filter[training_status]=asleep")
    sandbox.provider("GET", "/statements", token="nobody")
    sandbox.send("GET", "/api/v3/nowhere", [("Accept", "application/json")])
    sandbox.done("POST", "/worlds/main/clock/advance", {"to": "statement:next:cut-off"})
    return as_json_lines(sandbox.world.journal).encode()
