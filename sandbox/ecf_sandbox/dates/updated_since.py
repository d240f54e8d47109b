"""Read `filter[updated_since]`."""

import re
from datetime import datetime
from urllib.parse import unquote_plus

from ecf_sandbox.dates.parts import microseconds
from ecf_sandbox.dates.rollover import compose, insist_on_offset
from ecf_sandbox.dates.zones import seconds_ahead

# The years that the service's database can compare with; beyond them it answers 400.
_YEARS = range(-4712, 294_277)
_BLANKS = " \t\r\n\f\v"
_BAD_ESCAPE = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)
_FORM = re.compile(
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


def _read(text: str) -> datetime:
    it = _FORM.fullmatch(text.strip(_BLANKS))
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
