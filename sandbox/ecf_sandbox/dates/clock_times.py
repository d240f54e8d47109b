"""Find a time of day, and the zone after it, anywhere in a text."""

import re

from ecf_sandbox.dates.parts import NOTHING, Parts, microseconds
from ecf_sandbox.dates.zones import seconds_ahead

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
