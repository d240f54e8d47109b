"""The page of the dependencies names what pyproject.toml does, each with a reason."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.docs.pages import ROOT
from tests.release.locks import tools

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = {
    "To run": PROJECT["project"]["dependencies"],
    "Extras": [it for extra in PROJECT["project"]["optional-dependencies"].values() for it in extra],
    "To work on the sandbox": PROJECT["dependency-groups"]["dev"],
    "To look at the pages in a browser": PROJECT["dependency-groups"]["browser"],
    "To set up": tools(),
}


def rows(heading):
    """The cells of the table below a heading of the page."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [[it.strip(" `") for it in row.strip("|").split("|")] for row in re.findall(r"^\| `.*\|$", section, re.M)]


def named(requirements):
    return [Requirement(it).name.lower() for it in requirements]


@pytest.mark.parametrize("heading", GROUPS)
class TestEachGroup:
    def test_is_on_the_page_whole(self, heading):
        assert sorted(it[-2] for it in rows(heading)) == sorted(named(GROUPS[heading]))

    def test_has_a_reason_for_each(self, heading):
        assert all(len(it[-1]) > 5 for it in rows(heading))

    def test_names_nothing_twice(self, heading):
        assert len(named(GROUPS[heading])) == len(set(named(GROUPS[heading])))

    def test_keeps_no_newer_release_out_without_saying_so(self, heading):
        assert not [it for it in GROUPS[heading] if re.search("<|==|~=", it)]


def test_the_extras_are_known_by_their_names():
    extras = PROJECT["project"]["optional-dependencies"]

    assert [(it[0], it[1]) for it in rows("Extras")] == [(name, named(it)[0]) for name, it in extras.items()]
