"""Moments as they are written."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates.wire import instant, instant_ms

in_utc = st.datetimes(timezones=st.just(UTC))


def test_seconds_are_cut_and_not_rounded() -> None:
    assert instant(datetime(2023, 9, 1, 10, 0, 0, 999999, UTC)) == "2023-09-01T10:00:00Z"


def test_milliseconds_are_cut_and_not_rounded() -> None:
    assert instant_ms(datetime(2023, 9, 1, 1, 2, 3, 999, UTC)) == "2023-09-01T01:02:03.000Z"


def test_early_years_keep_four_digits() -> None:
    assert instant(datetime(26, 3, 4, tzinfo=UTC)) == "0026-03-04T00:00:00Z"


@given(in_utc)
def test_what_is_written_reads_back_to_the_second(at: datetime) -> None:
    assert datetime.fromisoformat(instant(at)) == at.replace(microsecond=0)


@given(in_utc)
def test_what_is_written_reads_back_to_the_millisecond(at: datetime) -> None:
    assert datetime.fromisoformat(instant_ms(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)


@given(in_utc)
def test_what_is_remembered_is_what_would_be_written_anew(at: datetime) -> None:
    assert instant(at) == instant(at) == f"{at.replace(tzinfo=None, microsecond=0).isoformat()}Z"
