"""Every event of schools and the DfE in RECT has an example that happens, and what is said to be refused is."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest

from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.rect.events.examples import EXAMPLES
from ecf_sandbox.rect.events.registry import EVENTS
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.world import World


@cache
def scenario() -> Scenario:
    return load_scenario("rect-default", seed="sandbox")


def a_world_for(event: str) -> World:
    """The default world, in which what has to come first has happened."""
    world = world_of(scenario(), now=scenario().as_of)
    for it in EXAMPLES[event].first:
        play(world, it.event, it.told, it.at)
    return world


def play(world, event, told, at=None):
    return play_in(world, event, dict(told), datetime.fromisoformat(at) if at else None)


def test_every_event_has_an_example_in_the_order_of_the_registry():
    assert set(EXAMPLES) == set(EVENTS)


@pytest.mark.parametrize("event", EXAMPLES)
def test_the_example_happens(event):
    world = a_world_for(event)
    before = world.state.records

    play(world, event, EXAMPLES[event].told, EXAMPLES[event].at)

    # A school is looked up again each night, whether or not anything has changed since.
    assert event == "nightly_refresh" or world.state.records != before


@pytest.mark.parametrize(
    ("event", "changes"),
    [pytest.param(name, it, id=f"{name} {it}") for name, of in EXAMPLES.items() for it in of.refused],
)
def test_what_does_not_fit_is_refused_with_a_reason_and_changes_nothing(event, changes):
    world = a_world_for(event)
    before = world.state

    with pytest.raises(Problem) as problem:
        play(world, event, {**EXAMPLES[event].told, **changes}, EXAMPLES[event].at)

    assert problem.value.status == 409
    assert "could not have happened: " in problem.value.detail
    assert world.state is before
