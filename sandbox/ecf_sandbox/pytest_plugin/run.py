"""One run of pytest, or one worker's part of it: the settings, the stage once it is needed, and what was learnt."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ecf_sandbox.pytest_plugin import report
from ecf_sandbox.pytest_plugin.rule_coverage import RuleCoverage
from ecf_sandbox.pytest_plugin.settings import Settings, marked

if TYPE_CHECKING:
    from ecf_sandbox.testing.stage import Stage
    from ecf_sandbox.testing.world import EcfWorld

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
            report.begin(self.report)
        self._stage: Stage | None = None

    @property
    def stage(self) -> Stage:
        """Where all worlds of this process live; raises BadSetting if the settings cannot be had."""
        if self._stage is None:
            with _imported_as_ever():
                from ecf_sandbox.testing.setting import Setting
                from ecf_sandbox.testing.stage import Stage

                told = self.settings
                setting = Setting(told.scenario, told.now, told.edition, told.observer)
                self._stage = Stage(setting, self.root)
        return self._stage

    def prepare(self) -> None:
        """Load everything before a test can freeze the time; what is wrong is said by the tests that it concerns."""
        with suppress(ValueError):  # a BadSetting, whose class has not been loaded yet
            self.stage  # noqa: B018  # made when first asked for

    def world(self, item: pytest.Item) -> EcfWorld:
        """A fresh world for a test; raises BadSetting, or ValueError for what its marker does not take."""
        chosen = {name: it for name, it in marked(item).items() if name != "expect_findings"}
        return self.stage.world(_world_name(item.nodeid), self.stage.setting._replace(**chosen))

    def learn(self, item: pytest.Item, world: EcfWorld) -> None:
        """Take over what a test's world has seen, and let the world go."""
        journal = world.whole_journal
        self.coverage.add(journal)
        if self.report:
            report.write(self.report, self.worker, item.nodeid, world.name, journal)
        self.stage.forget(world.name)

    def close(self) -> None:
        """Stop the server if there is one."""
        if self._stage is not None:
            self._stage.close()

    @property
    def too_few(self) -> str | None:
        """That fewer rules were judged than the settings ask for."""
        judged, wanted = len(self.coverage.judged), self.settings.min_rules
        return (
            f"ecf-sandbox: --ecf-min-rules asks for {wanted} rules, {judged} were judged" if judged < wanted else None
        )

    def merged_report(self) -> Path | None:
        """The report of all workers, if one was asked for."""
        return report.merge(self.report) if self.report else None


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
