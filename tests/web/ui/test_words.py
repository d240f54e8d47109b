"""How pages write what the API writes for programs."""

from __future__ import annotations

import pytest

from ecf_sandbox.web.ui.words import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dated 2026-01-15T12:00:00Z.", "dated 15 January 2026, 12:00."),
        ("started, 2025-06-01 to 2025-12-31", "started, 1 June 2025 to 31 December 2025"),
        ("2025-05-31T23:59:59Z", "31 May 2025, 23:59:59"),
        ("Jane Smith (52533669-e457-8431-a46a-958f59d67faa)", "Jane Smith"),
        ("started (52533669-e457-8431-a46a-958f59d67faa, eligible)", "started (eligible)"),
    ],
)
def test_dates_and_names_are_written_for_people(text, words):
    assert in_words(text) == words


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025-06-01T10:00:00+01:00", "a2025-06-01", "52533669-e457-8431-a46a-958f59d67faa", ""]
)
def test_what_is_no_date_stays_as_it_is(text):
    assert in_words(text) == text
