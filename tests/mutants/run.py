"""Runs the tests that reach a mutation, and remembers what came of it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.mutants.mutation import Mutation, mutations
from tests.mutants.switch import FOLDERS, MUTANT, REACH
from tests.tool_cache import cache_folder

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sandbox"
AREAS = ("rules", "actions")
# What judges rules and actions. Those in the quick loop; what is slow would take days.
TESTS = (
    *(
        "tests/ecf",
        "tests/guidance",
        "tests/api",
        "tests/machine",
        "tests/control/test_events.py",
        "tests/control/test_clock.py",
    ),
    *("tests/scenario/test_stories.py", "tests/conformance/test_recorded.py", "tests/tools/explain"),
)
REPLAYS = "tests/conformance"  # each of which replays a recording, and has its turn last
STAGES = (0, 8, 60, None)  # those that are likeliest to notice are tried before all the others
LONGEST = 600.0  # seconds until an endless loop counts as noticed
KILLED, SURVIVED, UNREACHED = "killed", "survived", "not reached"
ACCEPTED = Path(__file__).with_name("accepted.toml")


@dataclass(frozen=True)
class Mutant:
    """A mutation of a module."""

    module: str
    number: int
    mutation: Mutation

    @property
    def told(self) -> str:
        """In a line."""
        return f"{self.module.removeprefix('ecf_sandbox.')}: {self.mutation.told}"


def modules(only: Sequence[str] = ()) -> Iterator[str]:
    """The modules that are mutated, or those whose name has one of the words."""
    for area in AREAS:
        for file in sorted((PACKAGE / "ecf_sandbox" / "ecf" / area).glob("*.py")):
            name = ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
            if file.name != "__init__.py" and (not only or any(it in name for it in only)):
                yield name


def mutants(module: str) -> list[Mutant]:
    """All of a module."""
    return [Mutant(module, n, it) for n, it in enumerate(mutations(source_of(module).read_text(encoding="utf-8")))]


def source_of(module: str) -> Path:
    """The file of a module."""
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py")


class Reach:
    """Which tests reach which line; found out once for the same code and tests."""

    def __init__(self, tests: Sequence[str] = TESTS) -> None:
        file = cache_folder("mutants") / f"reach-{_digest(tests)}.json"
        if not file.exists():
            _pytest(tests, {REACH: str(file), FOLDERS: os.pathsep.join(_folders())}, timeout=None)
        self._tests: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))

    def of(self, it: Mutant) -> list[str]:
        """The tests that may notice: those named after the module first, then those that reach least besides."""
        file = source_of(it.module)
        places = [f"{file}:{line}" for line in it.mutation.lines]
        if not places:
            places = [place for place in self._tests if place.startswith(f"{file}:")]
        found = {test for place in places for test in self._tests.get(place, ())}
        named = f"test_{it.module.rpartition('.')[2]}.py"
        if not found:  # a module of tables, or what is only reached as it is imported
            return [str(file) for file in sorted((ROOT / "tests" / "ecf").rglob(named))]
        return sorted(found, key=lambda test: (REPLAYS in test, named not in test, self._breadth(test), test))

    def _breadth(self, test: str) -> int:
        if not hasattr(self, "_broad"):
            self._broad: dict[str, int] = {}
            for tests in self._tests.values():
                for each in tests:
                    self._broad[each] = self._broad.get(each, 0) + 1
        return self._broad.get(test, 0)


class Results:
    """What came of each mutant, in a file that each result is added to, so that a run can go on where one ended."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or cache_folder("mutants") / "results.jsonl"
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        self._known = {it["key"]: it["result"] for it in map(json.loads, lines)}

    def of(self, it: Mutant) -> str | None:
        """What is known of it."""
        return self._known.get(it.mutation.key)

    def add(self, it: Mutant, result: str, *, kept: bool = True) -> None:
        """Know it from now on, and keep it for the next run."""
        self._known[it.mutation.key] = result
        if not kept:
            return
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": it.mutation.key, "result": result, "mutant": it.told}) + "\n")


def try_one(it: Mutant, tests: Sequence[str], *, quick: bool = False) -> str:
    """Whether one of the tests notices; `quick`: one of the likeliest."""
    if not tests:
        return UNREACHED
    environment = {MUTANT: f"{it.module}:{it.number}"}
    for first, last in pairwise(STAGES[:-1] if quick else STAGES):
        some = tests[first:last]
        if some and not _pytest(some, environment, timeout=LONGEST):
            return KILLED
    return SURVIVED


def accepted() -> dict[str, str]:
    """The reasons for those that no test should notice, by what they read as (`Mutant.told` without the line)."""
    listed = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]
    return {it["mutant"]: it["reason"] for it in listed}


def name_of(it: Mutant) -> str:
    """How a mutant is named where reasons are listed: without the line, which moves."""
    module = it.module.removeprefix("ecf_sandbox.ecf.")
    return f"{module}.{it.mutation.function}: {it.mutation.before}  →  {it.mutation.after}"


def drawn(found: Sequence[Mutant], number: int | None, seed: int) -> list[Mutant]:
    """So many of them, spread over all, or all."""
    chosen = list(found)
    random.Random(seed).shuffle(chosen)
    return chosen if number is None else chosen[:number]


def _folders() -> list[str]:
    return [f"{PACKAGE / 'ecf_sandbox' / 'ecf' / it}{os.sep}" for it in AREAS]


def _digest(tests: Sequence[str]) -> str:
    whole = hashlib.sha256(" ".join(tests).encode())
    files = [*PACKAGE.joinpath("ecf_sandbox", "ecf").rglob("*.py")]
    for it in tests:
        files += (ROOT / it).rglob("*.py") if (ROOT / it).is_dir() else [ROOT / it]
    for file in sorted(files):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _pytest(tests: Sequence[str], environment: dict[str, str], *, timeout: float | None) -> bool:
    """Run tests to the first failure, or all to find what they reach; whether none failed."""
    options = ["-x", "-q", "-n", "0", "-p", "tests.mutants.switch", "-p", "no:cacheprovider", "--no-header"]
    if REACH in environment:
        options.remove("-x")
    command = [sys.executable, "-m", "pytest", *options, *tests]
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    try:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **quiet, **environment},
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0
