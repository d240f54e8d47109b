"""`filter[updated_since]`, as in behaviour/http-and-partnerships.md#b9 and the recordings."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates.calendar import EARLIEST, LATEST
from ecf_sandbox.dates.readers import read_updated_since
from ecf_sandbox.dates.wire import instant


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("2020-11-13T11:21:55Z", "2020-11-13T11:21:55Z", id="RFC 3339"),
        pytest.param("2020-11-13t11:21:55z", "2020-11-13T11:21:55Z", id="small letters"),
        pytest.param("2020-11-13T11:21:55", "2020-11-13T11:21:55Z", id="no zone"),
        pytest.param("2020-11-13T11:21:55+01:00", "2020-11-13T10:21:55Z", id="offset"),
        pytest.param("2020-11-13T11:21:55+0100", "2020-11-13T10:21:55Z", id="compact offset"),
        pytest.param("2020-11-13T11:21:55-05", "2020-11-13T16:21:55Z", id="hours of offset"),
        pytest.param("2020-11-13T11:21:55-05:30", "2020-11-13T16:51:55Z", id="western minutes count westwards"),
        pytest.param("2026-02-30T00:00:00Z", "2026-03-02T00:00:00Z", id="30 February"),
        pytest.param("2026-01-29T24:00:00Z", "2026-01-30T00:00:00Z", id="hour 24"),
        pytest.param("2025-06-26T00:00:60Z", "2025-06-26T00:01:00Z", id="second 60"),
        pytest.param("25-06-26T00:00:00Z", "0025-06-26T00:00:00Z", id="the year 25"),
        pytest.param(" 2025-06-26T00:00:00Z", "2025-06-26T00:00:00Z", id="blank before"),
        pytest.param("2025-06-26T00:00:00Z\n", "2025-06-26T00:00:00Z", id="newline after"),
        pytest.param("+2025-06-26T00:00:00Z", "2025-06-26T00:00:00Z", id="plus before, blank when decoded"),
        pytest.param("2025-06-26T00%3A00%3A00Z", "2025-06-26T00:00:00Z", id="encoded twice"),
        pytest.param("2025-06-26T01:00:00%2B01:00", "2025-06-26T00:00:00Z", id="plus encoded twice"),
    ],
)
def test_accepted(text: str, meaning: str) -> None:
    assert instant(read_updated_since(text)) == meaning


def test_a_fraction_counts_to_the_microsecond() -> None:
    assert read_updated_since("2026-01-12T10:00:00.0222349Z") == datetime(2026, 1, 12, 10, 0, 0, 22234, UTC)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("99999-06-26T00:00:00Z", LATEST, id="the year 99999"),
        pytest.param("-2025-06-26T00:00:00Z", EARLIEST, id="2026 BC"),
        pytest.param("0000-01-01T00:00:00Z", EARLIEST, id="the year 0"),
    ],
)
def test_far_years_are_drawn_to_the_ends_of_time(text: str, meaning: datetime) -> None:
    assert read_updated_since(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2025-06-26T00:00:00 01:00", id="plus turned blank"),
        pytest.param("2020-02-32T00:00:00Z", id="day 32"),
        pytest.param("2026-13-01T00:00:00Z", id="month 13"),
        pytest.param("2025-06-26T00:60:00Z", id="minute 60"),
        pytest.param("2025-06-26T00:00:61Z", id="second 61"),
        pytest.param("2025-06-26T24:00:01Z", id="a second past hour 24"),
        pytest.param("2025-06-26T00:00:00+24:00", id="offset of a day"),
        pytest.param("2025-06-26", id="date only"),
        pytest.param("2025-06-26 00:00:00Z", id="blank instead of T"),
        pytest.param("2025-06-26T00:00Z", id="no seconds"),
        pytest.param("2025-06-26T00:00:00,5Z", id="comma"),
        pytest.param("2025-06-26T10Z", id="hour only"),
        pytest.param("20250626T000000Z", id="compact"),
        pytest.param("2025-W26-4T10:00:00Z", id="week date"),
        pytest.param("2025-177T10:00:00Z", id="ordinal date"),
        pytest.param("20/01/2026", id="British date"),
        pytest.param("Thu, 26 Jun 2025 00:00:00 GMT", id="HTTP date"),
        pytest.param("2025-6-26T00:00:00Z", id="one-digit month"),
        pytest.param("2025-06-26T0:00:00Z", id="one-digit hour"),
        pytest.param("999999999-01-01T00:00:00Z", id="a year the database lacks"),
        pytest.param("2025-06-26T00:00:00Zx", id="text after"),
        pytest.param("x2025-06-26T00:00:00Z", id="text before"),
        pytest.param('"2025-06-26T00:00:00Z"', id="quoted"),
        pytest.param("2025-06-26T00:00:00Z\0", id="NUL after"),
        pytest.param("2025-06-26T00%253A00%253A00Z", id="encoded three times"),
        pytest.param("2025-06-26T00:00:00Z,2025-06-27T00:00:00Z", id="two values"),
        pytest.param("٢٠٢٥-06-26T00:00:00Z", id="Arabic digits"),
        pytest.param("%zz", id="bad percent sign"),
        pytest.param("%ff", id="not UTF-8"),
        pytest.param("1750896000", id="seconds since 1970"),
        pytest.param("1", id="one digit"),
        pytest.param("now", id="now"),
        pytest.param("yesterday", id="yesterday"),
        pytest.param("23rm21", id="garbage"),
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"RFC 3339|percent|must be|offset"):
        read_updated_since(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_encoded_once_too_often_is_still_read(moment: datetime) -> None:
    assert read_updated_since(quote(moment.isoformat(), safe="")) == moment


@given(st.one_of(st.text(), st.text("0123456789-+:. TtZz%2B", max_size=40)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert read_updated_since(text).tzinfo is UTC
