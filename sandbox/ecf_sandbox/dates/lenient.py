"""Read a moment out of almost any text, as tolerantly as the service does."""

import re
from dataclasses import replace

from ecf_sandbox.dates.calendar_dates import take_date
from ecf_sandbox.dates.clock_times import take_clock_time
from ecf_sandbox.dates.parts import Parts

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
