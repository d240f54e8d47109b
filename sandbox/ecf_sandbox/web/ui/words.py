"""How pages write moments, statuses and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any


def day(at: date) -> str:
    """`25 August 2026`."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """`25 August 2026, 12:00`, in UTC; seconds only where there are some."""
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M:%S}" if at.second else f"{day(at)}, {at:%H:%M}"


def status_words(status: int) -> str:
    """`422 Unprocessable Entity`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def sentence(text: str) -> str:
    """A text of the control plane as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?')) else '.'}"


def readable_body(body: bytes) -> str:
    """A body for reading: JSON set out in lines, other text as it is, anything else as its length."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are no text"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """`1 step`, `3 steps`."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def filters() -> Mapping[str, Callable[..., Any]]:
    """The filters of the templates."""
    return {"day": day, "moment": moment, "status_words": status_words, "plural": plural}
