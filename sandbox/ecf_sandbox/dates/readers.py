"""The moments that a request carries: a declaration date, `filter[updated_since]` and the server date."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_plus

from ecf_sandbox.dates.calendar import compose, insist_on_offset
from ecf_sandbox.dates.lenient import LONGEST, NOTHING, Parts, microseconds, read_parts
from ecf_sandbox.dates.uk import at_uk_clock, uk_clock
from ecf_sandbox.dates.usual import read_usual
from ecf_sandbox.dates.zones import seconds_ahead

# What the service reads by a shorter way: capitals only, a point before the fraction.
_PLAIN = re.compile(
    r"""
    (\d{4}) - (\d\d) - (\d\d) (?: T | \s ) (\d\d) : (\d\d) : (\d\d)
    (?: \. (?P<fraction>\d+) )?
    (?: Z | (?P<hours>[-+]\d\d) (?: :? (?P<minutes>\d\d) )? )?
    """,
    re.ASCII | re.VERBOSE,
)
_DECLARATION_DATE = re.compile(
    r"""
    [0-9]{4} - [0-9]{2} - [0-9]{2} T [0-9]{2} : [0-9]{2} : [0-9]{2}
    (?: [.,] [0-9]+ )?
    (?: Z | [-+] [0-9]{2} (?: :? [0-9]{2} )? )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def read_strictly(text: str) -> tuple[datetime | None, bool]:
    """What `read` answers, and whether the text is well-formed: passes for RFC 3339 (a refusal D2 if not).

    The zone may be missing, the fraction may follow a comma, letters may be small, and days roll
    over; but an offset of a day or more, which `read` accepts, is not well-formed. Blank text is not asked about.
    Source: behaviour/declarations.md#4-6, behaviour/errata.md#declarations.
    """
    if (usual := read_usual(text)) is not None:
        return usual, True
    return read_tolerantly(text)


def read_tolerantly(text: str) -> tuple[datetime | None, bool]:
    """The same of any text, the usual spelling too."""
    found = read(text)
    return found, found is not None and _has_the_form(text)


def _has_the_form(text: str) -> bool:
    if not _DECLARATION_DATE.fullmatch(text):
        return False
    if not text.endswith(("Z", "z")) or len(text) > LONGEST:  # with a Z there is no offset to look at
        try:
            insist_on_offset(read_parts(text).offset or 0)
        except ValueError:
            return False
    return True


def read(text: str) -> datetime | None:
    """The declared instant, aware and in UTC, or None if the text has no year or no such moment.

    Much more tolerant than RFC 3339. No zone means UTC; what is missing is the first month
    or day, or midnight; a two-digit year is in 1969 to 2068. Digits past the microseconds are cut,
    so the last nanosecond of a day stays within that day. Years that a datetime cannot hold are
    drawn to its first or last moment, which lies outside every milestone just as they do.
    Source: behaviour/declarations.md#4-6, behaviour/errata.md#declarations.
    """
    try:
        plain = _PLAIN.fullmatch(text)
        return _plainly(plain) if plain else _leniently(text)
    except ValueError:
        return None


def _plainly(it: re.Match[str]) -> datetime:
    # Minutes lie east of UTC even in -05:30, which makes it -04:30: a slip of the framework's
    # (recorded: declarations/post/date-format/offset-negative). Small letters escape it.
    return compose(
        *map(int, it.groups()[:6]),
        microsecond=microseconds(it["fraction"] or ""),
        offset=int(it["hours"] or 0) * 3600 + int(it["minutes"] or 0) * 60,
    )


def _leniently(text: str) -> datetime | None:
    parts = read_parts(text)
    if parts.full_year is None:
        return None
    return compose(
        parts.full_year,
        1 if parts.month is None else parts.month,
        1 if parts.day is None else parts.day,
        parts.hour or 0,
        parts.minute or 0,
        parts.second or 0,
        microsecond=parts.microsecond or 0,
        offset=parts.offset or 0,
    )


