"""The two independent readings of a `declaration_date`: is it well-formed, and what is it."""

import re
from datetime import datetime

from ecf_sandbox.dates.lenient import LONGEST, read_parts
from ecf_sandbox.dates.parts import microseconds
from ecf_sandbox.dates.rollover import compose, insist_on_offset

# What the service reads by a shorter way: capitals only, a point before the fraction.
_PLAIN = re.compile(
    r"""
    (\d{4}) - (\d\d) - (\d\d) (?: T | \s ) (\d\d) : (\d\d) : (\d\d)
    (?: \. (?P<fraction>\d+) )?
    (?: Z | (?P<hours>[-+]\d\d) (?: :? (?P<minutes>\d\d) )? )?
    """,
    re.ASCII | re.VERBOSE,
)
_FORM = re.compile(
    r"""
    [0-9]{4} - [0-9]{2} - [0-9]{2} T [0-9]{2} : [0-9]{2} : [0-9]{2}
    (?: [.,] [0-9]+ )?
    (?: Z | [-+] [0-9]{2} (?: :? [0-9]{2} )? )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def well_formed(text: str) -> bool:
    """Whether the text passes for RFC 3339 (a refusal D2 if not); blank text is not asked about.

    The zone may be missing, the fraction may follow a comma, letters may be small, and days roll
    over; but an offset of a day or more, which `read` accepts, is not well-formed.
    Source: behaviour/declarations.md#4-6, behaviour/errata.md#declarations.
    """
    if not _FORM.fullmatch(text):
        return False
    if not text.endswith(("Z", "z")) or len(text) > LONGEST:  # with a Z there is no offset to look at
        try:
            insist_on_offset(read_parts(text).offset or 0)
        except ValueError:
            return False
    return read(text) is not None


def read(text: str) -> datetime | None:
    """The declared instant, aware and in UTC, or None if the text has no year or no such moment.

    Much more tolerant than `well_formed`. No zone means UTC; what is missing is the first month
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
