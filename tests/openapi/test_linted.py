"""What the linters Spectral and Redocly ask of a document, and what generators of clients stumble over, without them.

`make contract-lint` runs the linters themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ecf_sandbox.tools.contract.documents import METHODS
from tests.tools.contract import shipped

DOCUMENTS = {name: it.tree for name, it in shipped.DOCUMENTS.items()}


def operations(tree: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, with its id."""
    for item in tree["paths"].values():
        yield from ((item[it]["operationId"], item[it]) for it in METHODS if it in item)


def enumerations(it: Any) -> Iterator[Any]:
    """Every value of every enumeration."""
    if isinstance(it, dict):
        if isinstance(it.get("enum"), list):
            yield from it["enum"]
        for value in it.values():
            yield from enumerations(value)
    elif isinstance(it, list):
        for value in it:
            yield from enumerations(value)


@pytest.mark.parametrize("name", DOCUMENTS)
class TestADocument:
    def test_says_who_answers_for_it_and_under_which_licence(self, name):
        info = DOCUMENTS[name]["info"]

        assert info["contact"]["name"]
        assert info["license"]["name"]
        assert info["license"]["url"].startswith("https://")

    def test_describes_each_tag_that_an_operation_has(self, name):
        tags = {it["name"]: it.get("description") for it in DOCUMENTS[name].get("tags", ())}
        used = {tag for _, it in operations(DOCUMENTS[name]) for tag in it["tags"]}

        assert used == set(tags)
        assert all(tags.values())

    def test_describes_each_operation(self, name):
        assert [id for id, it in operations(DOCUMENTS[name]) if not it.get("description")] == []

    def test_says_how_each_operation_is_refused(self, name):
        silent = [
            id
            for id, it in operations(DOCUMENTS[name])
            if not any(status.startswith("4") for status in it["responses"])
        ]

        assert silent == []

    def test_enumerates_nothing_that_takes_more_than_a_line(self, name):
        """Orval 7 writes such a value into TypeScript as it is, which does not compile."""
        values = [it for it in enumerations(DOCUMENTS[name]) if isinstance(it, str)]

        assert values
        assert [it for it in values if not it.isprintable()] == []


def test_each_exception_from_a_rule_of_a_linter_has_its_reason():
    """A comment stands above each rule that is switched off."""
    here = Path(__file__).parent
    for file in (here / "redocly.yaml", here / "spectral.yaml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        off = [n for n, line in enumerate(lines) if line.rstrip().endswith(": off")]

        assert yaml.safe_load("\n".join(lines))["extends"]
        assert [lines[n] for n in off if not lines[n - 1].strip().startswith("#")] == []
