"""The usual spelling of a moment is read at once, and as the tolerant readers of both services read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates import readers
from ecf_sandbox.dates.usual import read_usual
from ecf_sandbox.rect.domain.declared_dates import DeclaredDate, read_tolerantly

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
TWO_DIGITS = st.from_regex(r"[0-6][0-9]", fullmatch=True)
TEXTS = st.builds("{}-{}-{}T{}:{}:{}Z".format, st.integers(1000, 2999), *[TWO_DIGITS] * 5)
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)).map(lambda it: f"{it:%Y-%m-%dT%H:%M:%S}Z")


@given(TEXTS | MOMENTS)
def test_every_tolerant_reader_sees_the_same_instant(text: str) -> None:
    found = read_usual(text)

    if found is not None:
        assert readers.read_tolerantly(text) == (found, True)
        assert readers.read_server_date(text, NOW) == found
        assert readers.read_uk_server_date(text, NOW) == found
        assert read_tolerantly(text) == DeclaredDate(judged=found, kept=found, well_formed=True)


@given(MOMENTS)
def test_every_moment_is_read(text: str) -> None:
    assert read_usual(text) == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00Z",
        "2026-02-10T24:00:00Z",
        "2026-02-10T12:00:60Z",
        "0026-02-10T12:00:00Z",
        "2026-02-10T12:00:00+00:00",
        "2026-02-10T12:00:00z",
        "2026-02-10",
        " 2026-02-10T12:00:00Z",
        "2026-02-10T12:00:00Z\n",
        "",
    ],
)
def test_what_is_spelt_otherwise_is_left_to_a_tolerant_reader(text: str) -> None:
    assert read_usual(text) is None
