"""What a run plays: its settings, the world that its histories begin as, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ecf_sandbox.scenario import Scenario, load_scenario
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import DEFAULT, service_named, service_names
from ecf_sandbox.state.properties import Evidence, Happening, Invariant
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.exercise.explore import Judged
from ecf_sandbox.tools.exercise.history import History

SEED = "sandbox"  # of the worlds: as `serve` and `scenarios play` have it, so that ids are the same there


def _never(_: Evidence) -> Sequence[str]:
    return ()


# What only a command can break: it is judged here.
ENDS_WELL = Invariant(
    id="ends-well",
    sentence="The client ends well, and says what it knows, where nothing is wrong with the network.",
    judge=_never,
)


class Settings(Record, frozen=True, kw_only=True):
    """What a run plays: where histories begin, what may be in them, how the client is run, and what it must keep."""

    command: tuple[str, ...]
    scenario: str = "default"
    service: str = DEFAULT
    edition: str | None = None
    provider: str | None = None
    now: str | None = None
    seed: str = "0"
    invariants: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    faults: bool = True
    more: Mapping[str, str] = {}
    run_limit: float = 60.0
    shrinking: float = 60.0


class Told(Record, frozen=True, kw_only=True):
    """One thing of a story: in a sentence, and as what is played again. `at` is its moment, `seen` the requests."""

    text: str
    at: str
    happens: Happening | None = None
    task: Mapping[str, Any] | None = None
    turn: bool = False
    seen: tuple[Mapping[str, Any], ...] = ()


class Story(NamedTuple):
    """What became of a history, and all that happened in it."""

    judged: Judged
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Beginning:
    """The world that histories begin as, and the provider whose client is run."""

    story: Scenario
    world: World
    provider: str
    token: str
    path: Path
    shipped: bool

    def named(self, text: str) -> str:
        """A text with the names of ids that the scenario has."""
        records = self.story.records()
        for name, id in self.world.service.names(records).items():
            if id in text and not name.endswith((".ect", ".mentor")):
                text = text.replace(id, f"${{{name}}}")
        return text


class BadBeginning(Exception):
    """Histories cannot begin as they are told to. Says why."""


def beginning_of(history: History) -> Beginning:
    """The world that a history begins as; raises BadBeginning, and BadScenario for a file that cannot be used."""
    story = load_scenario(history.scenario, seed=SEED, otherwise=history.service)
    edition = None
    if history.edition is not None:
        edition = story.service.editions.get(history.edition)
        if edition is None:
            raise BadBeginning(f"unknown edition {did_you_mean(history.edition, story.service.editions)}")
    now = moment_of(history.now) if history.now else story.now or story.as_of
    world = world_of(story, name="beginning", seed=SEED, edition=edition, now=now)
    tokens = story.service.tokens(world.state.records)
    provider = history.provider or next(name for name, token in tokens.items() if token == story.tokens[0])
    if provider not in tokens:
        raise BadBeginning(f"there is no {story.service.client} {did_you_mean(provider, tokens)}")
    shipped_as = (it / f"{story.name}.yaml" for it in _folders(story.service) if history.scenario in shipped())
    path = next((it for it in shipped_as if it.is_file()), Path(history.scenario))
    return Beginning(story, world, provider, tokens[provider], path, history.scenario in shipped())


def _folders(first: Service) -> Iterator[Path]:
    """Where a scenario may be that comes with a service, those of the first one first."""
    yield first.scenarios
    yield from (service_named(it).scenarios for it in service_names())
