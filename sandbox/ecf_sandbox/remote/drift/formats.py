"""How a text is written, without saying what it is: ids, moments and days are told from other texts."""

from __future__ import annotations

import re

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORMATS = {
    "a uuid in lower case": re.compile(_UUID),
    "a moment such as 2026-10-12T09:00:00Z": re.compile(rf"{_DATE}T[0-9:]{{8}}Z"),
    "a moment such as 2026-10-12T09:00:00.000Z": re.compile(rf"{_DATE}T[0-9:]{{8}}\.[0-9]+Z"),
    "a moment such as 2026-10-12T09:00:00+00:00": re.compile(rf"{_DATE}T[0-9:]{{8}}(\.[0-9]+)?[+-][0-9:]+"),
    "a day such as 2026-10-12": re.compile(_DATE),
    "a uuid in capitals": re.compile(_UUID.replace("a-f", "A-F")),
}
OTHER = "other text"
_ID = re.compile(_UUID, re.IGNORECASE)
_MOMENT = re.compile(rf"{_DATE}(?:[T ][0-9:]{{5,8}}(?:\.[0-9]+)?(?:Z|[+-][0-9:]{{4,6}})?)?")


def format_of(text: str) -> str:
    """The name of the format that a text has."""
    return next((name for name, pattern in _FORMATS.items() if pattern.fullmatch(text)), OTHER)


def normalised(text: str) -> str:
    """A text in which every id reads `<id>` and every day or moment `<moment>`."""
    return _MOMENT.sub("<moment>", _ID.sub("<id>", text))
