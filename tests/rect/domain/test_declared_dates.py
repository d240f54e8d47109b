"""How the date of a declaration is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.rect.domain.declared_dates import read_declared_date
from tests.effort import examples


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-01-10T10:00:00Z", "2026-01-10T10:00:00"),
        ("2026-01-10t10:00:00z", "2026-01-10T10:00:00"),
        ("2026-01-10T10:00:00.5Z", "2026-01-10T10:00:00.500000"),
        ("2026-01-10T10:00:00,5Z", "2026-01-10T10:00:00.500000"),
        ("2026-01-10T10:00:00+01:00", "2026-01-10T09:00:00"),
        ("2026-01-10T10:00:00+0100", "2026-01-10T09:00:00"),
        ("2026-01-10T10:00:00+01", "2026-01-10T09:00:00"),
        ("2026-01-10T10:00:00-0130", "2026-01-10T11:30:00"),
        ("2026-01-10T23:59:60Z", "2026-01-11T00:00:00"),
        ("2026-01-10T24:00:00Z", "2026-01-11T00:00:00"),
    ],
)
def test_what_rfc_3339_asks_for_and_a_little_more_is_well_formed(text, kept):
    found = read_declared_date(text)

    assert found is not None
    assert found.well_formed
    assert found.kept == at(kept)


def test_without_a_zone_it_is_judged_in_utc_and_kept_in_the_united_kingdom():
    found = read_declared_date("2026-05-12T12:00:00")

    assert found is not None
    assert (found.judged, found.kept) == (at("2026-05-12T12:00:00"), at("2026-05-12T11:00:00"))


def test_an_impossible_offset_is_dropped():
    found = read_declared_date("2026-01-10T10:00:00+99:99")

    assert found is not None
    assert found.kept == at("2026-01-10T10:00:00")


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-10", "2026-01-10 10:00:00", "2026-01-10T10:00Z", "10/01/2026", "20260110T100000Z"),
        *("2026-1-1T10:00:00Z", " 2026-01-10T10:00:00Z", "2026-01-10T10:00:00Zx", "January 10 2026"),
    ],
)
def test_other_readable_dates_are_not(text):
    found = read_declared_date(text)

    assert found is not None
    assert not found.well_formed


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-30T10:00:00Z", "2025-09-31T10:00:00Z", "2026-13-10T10:00:00Z", "2026-01-32T10:00:00Z"),
        *("2026-01-10T25:00:00Z", "2026-01-10T10:60:00Z", "2026-01-10T10:00:61Z"),
        *("2023-283T10:00:00Z", "1696932000", "abc", "", "10:00"),
    ],
)
def test_what_no_calendar_or_clock_shows_is_none(text):
    assert read_declared_date(text) is None


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", fullmatch=True))
@settings(max_examples=examples(300))
def test_no_text_breaks_it(text):
    found = read_declared_date(text)

    assert found is None or found.kept.tzinfo is not None
