"""Where a story is played: a fresh world of its own in this process, or a server somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.ecf.editions import GUIDANCE, Edition
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.playing import Outcome, play
from ecf_sandbox.state.clock import REAL, frozen
from ecf_sandbox.state.world import State, World
from ecf_sandbox.transport import Transport


def world_of(scenario: Scenario, *, edition: Edition | None = None, seed: str = "sandbox", name: str = "main") -> World:
    """A fresh world that begins as the scenario says; without an edition in the scenario's, else in the guidance's."""
    clock = frozen(scenario.now) if scenario.now else REAL
    state = State(records=scenario.records(), clock=clock)
    return World(name, state, edition=edition or scenario.edition or GUIDANCE, seed=seed, scenario=scenario.name)


def play_in(world: World, scenario: Scenario, send: Transport) -> Iterator[Outcome]:
    """Play a story in a world of this process, to whose application `send` leads."""
    from ecf_sandbox.ecf.events.registry import play as play_event

    def happen(event: str, arguments: Mapping[str, Any], at: datetime) -> Mapping[str, str]:
        with world.turn(at) as turn:
            play_event(turn, event, arguments)
        return names(world.state.records)

    return play(scenario.steps, names(scenario.records()), scenario.clients, send, happen)


def play_at(scenario: Scenario, send: Transport, token: str | None) -> Iterator[Outcome]:
    """Play a story against another server, with one token for every provider, else those of the scenario.

    Events are skipped there.
    """
    clients = dict.fromkeys(scenario.clients, token) if token else scenario.clients
    return play(scenario.steps, names(scenario.records()), clients, send, None)
