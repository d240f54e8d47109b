"""Nobody waits for the pages: not who starts the sandbox, and not who opens the last step of the longest story.

Times are of the processor, so that a machine that is busy with something else makes no test fail.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from ecf_sandbox.app import _serve
from ecf_sandbox.scenario.loading import headings
from ecf_sandbox.web.ui import stories
from ecf_sandbox.web.ui.stories import Stories
from tests.web.ui.browsing import Browser

LONGEST = max(headings(), key=lambda it: it.steps)
LAST = f"/ui/stories/{LONGEST.name}/{LONGEST.steps}"
LIMIT = 0.150  # seconds
_LOADED = (
    "import sys, flask; before = set(sys.modules); import ecf_sandbox.app, ecf_sandbox.server; "
    "print(*sorted(set(sys.modules) - before), sep='\\n')"
)


def seconds(browser: Browser, address: str) -> float:
    begun = time.process_time()
    browser.open(address)
    return time.process_time() - begun


def loaded() -> list[str]:
    """What is imported to start the sandbox, but for what Flask imports anyway."""
    return subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True).stdout.split()


class TestTheLastStepOfTheLongestStory:
    def test_is_the_one_that_was_measured(self):
        assert LONGEST.steps >= 27

    def test_is_quick_where_the_story_was_not_played_yet(self):
        Browser().open("/ui/stories/started-too-early-and-too-late/1")  # what is imported once

        assert min(seconds(Browser(), LAST) for _ in range(3)) < LIMIT

    def test_is_quick_again(self):
        browser = Browser()
        browser.open(LAST)

        assert min(seconds(browser, LAST) for _ in range(3)) < LIMIT


def test_no_more_stories_are_kept_than_fit(monkeypatch):
    monkeypatch.setattr(stories, "MOST", 2)
    kept = Stories(_serve)
    for it in ("tokens", "duplicate-declaration", "duplicate-partnership"):
        kept.played(it)

    assert [name for name, _ in kept._played] == ["duplicate-declaration", "duplicate-partnership"]


@pytest.mark.slow
def test_whoever_starts_the_sandbox_loads_nothing_of_the_pages():
    names = loaded()

    assert "ecf_sandbox.app" in names
    assert [it for it in names if it.startswith(("ecf_sandbox.web", "ecf_sandbox.ecf.pages", "jinja2"))] == []
