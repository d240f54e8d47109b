"""The two readings of a declaration date, as in behaviour/declarations.md#4-6 and the recordings."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates.calendar import EARLIEST, LATEST
from ecf_sandbox.dates.readers import read, read_strictly
from ecf_sandbox.dates.wire import instant


def well_formed(text: str) -> bool:
    return read_strictly(text)[1]


@pytest.mark.parametrize(
    ("text", "returned"),
    [
        pytest.param("2021-05-31T02:21:32Z", "2021-05-31T02:21:32Z", id="whole seconds"),
        pytest.param("2021-05-31T02:21:32.000Z", "2021-05-31T02:21:32Z", id="milliseconds"),
        pytest.param("2024-10-01T10:00:00.123456789Z", "2024-10-01T10:00:00Z", id="nanoseconds"),
        pytest.param("2024-10-01T10:00:00.9Z", "2024-10-01T10:00:00Z", id="cut, not rounded"),
        pytest.param("2024-10-01T10:00:00,25Z", "2024-10-01T10:00:00Z", id="comma"),
        pytest.param("2024-10-01t10:00:00Z", "2024-10-01T10:00:00Z", id="small t"),
        pytest.param("2021-05-31t02:21:32z", "2021-05-31T02:21:32Z", id="small letters"),
        pytest.param("2024-10-01T10:00:00", "2024-10-01T10:00:00Z", id="no zone"),
        pytest.param("2021-05-31T02:21:32+01", "2021-05-31T01:21:32Z", id="hours of offset"),
        pytest.param("2021-05-31T02:21:32+0100", "2021-05-31T01:21:32Z", id="compact offset"),
        pytest.param("2021-05-31T02:21:32+01:00", "2021-05-31T01:21:32Z", id="offset"),
        pytest.param("2024-10-01T10:00:00-00:00", "2024-10-01T10:00:00Z", id="minus no offset"),
        pytest.param("2024-10-01T10:00:00+23:59", "2024-09-30T10:01:00Z", id="the greatest offset"),
        pytest.param("2024-10-01T10:00:00+01:60", "2024-10-01T08:00:00Z", id="60 offset minutes"),
        pytest.param("2024-10-01T10:00:00+01:99", "2024-10-01T07:21:00Z", id="99 offset minutes"),
        pytest.param("2024-10-01T10:00:00-05:30", "2024-10-01T14:30:00Z", id="western minutes count eastwards"),
        pytest.param("2024-10-01t10:00:00-05:30", "2024-10-01T15:30:00Z", id="but not after a small t"),
        pytest.param("2024-09-31T00:00:00Z", "2024-10-01T00:00:00Z", id="31 September"),
        pytest.param("2021-02-30T00:00:00Z", "2021-03-02T00:00:00Z", id="30 February"),
        pytest.param("2024-10-01T24:00:00Z", "2024-10-02T00:00:00Z", id="hour 24"),
        pytest.param("2024-10-01T10:00:60Z", "2024-10-01T10:01:00Z", id="second 60"),
        pytest.param("2024-10-01T23:59:60Z", "2024-10-02T00:00:00Z", id="leap second"),
        pytest.param("2024-12-31T23:59:59.999999999Z", "2024-12-31T23:59:59Z", id="the last nanosecond"),
        pytest.param("2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00Z", id="still last year in UTC"),
        pytest.param("2024-05-31T23:30:00-01:00", "2024-06-01T00:30:00Z", id="next month in UTC"),
    ],
)
def test_accepted(text: str, returned: str) -> None:
    moment = read(text)

    assert well_formed(text)
    assert moment is not None
    assert instant(moment) == returned


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("2024-10-01", "2024-10-01T00:00:00Z", id="date only"),
        pytest.param("2024-10-01T10:00Z", "2024-10-01T10:00:00Z", id="no seconds"),
        pytest.param("2024-10-01T10Z", "2024-10-01T00:00:00Z", id="hour only"),
        pytest.param("2024-10-01 10:00:00", "2024-10-01T10:00:00Z", id="blank instead of T"),
        pytest.param("2024-10-01T10:00:00 Z", "2024-10-01T10:00:00Z", id="blank before Z"),
        pytest.param("2024-10-01T10:00:00UTC", "2024-10-01T10:00:00Z", id="UTC by name"),
        pytest.param("2024-10-01T10:00:00 BST", "2024-10-01T09:00:00Z", id="BST"),
        pytest.param("2024-10-01T10:00:00+100", "2024-10-01T09:00:00Z", id="three digits of offset"),
        pytest.param("2024-10-01T10:00:00+2400", "2024-09-30T10:00:00Z", id="offset of a day"),
        pytest.param("2024-10-01T10:00:00-24:00", "2024-10-02T10:00:00Z", id="offset of a day to the west"),
        pytest.param("2024-10-01T10:00:00−01:00", "2024-10-01T10:00:00Z", id="typographic minus"),
        pytest.param("2024-10-01T10:00:00%2B01:00", "2024-10-01T10:00:00Z", id="percent-encoded plus"),
        pytest.param("2024-10-01T10:00:00 01:00", "2024-10-01T10:00:00Z", id="plus turned blank"),
        pytest.param("01/10/2024", "2024-10-01T00:00:00Z", id="British date"),
        pytest.param("31/05/2021", "2021-05-31T00:00:00Z", id="British date, day 31"),
        pytest.param("2024/10/01T10:00:00Z", "2024-10-01T10:00:00Z", id="slashes"),
        pytest.param("May 31 2021", "2021-05-31T00:00:00Z", id="American, month by name"),
        pytest.param("20210531T022132Z", "2021-05-31T02:21:32Z", id="compact"),
        pytest.param("Tue, 01 Oct 2024 10:00:00 +0000", "2024-10-01T10:00:00Z", id="RFC 2822"),
        pytest.param("24-10-01T10:00:00Z", "2024-10-01T10:00:00Z", id="two-digit year"),
        pytest.param("69-10-01", "1969-10-01T00:00:00Z", id="the first year of the last century"),
        pytest.param("68-10-01", "2068-10-01T00:00:00Z", id="the last year of this century"),
        pytest.param("2024-9-01T10:00:00Z", "2024-09-01T10:00:00Z", id="one-digit month"),
        pytest.param("12345", "2012-01-01T00:00:00Z", id="five digits"),
        pytest.param(" 2024-10-01T10:00:00Z", "2024-10-01T10:00:00Z", id="blank before"),
        pytest.param("2024-10-01T10:00:00Z\n", "2024-10-01T10:00:00Z", id="newline after"),
        pytest.param("2024-10-01T10:00:00Zfoo", "2024-10-01T10:00:00Z", id="text after"),
        pytest.param("foo\n2024-10-01T10:00:00Z", "2024-10-01T10:00:00Z", id="second line"),
        pytest.param('"2024-10-01T10:00:00Z"', "2024-10-01T10:00:00Z", id="quoted"),
        pytest.param("2024-10-01 10:00 PM", "2024-10-01T22:00:00Z", id="pm"),
    ],
)
def test_malformed_but_converted(text: str, meaning: str) -> None:
    moment = read(text)

    assert not well_formed(text)
    assert moment is not None
    assert instant(moment) == meaning


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("foo", id="a word"),
        pytest.param("yesterday", id="yesterday"),
        pytest.param("today", id="today"),
        pytest.param("next tuesday", id="next tuesday"),
        pytest.param("not-a-date", id="not a date"),
        pytest.param("10:00:00", id="time only"),
        pytest.param("2024-W40-2T10:00:00Z", id="week date"),
        pytest.param("2024-275T10:00:00Z", id="ordinal date"),
        pytest.param("10/25/2024", id="American date"),
        pytest.param("1727776800", id="seconds since 1970"),
        pytest.param("1727776800000", id="milliseconds since 1970"),
        pytest.param("２０２４-10-01T10:00:00Z", id="digits of another script"),
        pytest.param("2024-13-01T10:00:00Z", id="month 13"),
        pytest.param("2024-00-01T10:00:00Z", id="month 0"),
        pytest.param("2024-10-00T10:00:00Z", id="day 0"),
        pytest.param("2024-10-32T10:00:00Z", id="day 32"),
        pytest.param("2024-10-01T24:00:01Z", id="a second past hour 24"),
        pytest.param("2024-10-01T25:00:00Z", id="hour 25"),
        pytest.param("2024-10-01T10:60:00Z", id="minute 60"),
        pytest.param("2024-10-01T10:00:61Z", id="second 61"),
        pytest.param("", id="empty"),
        pytest.param("   ", id="blank"),
    ],
)
def test_neither_well_formed_nor_converted(text: str) -> None:
    assert not well_formed(text)
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "formed", "meaning"),
    [
        pytest.param("0000-10-01T10:00:00Z", True, EARLIEST, id="the year 0"),
        pytest.param("0001-01-01T00:00:00Z", True, EARLIEST, id="the year 1"),
        pytest.param("-2024-10-01T10:00:00Z", False, EARLIEST, id="a negative year"),
        pytest.param("9999-12-31T23:59:60Z", True, LATEST, id="the last leap second"),
        pytest.param("99999-01-01T00:00:00Z", False, LATEST, id="the year 99999"),
    ],
)
def test_far_years_lie_outside_every_milestone(text: str, formed: bool, meaning: datetime) -> None:
    assert well_formed(text) is formed
    assert read(text) == meaning


def test_the_last_nanosecond_of_a_day_is_before_the_end_of_that_day() -> None:
    assert read("2024-12-31T23:59:59.999999999Z") == datetime.combine(datetime(2024, 12, 31), time.max, UTC)


def test_a_fraction_of_any_length_is_converted_but_a_long_one_is_not_well_formed() -> None:
    text = f"2024-10-01T10:00:00.{'1' * 120}Z"

    assert read(text) == datetime(2024, 10, 1, 10, 0, 0, 111111, UTC)
    assert not well_formed(text)


@given(st.one_of(st.text(), st.text("0123456789-+:/., TtZzadfmprs", max_size=40)))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    moment = read(text)

    assert moment is None or moment.tzinfo is UTC
    assert moment is not None or not well_formed(text)
