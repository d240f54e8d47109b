"""What the tolerant reading finds in a text, part by part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates.lenient import LONGEST, NOTHING, Parts, TooLong, read_parts
from ecf_sandbox.dates.zones import HOUR, seconds_ahead


@pytest.mark.parametrize(
    ("digits", "found"),
    [
        ("5", NOTHING),
        ("31", Parts(day=31)),
        ("063", Parts(hint=True)),
        ("0304", Parts(month=3, day=4)),
        ("26063", Parts(year=26, century_missing=True, hint=True)),
        ("260304", Parts(year=26, month=3, day=4, century_missing=True)),
        ("2026063", Parts(year=2026, century_missing=True, hint=True)),
        ("20260304", Parts(year=2026, month=3, day=4)),
        ("202603040", NOTHING),
        ("2026030405", Parts(year=2026, month=3, day=4, hour=5)),
        ("20260304050", NOTHING),
        ("202603040506", Parts(year=2026, month=3, day=4, hour=5, minute=6)),
        ("2026030405060", NOTHING),
        ("20260304050607", Parts(year=2026, month=3, day=4, hour=5, minute=6, second=7)),
    ],
)
def test_a_run_of_digits_divides_by_its_length(digits: str, found: Parts) -> None:
    assert read_parts(digits) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("4 March 2026", Parts(year=2026, month=3, day=4), id="British"),
        pytest.param("4th of March", Parts(month=3), id="a word between hides the day"),
        pytest.param("Mar 4th, 2026", Parts(year=2026, month=3, day=4), id="American"),
        pytest.param("04-Mar-2026", Parts(year=2026, month=3, day=4), id="dashes and a name"),
        pytest.param("Mar-04-2026", Parts(year=2026, month=3, day=4), id="a name and dashes"),
        pytest.param("March 2026", Parts(year=2026, month=3), id="month and year"),
        pytest.param("04-03-2026", Parts(year=2026, month=3, day=4), id="dashes from the day on"),
        pytest.param("4/3/26", Parts(year=4, month=3, day=26, century_missing=True), id="short slashes are y/m/d"),
        pytest.param("10/01", Parts(month=10, day=1), id="two numbers are month and day"),
        pytest.param("2026-063", Parts(year=2026, century_missing=True, hint=True), id="day of the year"),
        pytest.param("2026-W10", Parts(hint=True), id="week"),
        pytest.param("Monday", Parts(hint=True), id="weekday"),
        pytest.param("5:06 pm", Parts(hour=17, minute=6), id="afternoon"),
        pytest.param("12am", Parts(hour=0), id="midnight"),
        pytest.param("5h30", Parts(hour=5, minute=30), id="h for hours"),
        pytest.param("10:30 5", Parts(hour=10, minute=30, day=5), id="a number beside an hour is the day"),
        pytest.param("4 March 2026 9", Parts(year=2026, month=3, day=4, hour=9), id="beside a day, the hour"),
        pytest.param("25:99", Parts(hour=25, minute=99), id="nothing is checked"),
    ],
)
def test_a_date_or_time_is_found(text: str, found: Parts) -> None:
    assert read_parts(text) == found


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Z", 0), ("GMT", 0), ("utc", 0), ("BST", 1), ("CEST", 2), ("EST", -5), ("pdt", -7), ("A", 1), ("N", -1),
        ("+01", 1), ("+1", 1), ("+0130", 1.5), ("+130", 1.5), ("+01:30", 1.5), ("-05:30", -5.5), ("+1.5", 1.5),
        ("GMT+1", 1), ("UTC-03:00", -3), ("GMT Standard Time", 0), ("GMT daylight time", 1), ("est dst", -4),
        ("+24:00", 24), ("+01:60", 2),
    ],
)  # fmt: skip
def test_a_zone_is_ahead_of_utc_by(zone: str, hours: float) -> None:
    assert seconds_ahead(zone) == hours * HOUR


def test_an_unknown_zone_is_none() -> None:
    assert seconds_ahead("please") is None


def test_text_is_read_up_to_128_bytes() -> None:
    assert read_parts("é" * (LONGEST // 2)) == NOTHING
    with pytest.raises(TooLong, match="130 bytes"):
        read_parts("é" * (LONGEST // 2 + 1))


@given(st.text(max_size=LONGEST // 4))
def test_short_text_is_never_refused(text: str) -> None:
    assert isinstance(read_parts(text), Parts)
