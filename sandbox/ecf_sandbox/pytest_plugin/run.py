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
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ecf_sandbox.pytest_plugin.settings import OF_THE_WORLD, Settings, marked

if TYPE_CHECKING:
    from ecf_sandbox.pytest_plugin.shared import SharedWorld
    from ecf_sandbox.state.journal import Exchange
    from ecf_sandbox.state.service import Service
    from ecf_sandbox.testing.pool import WorldPool
    from ecf_sandbox.testing.settings import Setting
    from ecf_sandbox.testing.world import EcfWorld


class RuleCoverage:
    """The rules judged, those of them broken, and the operations asked for; merged from all workers.

    Each has the name of its service before its own, since services may call different things the same.
    """

    def __init__(self) -> None:
        self.judged: set[str] = set()
        self.broken: set[str] = set()
        self.operations: set[str] = set()
        self.known: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.known)

    def add(self, journal: Iterable[Exchange], service: Service) -> None:
        """Count what the exchanges of a world judged, and the rules of its service."""
        of = service.name
        self.known.update(f"{of} {it.id}" for book in service.rulebooks for it in book.rules)
        for it in journal:
            if it.operation.startswith("v"):
                self.operations.add(f"{of} {it.operation}")
            for judgement in it.judgements:
                if judgement.verdict != "not asked":
                    self.judged.add(f"{of} {judgement.rule}")
                if judgement.verdict == "broken":
                    self.broken.add(f"{of} {judgement.rule}")

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


class NamedTest(NamedTuple):
    """A test as the report names it: its node id, and where it stands below the root, its first line being 1."""

    id: str
    file: str | None = None
    line: int | None = None


def test_of(item: pytest.Item) -> NamedTest:
    """The test of an item; one that is inherited from outside the root stands where its class does."""
    for node in (item, item.parent):
        path, line = _location(node, item.config.rootpath)
        if path is not None:
            return NamedTest(item.nodeid, path, line)
    return NamedTest(item.nodeid)


def _location(node: Any, root: Path) -> tuple[str | None, int | None]:
    if not hasattr(node, "reportinfo"):
        return None, None
    path, line, _ = node.reportinfo()
    try:
        file = Path(path).resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return None, None
    return file, None if line is None else line + 1


MERGED = "journal.jsonl"
# Of a worker, its tests' own worlds; and of a worker, one world that several of its tests share.
_OWN, _SHARED = ".journal-{}.part", ".world-{}.part"


