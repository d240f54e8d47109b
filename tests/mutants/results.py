"""What came of each mutant, kept below the user's cache, so that a run goes on where the last one ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.catalogue import Mutant
from tests.tool_cache import cache_folder

KILLED, SURVIVED, UNREACHED = "killed", "survived", "not reached"


@dataclass(frozen=True)
class Result:
    """What came of a mutant: which test noticed, or with which tests (their digest) none did."""

    outcome: str
    test: str = ""
    tests: str = ""


class Results:
    """A file that each result is added to. That a mutant survived counts as long as the tests are the same."""

    def __init__(self, tests: str, file: Path | None = None) -> None:
        self.tests = tests
        self.file = file or cache_folder("mutants") / "outcomes.jsonl"
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        self._known: dict[str, Result] = {}
        for it in map(json.loads, lines):
            self._known[it["key"]] = Result(it["outcome"], it["test"], it["tests"])

    def of(self, it: Mutant) -> Result | None:
        """What is known of it."""
        known = self._known.get(it.key)
        return known if known and (known.outcome == KILLED or known.tests == self.tests) else None

    def noticed_by(self, it: Mutant) -> str | None:
        """The test that noticed it, if one did."""
        known = self._known.get(it.key)
        return known.test if known and known.outcome == KILLED else None

    def add(self, it: Mutant, outcome: str, test: str = "", *, kept: bool = True) -> None:
        """Know it from now on, and keep it for the next run."""
        self._known[it.key] = Result(outcome, test, self.tests)
        if not kept:
            return
        line = {"key": it.key, "outcome": outcome, "test": test, "tests": self.tests, "mutant": it.told}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
