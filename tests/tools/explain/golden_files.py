"""Explanations on file: what is printed is compared with `golden/`, and written there anew on demand.

After a change of wording:  GOLDEN=write .venv/bin/python -m pytest tests/tools/explain
Then read what `git diff tests/tools/explain/golden` shows: each must make sense to a provider's developer.

A file tells of the rules that refused, and for what reasons others were not asked, without a list of all others: a new
rule has a file of its own and is in the one that lists them all, `stories/a-declaration-too-early.txt`, if it is about
declarations.
"""

from __future__ import annotations

import os
from pathlib import Path

from ecf_sandbox.tools.explain.explanation import Evaluation, Explanation, RuleResult
from ecf_sandbox.tools.explain.text import as_text, judging_text, ruling_text

GOLDEN = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare a text with the file of that name."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert file.read_text() == text


def refused(ruling: RuleResult, judging: Evaluation) -> str:
    """What is on file for a rule: all that is known of the refusal, and what it kept from being asked."""
    return "\n".join([ruling_text(ruling), "", *_why_not(judging)]).rstrip("\n") + "\n"


def _why_not(it: Evaluation) -> list[str]:
    # What an edition does not have is no consequence of the refusal.
    reasons = {ruling.why_not for ruling in it.rulings if ruling.why_not and "not in force" not in ruling.why_not}
    return [f"not asked - {reason}" for reason in sorted(reasons)]


def without_the_list(it: Explanation, url: str) -> str:
    """An explanation as text, but for the lists of all rules at its end."""
    text = as_text(it, url)
    for judging in it.judgings:
        text = text.removesuffix(f"\n{judging_text(judging)}\n")
    return text
