"""The figures that the documentation tells are those of the recordings and of the list of what differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conformance.known import known
from tests.conformance.recordings import recorded

# A world of another service than the first, as the pages call it.
CALLED = {"rect": "RECT, May 2026"}
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cases():
    """How many cases were recorded on each world."""
    return {it.name: sum(1 for _ in it.cases()) for it in recorded()}


@pytest.mark.parametrize("page", ["README.md", "docs/faithful.md"])
def test_a_page_says_how_many_cases_of_each_world_have_the_same_answers(page, cases):
    listed = known()

    for world, number in cases.items():
        same = number - len(listed.get(world, {}))
        called = CALLED.get(world) or date.fromisoformat(f"{world}-01").strftime("%B %Y")
        row = f"| {called} | {same:,} of {number:,} |"
        assert row in (PROJECT / page).read_text(), f"{page} has to say: {row}"


def test_the_recordings_say_how_many_they_are(cases):
    text = (PROJECT / "tests" / "conformance" / "recorded" / "README.md").read_text()

    for world, number in cases.items():
        assert any(
            line.startswith(f"| `{world}/` |") and line.endswith(f"| {number:,} |") for line in text.splitlines()
        )
    assert f"{sum(cases.values()):,} cases" in text
