"""Read the `X-With-Server-Date` header, which moves the clock of one request."""

from datetime import UTC, datetime

from ecf_sandbox.dates.lenient import read_parts
from ecf_sandbox.dates.parts import NOTHING, Parts
from ecf_sandbox.dates.rollover import compose, insist_on_offset

_SHOWN = 60


class Unreadable(ValueError):
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
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise Unreadable(
            f"X-With-Server-Date {shown!r} is no date and time: {wrong}. Write it like 2026-03-04T05:06:07Z."
        ) from wrong


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