def begin(folder: Path) -> None:
    """Make the folder, without what an earlier run left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for it in (*folder.glob(_OWN.format("*")), *folder.glob(_SHARED.format("*")), folder / MERGED):
        it.unlink(missing_ok=True)


def write(
    file: Path, test: NamedTest | None, world: str, journal: Iterable[Exchange], missing: int = 0, explain: Any = None
) -> None:
    """Add the exchanges of a test to a file, and how many its journal let go."""
    from ecf_sandbox.state.exchange_codec import Gap, as_json_lines, gap_line

    told = test or NamedTest("")
    belongs = {"test": told.id or None, "test_file": told.file, "test_line": told.line, "world": world}
    with file.open("a", encoding="utf-8", newline="") as out:
        out.write(as_json_lines(journal, explain=explain, **belongs))
        if missing:
            out.write(gap_line(Gap(exchanges=missing, why="the journal of a test is full", world=world, test=told.id)))


def merge(folder: Path) -> Path:
    """Make one file of those of the workers, in the order of the tests' names; answers its path.

    The exchanges of a world that tests share stay together, where the first of these tests stands.
    """
    own, shared = (sorted(folder.glob(it.format("*"))) for it in (_OWN, _SHARED))
    lines = [line for part in own for line in _lines(part)]
    groups = [(test, list(those)) for test, those in groupby(lines, key=_test)]
    groups += [(_test(those[0]), those) for those in _with_lives([_lines(part) for part in shared])]
    groups.sort(key=lambda it: it[0])
    merged = folder / MERGED
    merged.write_text("".join(f"{line}\n" for _, those in groups for line in those), encoding="utf-8")
    for part in (*own, *shared):
        part.unlink()
    return merged


def _lines(part: Path) -> list[str]:
    return part.read_text(encoding="utf-8").splitlines()


def _test(line: str) -> str:
    return str(json.loads(line).get("test", ""))


def _with_lives(worlds: list[list[str]]) -> Iterator[list[str]]:
    """The lines of each world, which say the how manieth of its name it is if it is not the last."""
    names = [json.loads(lines[0])["world"] for lines in worlds]
    for at, lines in enumerate(worlds):
        if names[at] in names[at + 1 :]:
            life = f'"life":{names[: at + 1].count(names[at])},'
            lines = [line.replace("{", "{" + life, 1) for line in lines]
        yield lines


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
        self.shared: dict[str, SharedWorld] = {}
        # Whose fixtures are being set up, the innermost last; and the test that runs, or did so last.
        self.asking: list[Any] = []
        self.item: pytest.Item | None = None
        self.is_running = False
        self.begun = 0  # how many tests, a test that is run again being another

    @property
    def stage(self) -> WorldPool:
        """Where all worlds of this process live; raises BadSetting if the settings cannot be had."""
        if self._stage is None:
            with _imported_as_ever():
                from ecf_sandbox.state.memory import bytes_of
                from ecf_sandbox.testing.pool import WorldPool
                from ecf_sandbox.testing.settings import Setting

                told = self.settings
                setting = Setting(told.scenario, told.service, told.now, told.edition, told.observer)
                self._stage = WorldPool(setting, self.root, bytes_of(told.memory))
        return self._stage

    def prepare(self) -> None:
        """Load everything before a test can freeze the time; what is wrong is said by the tests that it concerns."""
        with suppress(ValueError):  # a BadSetting, whose class has not been loaded yet
            self.stage  # noqa: B018  # made when first asked for

    def world(self, item: pytest.Item) -> EcfWorld:
        """A fresh world for a test; raises BadSetting, or ValueError for what its marker does not take."""
        return self.stage.world(_world_name(item.nodeid), self.setting(marked(item)))

    def setting(self, chosen: Mapping[str, Any]) -> Setting:
        """What a world begins as for which something is chosen, the rest being as the settings of the run say."""
        stage = self.stage.setting
        # Who chooses another service without a scenario means that one's default, not a scenario that is the other's.
        another = chosen.get("service", stage.service) != stage.service and "scenario" not in chosen
        of_the_world = {name: it for name, it in chosen.items() if name in OF_THE_WORLD}
        return stage._replace(**({"scenario": Settings().scenario} if another else {}), **of_the_world)

    def learn(self, item: pytest.Item, world: EcfWorld) -> None:
        """Take over what a test's world has seen, and let the world go."""
        journal = world.whole_journal
        self.coverage.add(journal, world.world.service)
        self.write(test_of(item), world.name, journal, world.world.journal.overflowed, world.explanation)
        self.stage.forget(world.name)

    def write(
        self,
        test: NamedTest | None,
        world: str,
        journal: Iterable[Exchange],
        missing: int = 0,
        explain: Any = None,
        file: str | None = None,
    ) -> None:
        """Add to the report, if there is one: to the file of this worker, or to that of a world which tests share."""
        if self.report:
            name = _OWN.format(self.worker) if file is None else _SHARED.format(file)
            write(self.report / name, test, world, journal, missing, explain)

    def take_shared(self) -> None:
        """Take over what the test that runs has asked of the worlds that it shares."""
        for it in self.shared.values():
            it.take(self.item)

    def close_shared(self, name: str) -> None:
        """Take over what a world that tests share has seen, and let it go, if that was not done before."""
        if found := self.shared.pop(name, None):
            found.close(self.item)

    def stray_requests(self, item: pytest.Item) -> list[tuple[str, Exchange]]:
        """The requests since the last call to other worlds than that of a test, which reports and coverage have too."""
        found = [] if self._stage is None else self._stage.stray_requests()
        if found:
            self.coverage.add((it for _, it in found), self.stage.worlds.main.service)
            for world, those in groupby(found, key=lambda pair: pair[0]):
                self.write(test_of(item), world, [it for _, it in those])
        return found

    def close(self) -> None:
        """Close the worlds that are left after an interruption, and stop the server if there is one."""
        for name in list(self.shared):
            self.close_shared(name)
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
