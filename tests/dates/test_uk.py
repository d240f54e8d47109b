"""Days of the United Kingdom begin an hour earlier in summer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.dates.uk import at_uk_clock, uk_clock, uk_day, uk_midnight


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2026-01-12T12:00", "2026-01-12T12:00"),
        ("2026-05-12T12:00", "2026-05-12T13:00"),
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T01:00", "2026-03-29T02:00"),
        ("2026-10-25T00:59:59", "2026-10-25T01:59:59"),
        ("2026-10-25T01:00", "2026-10-25T01:00"),
    ],
)
def test_clocks_show_an_hour_more_from_the_last_sunday_of_march_to_that_of_october(instant, shown):
    assert uk_clock(utc(instant)) == datetime.fromisoformat(shown)


def test_an_evening_in_utc_is_the_next_day_in_summer():
    assert uk_day(utc("2026-05-12T23:30")) == date(2026, 5, 13)
    assert uk_day(utc("2026-01-12T23:30")) == date(2026, 1, 12)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 5, 12), "2026-05-11T23:00"),
        (date(2026, 1, 12), "2026-01-12T00:00"),
        (date(2026, 3, 29), "2026-03-29T00:00"),
        (date(2026, 3, 30), "2026-03-29T23:00"),
        (date(2026, 10, 25), "2026-10-24T23:00"),
        (date(2026, 10, 26), "2026-10-26T00:00"),
    ],
)
def test_a_day_begins_at_its_own_midnight(day, begins):
    assert uk_midnight(day) == utc(begins)


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_the_next():
    assert at_uk_clock(datetime(2026, 10, 25, 1, 30)) == utc("2026-10-25T00:30")
    assert at_uk_clock(datetime(2026, 3, 29, 1, 30)) == utc("2026-03-29T01:30")


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_time_have_a_clock_too(year):
    at = datetime(year, 7, 1, tzinfo=UTC)

    assert uk_day(at) == at.date()
    assert at_uk_clock(at.replace(tzinfo=None)) == at
