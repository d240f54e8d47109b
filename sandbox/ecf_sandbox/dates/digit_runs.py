"""Read a run of digits as a date or a time, by how many there are."""

import re

from ecf_sandbox.dates.parts import Parts, microseconds
from ecf_sandbox.dates.zones import seconds_ahead

DIGITS = re.compile(
    r"""
    (?P<sign>[-+]?) (?<!\d) (?P<run>\d{2,14})
    (?: \s* t? \s* (?P<clock>\d{2,6})? (?: [.,] (?P<fraction>\d*) )? )?
    (?: \s* (?P<zone> z\b | [-+]\d{1,4}\b ) )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

# How a run divides: Y year, M month, D day, h m s the clock, j a day of the year (not used).
_FROM_THE_LEFT = {
    2: "DD",
    3: "jjj",
    4: "MMDD",
    5: "YYjjj",
    6: "YYMMDD",
    7: "YYYYjjj",
    8: "YYYYMMDD",
    10: "YYYYMMDDhh",
    12: "YYYYMMDDhhmm",
    14: "YYYYMMDDhhmmss",
}
# Before a decimal point the run ends with the seconds.
_BEFORE_A_POINT = {
    2: "ss",
    3: "mss",
    4: "mmss",
    5: "hmmss",
    6: "hhmmss",
    7: "Dhhmmss",
    8: "DDhhmmss",
    10: "MMDDhhmmss",
    12: "YYMMDDhhmmss",
    14: "YYYYMMDDhhmmss",
}
_CLOCK = {2: "hh", 4: "hhmm", 6: "hhmmss"}


def read_digits(it: re.Match[str]) -> Parts:
    """The parts in a match of DIGITS; none of them for a run of 9, 11 or 13 digits."""
    run, clock, fraction = it["run"], it["clock"], it["fraction"]
    layouts = _BEFORE_A_POINT if clock is None and fraction is not None else _FROM_THE_LEFT
    layout = layouts.get(len(run), "")
    found = _divided(run, layout)
    if clock:
        clocks = _CLOCK if fraction is None else _BEFORE_A_POINT
        found = found.overlaid(_divided(clock, clocks.get(len(clock), "")))
    year = -found.year if found.year and it["sign"] == "-" else found.year
    return Parts(
        year=year,
        month=found.month,
        day=found.day,
        hour=found.hour,
        minute=found.minute,
        second=found.second,
        microsecond=None if fraction is None else microseconds(fraction),
        offset=seconds_ahead(it["zone"]) if it["zone"] else None,
        century_missing=layout.startswith("YY") and "YYYYM" not in layout,
        hint="j" in layout,
    )


def _divided(digits: str, layout: str) -> Parts:
    def number(letter: str) -> int | None:
        picked = "".join(d for d, at in zip(digits, layout, strict=False) if at == letter)
        return int(picked) if picked else None

    return Parts(
        year=number("Y"),
        month=number("M"),
        day=number("D"),
        hour=number("h"),
        minute=number("m"),
        second=number("s"),
    )
