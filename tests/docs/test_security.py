"""Every promise on the page on security is held by something that there is."""

from __future__ import annotations

import re

from tests.attack.cases import CASES
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISED = PAGE.partition("## Promised")[2].partition("## Not promised")[0]
ROWS = [line for line in PROMISED.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| ---"))]


def cited(row):
    """What holds a promise: names of cases, and files of tests."""
    names = re.findall(r"`([^`]+)`", row.rpartition(" | ")[2])
    return [it for it in names if "/" not in it], [it for it in names if "/" in it]


def test_each_promise_has_what_holds_it():
    assert len(ROWS) > 15
    assert all(any(cited(row)) for row in ROWS)


def test_every_case_that_is_named_is_there_and_each_is_named():
    assert {name for row in ROWS for name in cited(row)[0]} == {it.act.__name__ for it in CASES}


def test_every_test_that_is_named_is_there():
    for row in ROWS:
        for file in cited(row)[1]:
            assert (ROOT / file).is_file(), file


def test_each_case_is_there_once():
    names = [it.act.__name__ for it in CASES]

    assert len(names) == len(set(names))
