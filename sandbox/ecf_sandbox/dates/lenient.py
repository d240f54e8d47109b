"""Read a moment out of almost any text, as tolerantly as the service does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from ecf_sandbox.dates.zones import seconds_ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The numbers found, as written; None where the text is silent."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    microsecond: int | None = None
    offset: int | None = None
    """Seconds ahead of UTC; None also for a zone nobody knows, which then counts as UTC."""
    century_missing: bool = False
    """The year is short of its century, should it be under 100."""
    hint: bool = False
    """A weekday, a week or a day of the year was recognised, which no reader counts with."""

    @property
    def full_year(self) -> int | None:
        """The year, with 69 to 99 in the last century and 0 to 68 in this one."""
        if self.year is None or not self.century_missing or not 0 <= self.year <= 99:
            return self.year
        return self.year + (1900 if self.year >= 69 else 2000)

    def overlaid(self, by: Parts) -> Parts:
        """These parts, with whatever the others know in place of what these say."""
        found = {
            name: theirs if theirs is not None and theirs is not False else getattr(self, name)
            for name in (it.name for it in fields(self))
            for theirs in (getattr(by, name),)
        }
        return Parts(**found)


NOTHING = Parts()


def microseconds(fraction: str) -> int:
    """The digits after the decimal point as microseconds, cut and not rounded."""
    return int(fraction[:6].ljust(6, "0"))


_NOON = r"(?: \s* (?P<{name}>[ap]) (?: m\b | \.m\. ) )"
_CLOCK = re.compile(
    rf"""
    (?: (?P<hour>\d+) \s* : \s* (?P<minute>\d+)
        (?: \s* : \s* (?P<second>\d+) (?: [.,] (?P<fraction>\d*) )? )?
        {_NOON.format(name="noon")}?
      | (?P<h_hour>\d+) \s* h (?: \s* (?P<h_minute>\d+) m? (?: \s* (?P<h_second>\d+) s? )? )?
        {_NOON.format(name="h_noon")}?
      | (?P<bare_hour>\d+) {_NOON.format(name="bare_noon")}
    )
    (?: \s* (?P<zone>
        (?: gmt | utc? )? [-+] \d+ (?: [.,:] \d+ (?: :\d+ )? )?
      | [a-z.\s]+ (?: standard | daylight ) \s time \b
      | [a-z]+ (?: \s dst )? \b
    ) )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def take_clock_time(text: str) -> tuple[Parts, str]:
    """The first time of day in the text as parts, and the text without it."""
    it = _CLOCK.search(text)
    if it is None:
        return NOTHING, text
    hour = int(it["hour"] or it["h_hour"] or it["bare_hour"])
    minute = it["minute"] or it["h_minute"]
    second = it["second"] or it["h_second"]
    if noon := it["noon"] or it["h_noon"] or it["bare_noon"]:
        hour = hour % 12 + (12 if noon in "pP" else 0)
    found = Parts(
        hour=hour,
        minute=int(minute) if minute else None,
        second=int(second) if second else None,
        microsecond=microseconds(it["fraction"]) if it["fraction"] else None,
        offset=seconds_ahead(it["zone"]) if it["zone"] else None,
    )
    return found, f"{text[: it.start()]} {text[it.end() :]}"


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
_CLOCK_DIGITS = {2: "hh", 4: "hhmm", 6: "hhmmss"}


def read_digits(it: re.Match[str]) -> Parts:
    """The parts in a match of DIGITS; none of them for a run of 9, 11 or 13 digits."""
    run, clock, fraction = it["run"], it["clock"], it["fraction"]
    layouts = _BEFORE_A_POINT if clock is None and fraction is not None else _FROM_THE_LEFT
    layout = layouts.get(len(run), "")
    found = _divided(run, layout)
    if clock:
        clocks = _CLOCK_DIGITS if fraction is None else _BEFORE_A_POINT
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


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAME = f"(?P<name>{'|'.join(_MONTHS)})"
_HINT = Parts(hint=True)

Form = tuple[re.Pattern[str], Callable[[re.Match[str]], Parts]]


def take_date(text: str) -> tuple[Parts, str]:
    """The date in the text by the first form that fits, and the text without it."""
    for form, read in FORMS:
        if it := form.search(text):
            return read(it), f"{text[: it.start()]} {text[it.end() :]}"
    return NOTHING, text


def arranged(year: str | None, month: str | None, day: str | None) -> Parts:
    """The parts of a date from three numbers, written in that order or in another one.

    Two numbers are a month and a day. A number of more than two digits is the year wherever it
    stands, so `04/03/2026` is read from its end; a first number with an ending (`4th`) is the day.
    """
    if year and month and not day:
        year, month, day = None, year, month
    if year and not re.fullmatch(r"[-+]?[0-9]+", year):
        year, day = day, year
    if month and len(month) > 2:
        year, month, day = month, day, year
    if day and len(day) > 2 and day[-1].isdigit():
        year, day = day, year
    return Parts(
        year=int(year) if year else None,
        month=_number(month),
        day=_number(day),
        century_missing=year is not None and len(year) <= 2 and year.isdigit(),
    )


