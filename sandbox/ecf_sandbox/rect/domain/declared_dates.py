"""How the service reads the date of a declaration: tolerantly, and in two ways at once (behaviour/rect.md#11-4)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime

from ecf_sandbox.dates.calendar import DAY, NoSuchMoment, compose
from ecf_sandbox.dates.lenient import Parts, read_parts
from ecf_sandbox.dates.uk import at_uk_clock
from ecf_sandbox.dates.usual import read_usual
from ecf_sandbox.state.record import Record

_RFC_3339 = re.compile(
    r"""
    [0-9]{4} - [0-9]{2} - [0-9]{2} T [0-9]{2} : [0-9]{2} : [0-9]{2}
    (?: [.,] [0-9]+ )?
    (?: Z | [-+] [0-9]{2} (?: :? [0-9]{2} )? )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


class DeclaredDate(Record, frozen=True, kw_only=True):
    """A date as it is judged and as it is kept, which differ without a zone; `well_formed` as RFC 3339 asks."""

    judged: datetime
    kept: datetime
    well_formed: bool


def read_declared_date(text: str) -> DeclaredDate | None:
    """The date that a text gives, or None for one that no calendar or clock shows.

    Without a zone it is judged as UTC and kept as United Kingdom time. An impossible offset counts as none.
    """
    usual = read_usual(text)
    return read_tolerantly(text) if usual is None else DeclaredDate(judged=usual, kept=usual, well_formed=True)


def read_tolerantly(text: str) -> DeclaredDate | None:
    """The same of any text, the usual spelling too."""
    try:
        parts = read_parts(text)
        shown = _shown(parts)
    except ValueError:
        return None
    well_formed = _RFC_3339.fullmatch(text) is not None
    offset = parts.offset
    if offset is None or abs(offset) >= DAY:
        return DeclaredDate(judged=shown, kept=at_uk_clock(shown.replace(tzinfo=None)), well_formed=well_formed)
    at = compose(*_numbers(parts), microsecond=parts.microsecond or 0, offset=offset)
    return DeclaredDate(judged=at, kept=at, well_formed=well_formed)


def _shown(parts: Parts) -> datetime:
    """What a clock shows, as if in UTC; raises ValueError where the day or the hour does not exist."""
    year, month, day = parts.full_year, parts.month, parts.day
    if year is None or month is None or day is None:
        raise NoSuchMoment("there is no date in it")
    moment = compose(*_numbers(parts), microsecond=parts.microsecond or 0)
    if datetime.min.year < year < datetime.max.year and day > monthrange(year, month)[1]:
        raise NoSuchMoment(f"the month has no day {day}")
    return moment.astimezone(UTC)


def _numbers(parts: Parts) -> tuple[int, int, int, int, int, int]:
    return (
        parts.full_year or 0,
        parts.month or 1,
        parts.day or 1,
        parts.hour or 0,
        parts.minute or 0,
        parts.second or 0,
    )
