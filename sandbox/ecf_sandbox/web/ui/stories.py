"""Stories played for the pages: what a story looks like at step n follows from story, edition and n alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock

from ecf_sandbox.control.stories import playing
from ecf_sandbox.scenario.loading import Heading, Scenario, heading_of, headings, load_scenario, shipped
from ecf_sandbox.scenario.player import Outcome
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.explain.dry_run import Serve

# Ids on the pages derive from this seed, so that a bookmark shows the same on every machine.
SEED = "sandbox"
MOST = 16  # played stories that are kept: some megabytes each


class PlayedStep(Record, frozen=True, kw_only=True):
    """A step as it was played: what became of it, its exchange if it got that far, and the state that it left."""

    outcome: Outcome
    exchange: Exchange | None
    after: State

    @property
    def number(self) -> int:
        """Its place in the story, from 1."""
        return self.outcome.number

    @property
    def refused(self) -> bool:
        """Whether the service turned the request down."""
        return self.exchange is not None and self.exchange.status >= 400


class PlayedStory(Record, frozen=True, kw_only=True):
    """A whole story, played in a private world of which nothing else knows."""

    scenario: Scenario
    edition: Edition
    world: World
    steps: tuple[PlayedStep, ...]

    def before(self, number: int) -> State:
        """The state that a step, from 1, finds."""
        return self.world.baseline if number == 1 else self.steps[number - 2].after


class UnknownStory(KeyError):
    """There is no story of that name."""


class Stories:
    """The stories that come with the sandbox, and that of the scenario which is served; some are kept as played."""

    def __init__(self, serve: Serve, served: Scenario | None = None) -> None:
        self.serve = serve
        self._served = served if served is not None and served.steps else None
        self._scenarios: dict[str, Scenario] = {} if self._served is None else {self._served.name: self._served}
        self._played: OrderedDict[tuple[str, str], PlayedStory] = OrderedDict()
        self._lock = Lock()

    def nearest(self, name: str) -> str:
        """The name with the one that was meant, perhaps."""
        return did_you_mean(name, self.headings)

    @cached_property
    def by_service(self) -> Sequence[tuple[Service, Mapping[str, Heading]]]:
        """Those that tell a story, by name, of each service that can show one.

        A scenario without steps is only something to begin with.
        """
        served = self._served
        services = [service_named(name) for name in service_names()]
        if served is not None and served.service not in services:
            services.append(served.service)
        found = []
        for it in services:
            # What shows a story is a part of its service, which one may lack.
            if "pages" not in it.parts:
                continue
            told = (
                {each.name: each for each in headings(shipped(it.name)) if each.steps}
                if it.name in service_names()
                else {}
            )
            if served is not None and served.service is it:
                told[served.name] = heading_of(served)
            found.append((it, told))
        return found

    @property
    def headings(self) -> Mapping[str, Heading]:
        """All of them by name."""
        return {name: it for _, told in self.by_service for name, it in told.items()}

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name; raises UnknownStory."""
        with self._lock:
            found = self._scenarios.get(name)
            if found is None:
                # Not by the headings: whoever opens a bookmark would wait for all files to be read.
                found = load_scenario(name, seed=SEED) if name in shipped() else None
                if found is None or not found.steps:
                    raise UnknownStory(name)
                self._scenarios[name] = found
            return found

    def editions(self, name: str) -> list[Edition]:
        """The editions that a story can be shown in: its own, or else every one."""
        it = self.scenario(name)
        return [it.edition] if it.edition else list(it.service.editions.values())

    def played(self, name: str, edition: str = "") -> PlayedStory:
        """A story as played in an edition, by default the first that it has; raises UnknownStory."""
        editions = {it.name: it for it in self.editions(name)}
        chosen = editions[edition or next(iter(editions))]
        key = (name, chosen.name)
        with self._lock:
            found = self._played.get(key)
        if found is None:
            found = _play(self.scenario(name), chosen, self.serve)
        with self._lock:
            self._played[key] = found
            self._played.move_to_end(key)
            while len(self._played) > MOST:
                self._played.popitem(last=False)
        return found


def _play(scenario: Scenario, edition: Edition, serve: Serve) -> PlayedStory:
    world = world_of(scenario, seed=SEED, edition=edition, now=scenario.now or scenario.as_of)
    steps: list[PlayedStep] = []
    for outcome in playing(world, scenario, serve):
        newest = world.journal.get(world.journal.count)
        exchange = newest if world.journal.count > sum(it.exchange is not None for it in steps) else None
        steps.append(PlayedStep(outcome=outcome, exchange=exchange, after=world.state))
    return PlayedStory(scenario=scenario, edition=edition, world=world, steps=tuple(steps))
