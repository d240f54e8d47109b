"""Compose an instant from calendar and clock numbers the way the service's clock does."""

from datetime import UTC, datetime, timedelta

DAY = 24 * 60 * 60
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


class NoSuchMoment(ValueError):
    """Numbers that no calendar or clock shows; the message names the first wrong one."""


def compose(
    year: int,
    month: int = 1,
    day: int = 1,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    *,
    microsecond: int = 0,
    offset: int = 0,
) -> datetime:
    """The aware UTC instant of a wall clock that runs `offset` seconds ahead of UTC.

    Days 29 to 31 roll over into the next month where a month is shorter, 24:00:00 is the next
    midnight, second 60 the next minute (behaviour/declarations.md#4-6). Years that a datetime cannot
    hold are drawn to EARLIEST or LATEST: such moments are only ever compared.
    Raises NoSuchMoment for any other number out of range.
    """
    if not (1 <= month <= 12 and 1 <= day <= 31 and 0 <= hour < 24 and 0 <= minute <= 59 and 0 <= second <= 60):
        _insist("month", month, 1, 12)
        _insist("day", day, 1, 31)
        _insist("hour", hour, 0, 24)
        _insist("minute", minute, 0, 59 if hour < 24 else 0)
        _insist("second", second, 0, 60 if hour < 24 else 0)
    past_month_start = timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second, microseconds=microsecond)
    try:
        return datetime(year, month, 1, tzinfo=UTC) + past_month_start - timedelta(seconds=offset)
    except (ValueError, OverflowError):
        return LATEST if year > 1 else EARLIEST


def insist_on_offset(offset: int) -> None:
    """Raise NoSuchMoment for an offset (in seconds) of a day or more."""
    if abs(offset) >= DAY:
        raise NoSuchMoment("the offset from UTC is a day or more")


def _insist(name: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        allowed = f"from {least} to {most}" if least < most else f"{least} here"
        raise NoSuchMoment(f"the {name} is {number}, but must be {allowed}")
