"""What counts as the same answer: status, headers that were recorded, and body, once ids and moments have names.

`recorded/FORMAT.md` says the same in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})")
HEADERS = ("content-type", "www-authenticate", "cache-control", "retry-after", "location")
# How far the recording's clock may have run on since a request began.
SLACK = timedelta(seconds=60)
# An instant that the service's database filled in: the recording's own present. Any instant will do instead.
PRESENT = "{{present}}"
# Texts of the service's database or language, let through by accident: any text will do instead.
INNARDS = re.compile(
    r"PG::|comparison of |undefined method|no implicit conversion|can't convert|argument out of range|ActiveRecord::"
)
# What enrolments are sorted by: ids that were made up on the way are random, so they come last.
ENROLMENT = ("participant_type", "created_at", "cohort", "school_urn", "schedule_identifier", "training_record_id")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target sent back: header names in small letters; a body is JSON or else text."""

    status: int
    headers: Mapping[str, str]
    json: Any
    text: str

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        """An answer as it was sent."""
        text = body.decode("utf-8", "replace")
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        return cls(status, {name.lower(): it for name, it in headers.items()}, value, text)


class Side:
    """The recording or the target: gives each id that is new to a case and each moment of its steps a name."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._ids: dict[str, str] = {}
        self._moments: list[tuple[datetime, str]] = []

    def happened(self, step: int, at: datetime) -> None:
        """A step was taken at this moment; instants up to a minute later mean it."""
        self._moments.append((at.replace(microsecond=0), f"<moment of step {step}>"))

    def normal(self, value: Any) -> Any:
        """A body with names in place of new ids and moments."""
        if isinstance(value, str):
            return UUID.sub(self._id, INSTANT.sub(self._moment, value))
        if isinstance(value, list):
            return [self.normal(item) for item in value]
        if isinstance(value, dict):
            # Members by name, so that ids are met in the same order on both sides.
            return {name: self.normal(in_set_order(name, value[name])) for name in sorted(value)}
        return value

    def _id(self, match: re.Match[str]) -> str:
        found = match[0].lower()
        return match[0] if found in self._known else self._ids.setdefault(found, f"<id {len(self._ids) + 1}>")

    def _moment(self, match: re.Match[str]) -> str:
        found = instant(match[0])
        if found is None:
            return match[0]
        near = [it for it in self._moments if timedelta(0) <= found - it[0] <= SLACK]
        return max(near)[1] if near else match[0]


def in_set_order(name: str, value: Any) -> Any:
    """Lists that the service gives in no set order, sorted by what is in them: enrolments, and changes of ids."""
    if name == "ecf_enrolments" and isinstance(value, list):
        return sorted(value, key=lambda it: [str(it.get(name)) for name in ENROLMENT] if isinstance(it, dict) else [])
    if name == "participant_id_changes" and isinstance(value, list):
        return sorted(value, key=lambda it: str(it.get("changed_at")) if isinstance(it, dict) else "")
    return value


def compare(wanted: Mapping[str, Any], got: Answer, recording: Side, target: Side) -> list[str]:
    """How an answer differs from the recorded one, a line each; none where they are the same."""
    if wanted["status"] >= 500:
        # A crash of the real service: any clear refusal is the better answer.
        clear = 400 <= got.status < 500
        return (
            []
            if clear
            else [f"status: the recording crashed with {wanted['status']}, expected a 4xx, got {got.status}"]
        )
    status = [] if got.status == wanted["status"] else [f"status: expected {wanted['status']}, got {got.status}"]
    return status + _headers(wanted.get("headers", {}), got.headers) + _body(wanted, got, recording, target)


def _headers(wanted: Mapping[str, Any], got: Mapping[str, str]) -> list[str]:
    lines = [
        f"header {name}: expected {wanted.get(name)!r}, got {got.get(name)!r}"
        for name in HEADERS
        if wanted.get(name) != got.get(name)
    ]
    # The value of an ETag depends on bytes that nobody recorded; whether there is one does not.
    if bool(wanted.get("etag")) != ("etag" in got):
        lines.append(f"header etag: expected {'one' if wanted.get('etag') else 'none'}")
    return lines


def _body(wanted: Mapping[str, Any], got: Answer, recording: Side, target: Side) -> list[str]:
    if wanted.get("html"):
        return [] if "html" in got.headers.get("content-type", "") else ["body: expected an HTML page"]
    if "json" in wanted:
        return differences(recording.normal(wanted["json"]), target.normal(got.json), "body")
    expected, found = recording.normal(wanted.get("text", "")), target.normal(got.text)
    return [] if expected == found else [f"body: expected {short(expected)}, got {short(found)}"]


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where two bodies differ, a line for each place."""
    if type(expected) is not type(got):
        return [_differs(expected, got, path)]
    if isinstance(expected, dict):
        return [line for name in sorted(expected.keys() | got.keys()) for line in _member(name, expected, got, path)]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{path}: expected {len(expected)} items, got {len(got)}"]
        pairs = zip(expected, got, strict=True)
        return [line for at, (one, other) in enumerate(pairs) for line in differences(one, other, f"{path}/{at}")]
    return [] if expected == got or _any_will_do(expected, got) else [_differs(expected, got, path)]


def _member(name: str, expected: Mapping[str, Any], got: Mapping[str, Any], path: str) -> list[str]:
    if name not in got:
        return [f"{path}/{name}: missing (expected {short(expected[name])})"]
    if name not in expected:
        return [f"{path}/{name}: unexpected {short(got[name])}"]
    return differences(expected[name], got[name], f"{path}/{name}")


def _any_will_do(expected: Any, got: Any) -> bool:
    if not isinstance(expected, str):
        return False
    if expected == PRESENT:
        return got.startswith("<moment of step") or instant(got) is not None
    return INNARDS.search(expected) is not None


def _differs(expected: Any, got: Any, path: str) -> str:
    return f"{path or '/'}: expected {short(expected)}, got {short(got)}"


def short(value: Any) -> str:
    """A value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "..."


def instant(text: str) -> datetime | None:
    """The moment that a text names, in UTC if it names no zone; None if it names none."""
    try:
        value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
