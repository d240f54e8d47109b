"""The steps of a story played in a world, so that its journal has each of them, requests and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.control.events import play_in
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.player import Outcome, play
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.explain.dry_run import Serve


def playing(world: World, scenario: Scenario, serve: Serve) -> Iterator[Outcome]:
    """Play a story in a world that begins as it does, one step for each outcome that is asked for."""

    def happen(event: str, arguments: Mapping[str, Any], at: datetime) -> Mapping[str, str]:
        play_in(world, event, dict(arguments), at)
        return world.service.names(world.state.records)

    names = scenario.service.names(world.state.records)
    return play(scenario.steps, names, scenario.clients, serve(world), happen)


def play_steps(world: World, scenario: Scenario, steps: int, serve: Serve) -> None:
    """Play the first steps of a story in a world, and let its clock stand at the last of them."""
    # A step whose request names another world, or that cannot happen in this edition, leaves no mark.
    for _, outcome in zip(range(steps), playing(world, scenario, serve), strict=False):
        at = outcome.step.at or world.now()
    world.state = replace(world.state, clock=frozen(at))