def _number(text: str | None) -> int | None:
    digits = re.search(r"[0-9]+", text) if text else None
    return int(digits[0]) if digits else None


def _in_order(it: re.Match[str]) -> Parts:
    return arranged(it["first"], it["second"], it["third"])


def _with_name(it: re.Match[str]) -> Parts:
    month = _MONTHS.index(it["name"].lower()) + 1
    return arranged(it["year"], str(month), it["day"])


def _month_only(it: re.Match[str]) -> Parts:
    return Parts(month=_MONTHS.index(it["name"].lower()) + 1)


def _day_of_year(it: re.Match[str]) -> Parts:
    # The year 0026 gains a century here, but keeps its own in every other form.
    return Parts(year=int(it["year"]), century_missing=True, hint=True)


def _form(pattern: str, read: Callable[[re.Match[str]], Parts]) -> Form:
    return re.compile(pattern, re.ASCII | re.IGNORECASE), read


# The order matters: the first form that is found anywhere in the text wins.
FORMS: tuple[Form, ...] = (
    _form(  # 4 March 2026
        rf"(?P<day>\d+)[^-\d\s]*\s*{_NAME}[^-\d\s']*(?:\s*(?P<year>-?\d+(?:(?:st|nd|rd|th)\b)?))?",
        _with_name,
    ),
    _form(  # March 4, 2026
        rf"\b{_NAME}[^-\d\s']*\s*(?P<day>\d+)[^-\d\s']*(?:\s*,?\s*(?P<year>-?\d+))?",
        _with_name,
    ),
    _form(r"(?P<first>[-+]?\d+)-(?P<second>\d+)-(?P<third>-?\d+)", _in_order),  # 2026-03-04
    _form(rf"(?P<day>-?\d+)-{_NAME}[^-/.]*-(?P<year>-?\d+)", _with_name),  # 04-Mar-2026
    _form(rf"\b{_NAME}[^-/.]*-(?P<day>\d+)(?:-(?P<year>-?\d+))?", _with_name),  # Mar-04-2026
    _form(r"(?P<first>-?\d+)/\s*(?P<second>\d+)(?:\D\s*(?P<third>-?\d+))?", _in_order),  # 04/03/26
    _form(r"(?P<first>-?\d+)\.\s*(?P<second>\d+)\.\s*(?P<third>-?\d+)", _in_order),  # 04.03.2026
    _form(r"\b(?:\d{2}|\d{4})?-?w\d{2}(?:-?\d)?\b", lambda _: _HINT),  # 2026-W10-3
    _form(r"\b(?P<year>\d{2}|\d{4})-\d{3}\b", _day_of_year),  # 2026-063
    _form(rf"\b{_NAME}\S*", _month_only),  # March
    _form(r"(?P<day>\d+)(?:st|nd|rd|th)\b", lambda it: Parts(day=int(it["day"]))),  # 4th
    (DIGITS, read_digits),
)


LONGEST = 128

# Everything else is as good as a blank; letters and digits of any script stay.
_NOISE = re.compile(r"(?:[^-+',./:@\[\]\w]|_)+")
_WEEKDAY = re.compile(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*", re.ASCII | re.IGNORECASE)
_LONE_NUMBER = re.compile(r"\s*([0-9]{1,2})\s*", re.ASCII)


class TooLong(ValueError):
    """A text of more bytes than the service is ready to look at."""


def read_parts(text: str) -> Parts:
    """The numbers of a moment that can be found in the text; `NOTHING` if there are none.

    Words around them do not matter. Nothing is checked: month 13 is returned as such.
    Raises TooLong beyond 128 bytes (recorded: http/server-date/read/server-error-2).
    """
    if (length := len(text.encode("utf-8", "surrogatepass"))) > LONGEST:
        raise TooLong(f"it is {length} bytes long, but at most {LONGEST} are read")
    rest, weekdays = _WEEKDAY.subn(" ", _NOISE.sub(" ", text), count=1)
    clock, rest = take_clock_time(rest)
    date, rest = take_date(rest)
    found = Parts(hint=weekdays > 0).overlaid(clock).overlaid(date)
    if lone := _LONE_NUMBER.fullmatch(rest):
        return _completed(found, int(lone[1]))
    return found


def _completed(found: Parts, number: int) -> Parts:
    """A number left over is the hour beside a day, or the day beside an hour."""
    if found.day is not None and found.hour is None and number <= 24:
        return replace(found, hour=number)
    if found.hour is not None and found.day is None and 1 <= number <= 31:
        return replace(found, day=number)
    return found
