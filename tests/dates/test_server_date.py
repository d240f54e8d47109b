"""X-With-Server-Date: what moves the clock, what does nothing, what crashes the service."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates.calendar import EARLIEST, LATEST
from ecf_sandbox.dates.readers import UnreadableDate, read_server_date

NOW = datetime(2026, 11, 23, 16, 28, 19, tzinfo=UTC)  # a Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [  # behaviour/http-and-partnerships.md#b16, behaviour/errata.md#http
        pytest.param("2026-03-04T05:06:07Z", "2026-03-04T05:06:07", id="RFC 3339"),
        pytest.param("2026-03-04T05:06:07.987654Z", "2026-03-04T05:06:07.987654", id="fraction"),
        pytest.param("2026-07-04T05:06:07+0100", "2026-07-04T04:06:07", id="offset without colon"),
        pytest.param("2026-03-04T23:06:07-05:00", "2026-03-05T04:06:07", id="offset to the west"),
        pytest.param("2026-07-04T05:06:07", "2026-07-04T05:06:07", id="no zone"),
        pytest.param("2026-03-04t05:06:07z", "2026-03-04T05:06:07", id="small letters"),
        pytest.param("2026-03-04 05:06:07", "2026-03-04T05:06:07", id="blank instead of T"),
        pytest.param("2026-03-04 05:06:07 EST", "2026-03-04T10:06:07", id="EST"),
        pytest.param("2026-07-04 05:06:07 BST", "2026-07-04T04:06:07", id="BST"),
        pytest.param("2026-03-04T05:06Z", "2026-03-04T05:06:00", id="no seconds"),
        pytest.param("2026-03-04T05", "2026-03-04T00:00:00", id="hour only counts as midnight"),
        pytest.param("2026-03-04", "2026-03-04T00:00:00", id="date only"),
        pytest.param("20260304", "2026-03-04T00:00:00", id="compact date"),
        pytest.param("20260210T120000Z", "2026-02-10T12:00:00", id="compact instant"),
        pytest.param("20260304050607", "2026-03-04T05:06:07", id="fourteen digits"),
        pytest.param("04/03/2026", "2026-03-04T00:00:00", id="British date"),
        pytest.param("04.03.2026", "2026-03-04T00:00:00", id="dots"),
        pytest.param("March 4, 2026", "2026-03-04T00:00:00", id="American, month by name"),
        pytest.param("Wed, 04 Mar 2026 05:06:07 GMT", "2026-03-04T05:06:07", id="HTTP date"),
        pytest.param("Wed Mar  4 05:06:07 2026", "2026-03-04T05:06:07", id="asctime"),
        pytest.param("2026-02-30", "2026-03-02T00:00:00", id="30 February rolls over"),
        pytest.param("2026-02-29", "2026-03-01T00:00:00", id="29 February in a common year"),
        pytest.param("2026-04-31T00:00:00Z", "2026-05-01T00:00:00", id="31 April rolls over"),
        pytest.param("2026-03-04T05:06:60Z", "2026-03-04T05:07:00", id="second 60"),
        pytest.param("2026-03-04 5:06 pm", "2026-03-04T17:06:00", id="pm"),
        pytest.param("  2026-03-04T05:06:07Z  ", "2026-03-04T05:06:07", id="blanks around"),
        pytest.param("on 2026-03-04T05:06:07Z please", "2026-03-04T05:06:07", id="words around"),
        pytest.param('"2026-03-04T05:06:07Z"', "2026-03-04T05:06:07", id="quoted"),
        pytest.param("26-03-04", "0026-03-04T00:00:00", id="the year 26"),
        pytest.param("1900-01-01T00:00:00Z", "1900-01-01T00:00:00", id="long ago"),
        pytest.param("9999-12-31T23:59:59Z", "9999-12-31T23:59:59", id="the last second"),
        pytest.param("2026-03-29T01:30:00", "2026-03-29T01:30:00", id="an hour British clocks skip"),
        pytest.param("2026-3-4T5:6:7Z", "2026-03-04T05:06:07", id="no leading zeros"),
        pytest.param("2026-02-31 and more", "2026-03-03T00:00:00", id="words after"),
        pytest.param("2026-02-10 12:00:00 +0100", "2026-02-10T11:00:00", id="blank before the offset"),
    ],
)
def test_the_clock_moves_to_what_the_text_says(text: str, meaning: str) -> None:
    assert read_server_date(text, NOW) == at(meaning)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("10:30", "2026-11-23T10:30:00", id="time only"),
        pytest.param("Friday", "2026-11-23T00:00:00", id="a weekday is not counted with"),
        pytest.param("March", "2026-03-01T00:00:00", id="a month"),
        pytest.param("31", "2026-12-01T00:00:00", id="a day this month lacks"),
        pytest.param("10/01", "2026-10-01T00:00:00", id="month and day"),
        pytest.param("2026-W10-3T10:00:00Z", "2026-11-23T10:00:00", id="a week is not counted with"),
    ],
)
def test_what_is_missing_comes_from_the_present(text: str, meaning: str) -> None:
    assert read_server_date(text, NOW) == at(meaning)


def test_the_present_is_looked_at_in_utc() -> None:
    before_midnight_in_utc = datetime(2026, 7, 2, 0, 30, tzinfo=timezone(timedelta(hours=1)))

    assert read_server_date("10:30", before_midnight_in_utc) == at("2026-07-01T10:30:00")


@pytest.mark.parametrize(
    "text", ["", "   ", "now", "tomorrow", "soon", "nonsense", "garbage", "0", "5", "?", "-", "P1D", "x" * 128]
)
def test_text_without_any_date_has_no_effect(text: str) -> None:
    assert read_server_date(text, NOW) is None


def test_milliseconds_since_1970_have_no_effect() -> None:
    assert read_server_date("1772600767000", NOW) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [  # behaviour/errata.md#http
        pytest.param("2026-03", "the month is 20", id="year and month"),
        pytest.param("2026", "the month is 20", id="year only"),
        pytest.param("2026-13-45T00:00:00Z", "the month is 13", id="month 13"),
        pytest.param("2026-00-10T00:00:00Z", "the month is 0", id="month 0"),
        pytest.param("2026-03-32T00:00:00Z", "the day is 32", id="day 32"),
        pytest.param("2026-03-00", "the day is 0", id="day 0"),
        pytest.param("2026-03-04T25:00:00Z", "the hour is 25", id="hour 25"),
        pytest.param("2026-03-04T05:60:00Z", "the minute is 60", id="minute 60"),
        pytest.param("2026-03-04T05:06:61Z", "the second is 61", id="second 61"),
        pytest.param("03/25/2026", "the month is 25", id="American date"),
        pytest.param("1772600767", "the month is 60", id="seconds since 1970"),
        pytest.param("12 34", "the hour is 34", id="two numbers"),
        pytest.param("2026-03-04T05:06:07+25:00", "the offset", id="offset of 25 hours"),
        pytest.param("2026-03-04T05:06:07+99:99", "the offset", id="offset of 99:99"),
        pytest.param("2026-03-04T05:06:07Z " + "x" * 108, "129 bytes", id="a date in 129 characters"),
        pytest.param("x" * 129, "129 bytes", id="129 characters"),
    ],
)
def test_what_crashes_the_service_is_refused_with_the_reason_and_a_right_value(text: str, reason: str) -> None:
    with pytest.raises(UnreadableDate, match=reason) as refusal:
        read_server_date(text, NOW)

    assert "2026-03-04T05:06:07Z" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("99999-01-01T00:00:00Z", LATEST, id="the year 99999"),
        pytest.param("9999-12-31T24:00:00Z", LATEST, id="the first moment of the year 10000"),
        pytest.param("0000-01-01T00:00:00Z", EARLIEST, id="the year 0"),
        pytest.param("-2026-01-01T00:00:00Z", EARLIEST, id="2027 BC"),
        pytest.param("0001-01-01T00:00:00+01:00", EARLIEST, id="an hour before the year 1"),
    ],
)
def test_moments_no_datetime_can_hold_are_drawn_to_its_ends(text: str, meaning: datetime) -> None:
    assert read_server_date(text, NOW) == meaning


class TestAnyText:
    @given(st.text())
    def test_is_read_or_refused(self, text: str) -> None:
        try:
            moment = read_server_date(text, NOW)
        except UnreadableDate:
            return
        assert moment is None or moment.tzinfo is UTC

    @given(st.text("0123456789-+:/., TtZzadfmprs", max_size=40))
    def test_like_a_date_is_read_or_refused(self, text: str) -> None:
        try:
            moment = read_server_date(text, NOW)
        except UnreadableDate:
            return
        assert moment is None or moment.tzinfo is UTC