# The years that the service's database can compare with; beyond them it answers 400.
_YEARS = range(-4712, 294_277)
_BLANKS = " \t\r\n\f\v"
_BAD_ESCAPE = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)
_RFC_3339 = re.compile(
    r"""
    (?P<year>-?\d+) - (?P<month>\d{2}) - (?P<day>\d{2})
    T (?P<hour>\d{2}) : (?P<minute>\d{2}) : (?P<second>\d{2})
    (?: \. (?P<fraction>\d+) )?
    (?P<zone> Z | [-+] \d{2} (?: :? \d{2} )? )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def read_updated_since(text: str) -> datetime:
    """The instant of a value that is not blank and is already URL-decoded; aware and in UTC.

    No zone means UTC; digits past the microseconds are cut. A value that cannot be read is decoded
    once more and tried again, which turns `+` into a blank: `%2B01:00` works when encoded twice.
    Years beyond a datetime (99999, 0, negative) are drawn to its first or last moment.

    Raises ValueError where the service answers 400.
    Source: behaviour/http-and-partnerships.md#b9, behaviour/errata.md#participants.
    """
    try:
        return _read(text)
    except ValueError:
        return _read(_decoded(text))


def read_twice_decoded(text: str) -> datetime:
    """The same of a service that decodes every value once more before it reads it, so that no `+` is left in it.

    Raises ValueError where the service answers 400. Source: behaviour/rect.md#6-3.
    """
    return _read(_decoded(text))


def _read(text: str) -> datetime:
    it = _RFC_3339.fullmatch(text.strip(_BLANKS))
    if it is None or len(it["year"]) > len("-294276") or int(it["year"]) not in _YEARS:
        raise ValueError("not an RFC 3339 date and time such as 2026-03-04T05:06:07Z")
    offset = seconds_ahead(it["zone"] or "Z") or 0
    insist_on_offset(offset)
    return compose(
        *(int(it[name]) for name in ("year", "month", "day", "hour", "minute", "second")),
        microsecond=microseconds(it["fraction"] or ""),
        offset=offset,
    )


def _decoded(text: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise ValueError("a percent sign without two hexadecimal digits after it")
    return unquote_plus(text)


_SHOWN = 60


class UnreadableDate(ValueError):
    """A server date that makes the service crash; the message says what is wrong with it."""


def read_server_date(text: str, now: datetime) -> datetime | None:
    """The instant that the header asks for, aware and in UTC, or None if it has no effect.

    Text in which no date or time can be found (blanks, `soon`, `0`, a 13-digit number) has no
    effect. What is missing is taken from `now` (aware): `10:30` is today; so is a weekday, as the
    service does not count with it. A year without its century is that year: `26-03-04` is in the
    year 26. Years beyond a datetime (99999, 0, negative) are drawn to its first or last moment,
    for the service answers them with 200.

    Raises Unreadable where the service answers 500.
    Source: behaviour/http-and-partnerships.md#b16, behaviour/errata.md#http.
    """
    try:
        parts = read_parts(text)
        return None if parts == NOTHING else _beside(parts, now.astimezone(UTC))
    except ValueError as wrong:
        raise _unreadable(text, wrong) from wrong


def read_uk_server_date(text: str, now: datetime) -> datetime:
    """The instant that the header asks for, aware and in UTC, where a time without a zone is the United Kingdom's.

    What is missing is taken from `now` (aware), as in `read_server_date`, but a weekday alone is that day of the week
    that it is. Raises Unreadable also for text in which no date or time can be found, an empty one among them.
    Source: behaviour/rect.md#7.
    """
    try:
        parts = read_parts(text)
        if parts == NOTHING:
            raise ValueError("there is no date or time in it")
        found = _beside(_on_weekday(parts, text, today := uk_clock(now)), today)
        return found if parts.offset is not None else at_uk_clock(found.replace(tzinfo=None))
    except ValueError as wrong:
        raise _unreadable(text, wrong) from wrong


_WEEKDAY = re.compile(r"\b(sun|mon|tue|wed|thu|fri|sat)", re.ASCII | re.IGNORECASE)
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def _on_weekday(parts: Parts, text: str, today: datetime) -> Parts:
    """The parts with the date of a weekday that stands alone."""
    if not parts.hint or parts.year is not None or parts.month is not None or parts.day is not None:
        return parts
    named = _WEEKDAY.search(text)
    if named is None:
        return parts
    ahead = _WEEKDAYS.index(named[1].lower()) - today.isoweekday() % 7
    day = today.date() + timedelta(days=ahead)
    return replace(parts, year=day.year, month=day.month, day=day.day)


def _unreadable(text: str, wrong: ValueError) -> UnreadableDate:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return UnreadableDate(
        f"X-With-Server-Date {shown!r} is no date and time: {wrong}. Write it like 2026-03-04T05:06:07Z."
    )


def _beside(parts: Parts, now: datetime) -> datetime:
    offset = parts.offset or 0
    insist_on_offset(offset)
    dated = parts.year is not None or parts.month is not None
    return compose(
        now.year if parts.year is None else parts.year,
        now.month if parts.month is None else parts.month,
        parts.day if parts.day is not None else 1 if dated else now.day,
        parts.hour or 0,
        parts.minute or 0,
        parts.second or 0,
        microsecond=parts.microsecond or 0,
        offset=offset,
    )
