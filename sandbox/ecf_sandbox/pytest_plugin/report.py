"""Writes what a run asked and was answered as JSON lines, without tokens: each worker its own file, then merged."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecf_sandbox.state.journal import Exchange

MERGED = "journal.jsonl"
_PART = ".journal-{worker}.part"


def begin(folder: Path) -> None:
    """Make the folder, without what an earlier run left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for it in (*folder.glob(_PART.format(worker="*")), folder / MERGED):
        it.unlink(missing_ok=True)


def write(folder: Path, worker: str, test: str, world: str, journal: Iterable[Exchange]) -> None:
    """Add the exchanges of a test to the worker's file."""
    from ecf_sandbox.control.writing import as_json_lines

    with (folder / _PART.format(worker=worker)).open("a", encoding="utf-8", newline="") as file:
        file.write(as_json_lines(journal, test=test, world=world))


def merge(folder: Path) -> Path:
    """Make one file of those of the workers, in the order of the tests' names; answers its path."""
    import json

    parts = sorted(folder.glob(_PART.format(worker="*")))
    lines = [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    tests = [(test, list(own)) for test, own in groupby(lines, key=lambda line: json.loads(line)["test"])]
    tests.sort(key=lambda it: it[0])
    merged = folder / MERGED
    merged.write_text("".join(f"{line}\n" for _, own in tests for line in own), encoding="utf-8")
    for part in parts:
        part.unlink()
    return merged
