"""Find a calendar date, in one of the ways people write it, anywhere in a text."""

import re
from collections.abc import Callable

from ecf_sandbox.dates.digit_runs import DIGITS, read_digits
from ecf_sandbox.dates.parts import NOTHING, Parts

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
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
