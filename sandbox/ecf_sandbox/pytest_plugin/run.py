"""One run of pytest, or one worker's part of it: its settings, its worlds, its rule coverage and its journal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib.machinery import PathFinder
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ecf_sandbox.pytest_plugin.settings import OF_THE_WORLD, Settings, marked

if TYPE_CHECKING:
    from ecf_sandbox.state.journal import Exchange
    from ecf_sandbox.state.service import Service
    from ecf_sandbox.testing.pool import WorldPool
    from ecf_sandbox.testing.world import EcfWorld


class RuleCoverage:
    """The rules judged, those of them broken, and the operations asked for; merged from all workers."""

    def __init__(self) -> None:
        self.judged: set[str] = set()
        self.broken: set[str] = set()
        self.operations: set[str] = set()
        self.known: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.known)

    def add(self, journal: Iterable[Exchange], service: Service) -> None:
        """Count what the exchanges of a world judged, and the rules of its service."""
        self.known.update(it.id for book in service.rulebooks for it in book.rules)
        for it in journal:
            if it.operation.startswith("v"):
                self.operations.add(it.operation)
            for judgement in it.judgements:
                if judgement.verdict != "not asked":
                    self.judged.add(judgement.rule)
                if judgement.verdict == "broken":
                    self.broken.add(judgement.rule)

    def plain(self) -> dict[str, list[str]]:
        """As values that a worker can hand over."""
        return {
            "judged": sorted(self.judged),
            "broken": sorted(self.broken),
            "operations": sorted(self.operations),
            "known": sorted(self.known),
        }

    def merge(self, plain: Mapping[str, Iterable[str]]) -> None:
        """Add what a worker handed over."""
        for name in ("judged", "broken", "operations", "known"):
            getattr(self, name).update(plain[name])

    def line(self) -> str:
        """The one line at the end of a run."""
        return (
            f"ecf-sandbox: {len(self.judged)} of {len(self.known)} rules judged, {len(self.broken)} broken, "
            f"{len(self.operations)} operations"
        )


MERGED = "journal.jsonl"
_PART = ".journal-{worker}.part"


def begin(folder: Path) -> None:
    """Make the folder, without what an earlier run left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for it in (*folder.glob(_PART.format(worker="*")), folder / MERGED):
        it.unlink(missing_ok=True)


def write(
    folder: Path, worker: str, test: str, world: str, journal: Iterable[Exchange], missing: int = 0, explain: Any = None
) -> None:
    """Add the exchanges of a test to the worker's file, and how many its journal let go."""
    from ecf_sandbox.state.exchange_codec import Gap, as_json_lines, gap_line

    with (folder / _PART.format(worker=worker)).open("a", encoding="utf-8", newline="") as file:
        file.write(as_json_lines(journal, explain=explain, test=test, world=world))
        if missing:
            file.write(gap_line(Gap(exchanges=missing, why="the journal of a test is full", world=world, test=test)))


def merge(folder: Path) -> Path:
    """Make one file of those of the workers, in the order of the tests' names; answers its path."""
    parts = sorted(folder.glob(_PART.format(worker="*")))
    lines = [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    tests = [(test, list(own)) for test, own in groupby(lines, key=lambda line: json.loads(line)["test"])]
    tests.sort(key=lambda it: it[0])
    merged = folder / MERGED
    merged.write_text("".join(f"{line}\n" for _, own in tests for line in own), encoding="utf-8")
    for part in parts:
        part.unlink()
    return merged


_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


class Run:
    """Holds what the fixtures and hooks of one process share."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.settings = settings
        self.root = config.rootpath
        self.coverage = RuleCoverage()
        given: dict[str, Any] = getattr(config, "workerinput", {})
        self.worker = str(given.get("workerid", "main"))
        self.is_worker = bool(given)
        self.report = None if settings.report is None else config.invocation_params.dir / settings.report
        if self.report and not self.is_worker:
            begin(self.report)
        self._stage: WorldPool | None = None

    @property
    def stage(self) -> WorldPool:
        """Where all worlds of this process live; raises BadSetting if the settings cannot be had."""
        if self._stage is None:
            with _imported_as_ever():
                from ecf_sandbox.testing.pool import WorldPool
                from ecf_sandbox.testing.settings import Setting

                told = self.settings
                setting = Setting(told.scenario, told.now, told.edition, told.observer)
                self._stage = WorldPool(setting, self.root)
        return self._stage

    def prepare(self) -> None:
        """Load everything before a test can freeze the time; what is wrong is said by the tests that it concerns."""
        with suppress(ValueError):  # a BadSetting, whose class has not been loaded yet
            self.stage  # noqa: B018  # made when first asked for

    def world(self, item: pytest.Item) -> EcfWorld:
        """A fresh world for a test; raises BadSetting, or ValueError for what its marker does not take."""
        chosen = {name: it for name, it in marked(item).items() if name in OF_THE_WORLD}
        return self.stage.world(_world_name(item.nodeid), self.stage.setting._replace(**chosen))

    def learn(self, item: pytest.Item, world: EcfWorld) -> None:
        """Take over what a test's world has seen, and let the world go."""
        journal = world.whole_journal
        self.coverage.add(journal, world.world.service)
        if self.report:
            write(
                self.report,
                self.worker,
                item.nodeid,
                world.name,
                journal,
                world.world.journal.overflowed,
                world.explanation,
            )
        self.stage.forget(world.name)

    def stray_requests(self, item: pytest.Item) -> list[tuple[str, Exchange]]:
        """The requests since the last call to other worlds than that of a test, which reports and coverage have too."""
        found = [] if self._stage is None else self._stage.stray_requests()
        if found:
            self.coverage.add((it for _, it in found), self.stage.worlds.main.service)
            for world, those in groupby(found, key=lambda pair: pair[0]):
                if self.report:
                    write(self.report, self.worker, item.nodeid, world, [it for _, it in those])
        return found

    def close(self) -> None:
        """Stop the server if there is one."""
        if self._stage is not None:
            self._stage.close()

    @property
    def too_few(self) -> str | None:
        """That fewer rules were judged than the settings ask for."""
        judged, wanted = len(self.coverage.judged), self.settings.min_rules
        return (
            f"ecf-sandbox: --ecf-min-rules requires {wanted} rules, {judged} were judged" if judged < wanted else None
        )

    def merged_report(self) -> Path | None:
        """The report of all workers, if one was asked for."""
        return merge(self.report) if self.report else None


@contextmanager
def _imported_as_ever() -> Iterator[None]:
    """Let Python import what is imported meanwhile, not pytest.

    pytest rewrites the assertions in whatever a plugin's distribution has, and so takes a quarter longer to load the
    sandbox, whose few assertions have nothing to tell a test.
    """
    sys.meta_path.insert(0, PathFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(PathFinder)


def _world_name(nodeid: str) -> str:
    """A name that a world can have: equal in every run, other than that of every other test, and readable."""
    readable = _NOT_IN_NAMES.sub("-", nodeid.rpartition("::")[2]).strip("-._")[:40]
    return f"{readable or 'test'}-{blake2b(nodeid.encode(), digest_size=5).hexdigest()}".lstrip("-._")
