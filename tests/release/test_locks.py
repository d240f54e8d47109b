"""The locks hold what pyproject.toml asks for, exactly, and lead to no index of their own."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.release.artefacts import ROOT
from tests.release.locks import NAMES, pins, text, tools, unread

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = PROJECT["project"]["dependencies"]
EXTRAS = [it for extra in PROJECT["project"]["optional-dependencies"].values() for it in extra]
WANTED = {
    "build": tools() + PROJECT["build-system"]["requires"],
    "run": RUN,
    "dev": RUN + EXTRAS + PROJECT["dependency-groups"]["dev"],
    "browser": RUN + EXTRAS + PROJECT["dependency-groups"]["dev"] + PROJECT["dependency-groups"]["browser"],
}


@pytest.mark.parametrize("name", NAMES)
class TestEachLock:
    def test_holds_nothing_but_versions_with_hashes(self, name):
        assert pins(name)
        assert unread(name) == ""

    def test_names_no_address_and_no_index(self, name):
        assert not re.search(r"://|index|find-links", text(name))

    def test_has_what_is_asked_for_within_its_bounds(self, name):
        missing = [it for it in map(Requirement, WANTED[name]) if not any(pin.meets(it) for pin in pins(name))]

        assert missing == [], "write the locks anew: make lock"

    def test_names_a_package_twice_only_for_different_machines(self, name):
        told = [(it.name, it.marker) for it in pins(name)]

        assert len(told) == len(set(told))


class TestTogether:
    def test_what_runs_is_what_is_tested(self):
        assert set(pins("run")) <= set(pins("dev")) <= set(pins("browser"))

    def test_the_tools_of_the_set_up_stand_beside_both(self):
        tools = {it.name: it for it in pins("build")}

        assert all(tools.get(it.name, it) == it for name in ("run", "dev", "browser") for it in pins(name))

    def test_what_runs_brings_nothing_of_the_tests(self):
        assert not {it.name for it in pins("run")} & {"pytest", "mypy", "ruff", "schemathesis", "requests", "httpx"}
