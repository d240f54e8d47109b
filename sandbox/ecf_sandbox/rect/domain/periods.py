"""Stretches of days, both ends included, that most of this service's records are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

DAY = timedelta(days=1)


class Period(Protocol):
    """Anything that runs from a day to a day, or on and on."""

    @property
    def started_on(self) -> date:
        """The first day."""

    @property
    def finished_on(self) -> date | None:
        """The last day; None while it is open."""


def contains(it: Period, day: date) -> bool:
    """Whether a day lies in the period; its last day does."""
    return it.started_on <= day and (it.finished_on is None or day <= it.finished_on)


def is_over(it: Period, today: date) -> bool:
    """Whether the last day has come: on that day already (behaviour/rect.md#9-3)."""
    return it.finished_on is not None and it.finished_on <= today


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods have a day in common."""
    starts_in_time = other.finished_on is None or one.started_on <= other.finished_on
    return starts_in_time and (one.finished_on is None or other.started_on <= one.finished_on)


def day_after(day: date | None) -> date | None:
    """The next day; None after an open end, and after the last day that a calendar has."""
    return None if day is None or day == date.max else day + DAY
