"""Journals of a run that somebody tells, and of a client that asks the real application."""

from __future__ import annotations

import json
from typing import Any

from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.tools.report.journal_file import ReadJournal, read
from tests.control.controlling import Sandbox

LISTED = ("Authorization", "Bearer [redacted]")
SCHOOLS = ("Stonebridge School", "Thornhill School")


def a_line(number: Any = 1, **changes: Any) -> dict[str, Any]:
    """An exchange that is sound: a list of participants, answered with nobody."""
    sound = {
        "format": "ecf-sandbox/exchange",
        "version": 1,
        "number": number,
        "operation": "v3 listParticipants",
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


def journal(*lines: dict[str, Any], name: str = "main", secrets: tuple[str, ...] = ()) -> ReadJournal:
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


def a_client_run() -> bytes:
    """The journal of a client that tests what the DfE asks to be tested, and keeps its key to itself."""
    sandbox = Sandbox()
    sandbox.world.observing = Observing.NOTE
    ask, jane = sandbox.provider, sandbox.names["people.Jane Smith"]
    for path in ("/participants/ecf", "/participant-declarations", "/partnerships/ecf"):
        for page in range(1, 100):
            if len(ask("GET", f"{path}?page[page]={page}&page[per_page]=20")[1]["data"]) < 20:
                break
        ask("GET", f"{path}?filter[updated_since]=2026-10-12T07:00:00Z")
    ask("GET", "/schools/ecf?filter[cohort]=2025")
    partners = ask("GET", "/delivery-partners?filter[cohort]=2025")[1]["data"]
    for school in SCHOOLS:
        told = {
            "cohort": "2025",
            "school_id": sandbox.names[f"schools.{school}"],
            "delivery_partner_id": partners[0]["id"],
        }
        ask("POST", "/partnerships/ecf", told | {"school_id": ""})
        made = ask("POST", "/partnerships/ecf", told)[1]["data"]
    ask("PUT", f"/partnerships/ecf/{made['id']}", {"delivery_partner_id": partners[1]["id"]})
    course = {"course_identifier": "ecf-induction"}
    ask("GET", f"/participants/ecf/{jane}")
    ask("GET", "/participants/ecf/transfers")
    ask("GET", "/unfunded-mentors/ecf")
    sandbox.declare(declaration_date="2035-10-06T09:00:00Z")
    declared = sandbox.declare()[1]["data"]
    ask("PUT", f"/participants/ecf/{jane}/defer", course | {"reason": "rain"})
    ask("PUT", f"/participants/ecf/{jane}/defer", course | {"reason": "bereavement"})
    ask("PUT", f"/participants/ecf/{jane}/resume", course)
    ask("PUT", f"/participant-declarations/{declared['id']}/void", {})
    ask("PUT", f"/participants/ecf/{jane}/change-schedule", course | {"schedule_identifier": "ecf-standard-january"})
    sandbox.declare(declaration_date="2026-01-12T09:00:00Z")
    ask("PUT", f"/participants/ecf/{jane}/withdraw", course | {"reason": "moved-school"})
    ask("GET", "/statements")
    ask("GET", "/participants/ecf/00000000-0000-4000-8000-000000000000")
    ask("GET", "/participants/ecf", token="nobody")
    return as_json_lines(sandbox.world.journal).encode()
