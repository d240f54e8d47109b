"""Which tests reach which line, found out once for the same tests and code; and in which order they are tried."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.mutants.catalogue import ROOT, Mutant, folders, source_of
from tests.mutants.forks import in_fork
from tests.mutants.session import LAST, SLOW, TESTS, Chosen, Tracer, run
from tests.tool_cache import cache_folder

# Of the tests that take long, and of all others, so many of those that reach a line are tried.
MOST_LAST, MOST = 6, 600


class Reach:
    """The tests that may notice a mutant. What is traced of a file of tests holds until it or the code changes."""

    def __init__(self, tests: Sequence[str] = TESTS, *, quick: bool = False) -> None:
        self.tests, self.quick = tests, quick
        self._files = _files(tests)
        self._seconds: dict[str, float] = {}
        self._tests: dict[str, set[str]] = {}
        self._noticed: dict[str, tuple[int, str, str]] = {}

    @property
    def digest(self) -> str:
        """Of all tests and what they use."""
        return _digest(_support(), *self._files)

    def trace(self) -> int:
        """Find out what is not known yet; answers of how many files that was."""
        common = _digest(_support(), *(it for folder in folders() for it in sorted(folder.glob("*.py"))))
        kept = {it: cache_folder("mutants") / f"reach-{common}-{_digest([it])}.json" for it in self._files}
        missing = [it for it, file in kept.items() if not file.exists()]
        if missing:
            found = in_fork(lambda: _traced([str(it.relative_to(ROOT)) for it in missing]))
            for it in missing:
                name = it.relative_to(ROOT).as_posix()
                own = {test: told for test, told in found.items() if test.partition("::")[0] == name}
                kept[it].write_text(json.dumps(own), encoding="utf-8")
        for file in kept.values():
            self._add(json.loads(file.read_text(encoding="utf-8")))
        return len(missing)

    def _add(self, traced: dict[str, dict[str, Any]]) -> None:
        for test, told in traced.items():
            self._seconds[test] = told["seconds"]
            for file, lines in told["lines"].items():
                for line in lines:
                    self._tests.setdefault(f"{file}:{line}", set()).add(test)

    def noticed(self, it: Mutant, test: str) -> None:
        """A test noticed one, so it is tried early for the next ones of the same function and module."""
        self._noticed[test] = (len(self._noticed), it.module, it.mutation.function)

    def of(self, it: Mutant) -> list[str]:
        """What noticed others of the function or module, then tests named after the module, then the quickest."""
        file = source_of(it.module).relative_to(ROOT).as_posix()
        _, service, area, name = it.module.split(".")
        named = f"tests/{service}/{area}/test_{name}.py"
        places = [f"{file}:{line}" for line in it.mutation.lines]
        found: set[str] = set()
        looking: tuple[str, ...] = (named,)
        if it.mutation.at_import:  # may be looked at; and that a rule isn't asked is seen by tests that don't reach it
            books = (f"tests/{service}/{area}/test_{it}.py" for it in ("catalogue", "ledgers"))
            looking = (named, "tests/cli/test_catalogues.py", *books)
            found = {test for test in self._seconds if test.startswith(looking)}
        if not places:  # what is made as the module is imported concerns whoever uses the module
            places = [place for place in self._tests if place.startswith(f"{file}:")]
        found |= {test for place in places for test in self._tests.get(place, ())}

        def order(test: str) -> tuple[object, ...]:
            number, module, function = self._noticed.get(test, (0, "", ""))
            same = 0 if (module, function) == (it.module, it.mutation.function) else 1 if module == it.module else 2
            near = next((n for n, it in enumerate(looking) if test.startswith(it)), len(looking))
            return (same, -number if same < 2 else 0, near, self._seconds[test], test)

        if self.quick:
            found = {test for test in found if self._seconds[test] < SLOW}
        slow = {test for test in found if test.startswith(LAST)}
        return [*sorted(found - slow, key=order)[:MOST], *sorted(slow, key=order)[:MOST_LAST]]


def _traced(arguments: Sequence[str]) -> dict[str, dict[str, Any]]:
    tracer = Tracer([f"{it}{os.sep}" for it in folders()])
    run(arguments, Chosen(), tracer)
    return {
        test: {
            "seconds": round(seconds, 3),
            "lines": {Path(file).relative_to(ROOT).as_posix(): it for file, it in tracer.lines[test].items()},
        }
        for test, seconds in tracer.seconds.items()
    }


def _files(tests: Sequence[str]) -> list[Path]:
    named = [ROOT / it for it in tests]
    return sorted({file for it in named for file in ([it] if it.is_file() else it.rglob("test_*.py"))})


def _support() -> list[Path]:
    """What tests share: builders, machines, the player of recordings."""
    return [it for it in sorted((ROOT / "tests").rglob("*.py")) if not it.name.startswith("test_") and _judges(it)]


def _judges(file: Path) -> bool:
    inside = file.relative_to(ROOT).as_posix()
    return inside.count("/") == 1 or inside.startswith((*TESTS, *LAST))


def _digest(files: Sequence[Path], *more: Path) -> str:
    whole = hashlib.sha256()
    for file in (*files, *more):
        whole.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return whole.hexdigest()[:16]
