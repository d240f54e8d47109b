"""Write a moment the way every answer shows it, and tell whether a text is a moment as RFC 3339 has it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache


def instant(at: datetime) -> str:
    """An aware UTC moment as `2023-09-01T10:00:00Z`: whole seconds, cut and not rounded.

    Called for every row of every list, mostly for moments written before, hence the memory.
    Source: behaviour/declarations.md#4-6 (cut to whole seconds on output).
    """
    return _written(at)


def instant_ms(at: datetime) -> str:
    """An aware UTC moment as `2023-09-01T10:00:00.000Z`: milliseconds, cut and not rounded."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


@lru_cache(maxsize=2**16)
def _written(at: datetime) -> str:
    # Slicing takes half the time of strftime, which does not pad the year 26 to 0026 either.
    return at.isoformat()[:19] + "Z"


_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    re.IGNORECASE,
)


def is_rfc3339(text: str) -> bool:
    """Whether it has date, time and zone in that form, and the day exists."""
    if not _FORM.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:19].upper())
    except ValueError:
        return False
    return True
