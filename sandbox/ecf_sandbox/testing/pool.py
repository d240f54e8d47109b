"""Where the worlds of a test run live: scenarios prepared once, one application, a server in a thread if need be."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.world import too_early, world_of
from ecf_sandbox.state.memory import BUDGET, Memory
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN, NoSuchWorld, Worlds
from ecf_sandbox.testing.settings import BadSetting, Setting, edition_of, moment, observing_of, scenario_of
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.testing.world import EcfWorld
from ecf_sandbox.transport import InProcess

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.journal import Exchange

SEED = "sandbox"


class WorldPool:
    """The worlds of one process. `setting` is what they begin as unless a test chooses otherwise; `memory` is how many
    bytes may be kept beside their records.

    Paths of scenarios are below `root`. Raises BadSetting if the setting cannot be had.
    """

    def __init__(self, setting: Setting, root: Path, memory: int = BUDGET) -> None:
        self.setting = setting
        self.root = root
        self._scenarios: dict[tuple[str, str | None], Scenario] = {}
        self._prepared: dict[Setting, World] = {}
        self._given: dict[str, World] = {}
        self._seen: dict[str, int] = {}
        _load_tools()
        self.worlds = Worlds(self._prepare(setting).fork(MAIN), memory=Memory(memory))
        self.wsgi = create_app(self.worlds).wsgi_app
        self.send = InProcess(self.wsgi)

    def world(self, name: str, setting: Setting | None = None) -> EcfWorld:
        """A fresh world of that name, which takes the place of one that had it; raises BadSetting."""
        setting = setting or self.setting
        world = self._given[name] = self.worlds.add(self._prepare(setting).fork(name))
        self.worlds.archive.forget(name)
        return EcfWorld(world, self, self._scenario(setting).tokens[0])

    def forget(self, name: str) -> None:
        """Let a world go, with all that was asked of it."""
        with suppress(NoSuchWorld):  # a test may have deleted it itself
            self.worlds.delete(name)
        self.worlds.archive.forget(name)
        self._given.pop(name, None)

    def past(self, world: str) -> list[Exchange]:
        """What was asked of the worlds of that name but for the one that was given out, as far as it is kept."""
        found, present = self.worlds.archive.of(world), self._present(world)
        return found if present is None or present is self._given.get(world) else [*found, *present.journal]

    def stray_requests(self) -> list[tuple[str, Exchange]]:
        """The requests since the last call to `main` or to a world that nobody made, each with the name of its world.

        Such a world is made on first use: a test asks it that kept a token of another test, or made one up.
        """
        found: list[tuple[str, Exchange]] = []
        for past in self.worlds.archive.every():
            if past.world not in self._given:
                found += self._new(past.world, past.exchanges)
                self.worlds.archive.forget(past.world)
                if past.world != MAIN:  # another of that name counts from 1 again
                    self._seen.pop(past.world, None)
        for world in self.worlds.every():
            if world.name == MAIN or world.made_on_first_use:
                found += self._new(world.name, world.journal)
        return found

    def _new(self, world: str, journal: Iterable[Exchange]) -> list[tuple[str, Exchange]]:
        seen = self._seen.get(world, 0)
        new = [it for it in journal if it.number > seen]
        if new:
            self._seen[world] = new[-1].number
        return [(world, it) for it in new if it.method]

    def _present(self, name: str) -> World | None:
        return next((it for it in self.worlds.every() if it.name == name), None)

    @property
    def url(self) -> str:
        """Where the server listens, which is started when this is first asked for."""
        return self.server.url

    @cached_property
    def server(self) -> ThreadServer:
        """The server of all these worlds."""
        return ThreadServer(self.wsgi)

    def close(self) -> None:
        """Stop the server if there is one."""
        if "server" in self.__dict__:
            self.server.stop()
            del self.server

    def _prepare(self, setting: Setting) -> World:
        found = self._prepared.get(setting)
        if found is None:
            found = self._prepared[setting] = self._made(setting)
        return found

    def _made(self, setting: Setting) -> World:
        observing = observing_of(setting.observer)
        now = None if setting.now is None else moment(setting.now)
        story = self._scenario(setting)
        story.service.load()
        edition = None if setting.edition is None else edition_of(setting.edition, story.service)
        if now is not None and (wrong := too_early(f"the scenario {story.name}", now, story.as_of, story.service)):
            raise BadSetting(f"now: {wrong}")
        return world_of(story, name="prepared", seed=SEED, edition=edition, now=now, observing=observing)

    def _scenario(self, setting: Setting) -> Scenario:
        key = setting.scenario, setting.service
        found = self._scenarios.get(key)
        if found is None:
            found = self._scenarios[key] = scenario_of(setting.scenario, self.root, SEED, setting.service)
        return found


def _load_tools() -> None:
    # What is loaded, or read into records for the first time, while freezegun has put its own classes in the place of
    # `datetime` and `date` would be left with those. So nothing is left for later, when a test may have frozen time;
    # nor of a service, which is loaded with the first scenario that is its own.
    import_module("ecf_sandbox.scenario.steps")
    import_module("ecf_sandbox.control.http")
    import_module("ecf_sandbox.web.mounted")
    import_module("ecf_sandbox.tools.observer.observer")
    import_module("ecf_sandbox.tools.observer.catalogue")
