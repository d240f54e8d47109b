"""Nobody waits for the pages: not who starts the sandbox, and not who opens a step again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ecf_sandbox.app import _serve
from ecf_sandbox.web.ui import stories
from ecf_sandbox.web.ui.stories import Stories

_LOADED = (
    "import sys, flask; before = set(sys.modules); import ecf_sandbox.app, ecf_sandbox.serving.server; "
    "print(*sorted(set(sys.modules) - before), sep='\\n')"
)


def loaded() -> list[str]:
    """What is imported to start the sandbox, but for what Flask imports anyway."""
    return subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True).stdout.split()


def test_a_story_that_was_shown_is_not_played_again():
    kept = Stories(_serve)

    assert kept.played("tokens") is kept.played("tokens")


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
    assert [
        it
        for it in names
        if it.startswith(("ecf_sandbox.web", "ecf_sandbox.ecf.pages", "ecf_sandbox.rect.pages", "jinja2"))
    ] == []
