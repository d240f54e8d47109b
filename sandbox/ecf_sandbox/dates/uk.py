"""Days and clocks of the United Kingdom, without the machine's own tables of time zones.

Summer time, an hour ahead of UTC, lasts from the last Sunday of March to the last Sunday of October, at 01:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_HOUR = timedelta(hours=1)
_ONE = time(1)


def in_summer(at: datetime) -> bool:
    """Whether clocks show summer time at an instant, which is aware and in UTC."""
    starts, ends = _summer(at.year)
    return starts <= at < ends


def uk_clock(at: datetime) -> datetime:
    """What a clock shows at an instant: a date and time without a zone."""
    local = at + _HOUR if in_summer(at) and at.year < datetime.max.year else at
    return local.replace(tzinfo=None)


def uk_day(at: datetime) -> date:
    """The day that it is at an instant."""
    return uk_clock(at).date()


def uk_midnight(day: date) -> datetime:
    """The instant at which a day begins."""
    return at_uk_clock(datetime.combine(day, time.min))


def at_uk_clock(shown: datetime) -> datetime:
    """The instant at which clocks show this. An hour that comes twice is the first, one that is left out the next."""
    plain = shown.replace(tzinfo=UTC)
    if not datetime.min.year < plain.year < datetime.max.year:
        return plain
    earlier = plain - _HOUR
    return earlier if in_summer(earlier) else plain


@lru_cache(maxsize=64)
def _summer(year: int) -> tuple[datetime, datetime]:
    return _last_sunday(year, 3), _last_sunday(year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    last = date(year, month, 31)
    return datetime.combine(last - timedelta(days=last.isoweekday() % 7), _ONE, UTC)
