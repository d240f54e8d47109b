"""A value as a person reads it: moments, lists, and records as their service says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.record import Record

Words = Mapping[type[Record], Callable[[Any], str]]


def readable(value: Any, words: Words) -> str:
    """A value in words, records by those that a service has for them.

    Moments in UTC, days as they are, what is not there as `nothing`.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value if value.strip() else f'"{value}"'
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(readable(it, words) for it in value)) or "none"
    if isinstance(value, tuple | list):
        return "; ".join(readable(it, words) for it in value) or "none"
    if isinstance(value, Record):
        in_words = words.get(type(value))
        return in_words(value) if in_words else type(value).__name__
    return str(value)
