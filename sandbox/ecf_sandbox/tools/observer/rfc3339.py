"""Whether a text is a date and time as RFC 3339 has it: strict, where the service's readers are not."""

from __future__ import annotations

import re
from datetime import datetime

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
