"""How pages write moments, statuses and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from ecf_sandbox.state.exchange_codec import json_value


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
        return json.dumps(json_value(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are no text"


# A date or a moment as the API writes it, alone or at the end of a sentence.
_ISO = re.compile(r"(?<![\w.:+-])\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?(?![\w:+-])")
# An id in brackets behind the name that it belongs to, alone or with more.
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ID = re.compile(rf" \({_UUID}\)|(?<=\(){_UUID}, ")


def in_words(text: str) -> str:
    """A text for a room: `15 January 2026, 12:00` for `2026-01-15T12:00:00Z`, and a name without the id behind it."""

    def written(found: re.Match[str]) -> str:
        try:
            return moment(datetime.fromisoformat(found[0])) if "T" in found[0] else day(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _ISO.sub(written, _ID.sub("", text))


def titled(name: str, abbreviations: Mapping[str, str]) -> str:
    """A name of the code in words, abbreviations as they are spelt: `DfE void declaration`."""
    words = name.replace("_", " ").capitalize().split(" ")
    return " ".join(abbreviations.get(it.lower(), it) for it in words)


def plural(count: int, noun: str, nouns: str = "") -> str:
    """`1 step`, `3 steps`."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def filters() -> Mapping[str, Callable[..., Any]]:
    """The filters of the templates."""
    return {"day": day, "moment": moment, "status_words": status_words, "plural": plural, "in_words": in_words}
