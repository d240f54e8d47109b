"""A world is made by whatever acts on it first, in any way; looking at one, or taking back, makes none."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.control.registry import OPERATIONS
from ecf_sandbox.state.world import World
from tests.control.controlling import Sandbox

ACTS = {
    "make_happen": {"event": "change_name", "with": {"participant_id": "${people.Jane Smith}", "full_name": "J J"}},
    "set_clock": {"mode": "frozen", "at": "2026-11-01T00:00:00Z"},
    "advance_clock": {"days": 1},
    "set_fault": {"status": 503},
    "set_rate_limit": {"requests": 9},
    "observe_world": {"observer": "refuse"},
    "take_snapshot": None,
    "explain_request": {"method": "GET", "target": "/api/v3/statements", "headers": {"Authorization": "Bearer x"}},
}
ON_A_WORLD = [it for it in OPERATIONS if any(told.type is World for told in it.parameters)]


def encoded(body):
    return None if body is None else json.dumps(body).encode()


def path_of(operation, world):
    path = operation.path.replace("{world}", world)
    return path.replace("{number}", "1").replace("{snapshot}", "s").replace("{fault}", "fault-1")


def test_those_that_act_are_these():
    assert {it.name for it in ON_A_WORLD if it.makes_world} == set(ACTS)


@pytest.mark.parametrize("operation", [it for it in ON_A_WORLD if it.makes_world], ids=lambda it: it.name)
class TestWhatActs:
    def test_makes_a_world_as_a_request_would(self, sandbox, operation):
        sandbox.declare()  # in main: the world begins as main began
        sandbox.done(operation.method, path_of(operation, "fresh"), ACTS[operation.name])

        assert sandbox.worlds.names() == ["main", "fresh"]
        assert sandbox.worlds.get("fresh").baseline is sandbox.world.baseline

    def test_says_that_it_did(self, sandbox, operation):
        asked = operation.method, f"/_sandbox{path_of(operation, 'fresh')}", [], encoded(ACTS[operation.name])

        assert sandbox.send(*asked).headers["x-sandbox-world-made"] == "fresh"
        assert "x-sandbox-world-made" not in sandbox.send(*asked).headers

    def test_makes_none_if_it_is_refused(self, sandbox, operation):
        refused, _ = sandbox.control(operation.method, path_of(operation, "fresh"), {"nonsense": 1})

        assert refused == 400
        assert sandbox.worlds.names() == ["main"]

    def test_makes_none_of_a_name_that_no_world_can_have(self, sandbox, operation):
        told = sandbox.control(operation.method, path_of(operation, "a b"), ACTS[operation.name])

        assert (told[0], "use up to 64 letters" in told[1]["detail"]) == (400, True)


@pytest.mark.parametrize("operation", [it for it in ON_A_WORLD if not it.makes_world], ids=lambda it: it.name)
def test_what_looks_or_takes_back_needs_the_world_and_names_the_nearest(sandbox, operation):
    sandbox.done("POST", "/worlds", {"name": "trial"})

    status, problem = sandbox.control(operation.method, path_of(operation, "trail"))

    assert (status, problem["nearest"]) == (404, "trial")
    assert "Looking at a world doesn't make it" in problem["detail"]
    assert sandbox.worlds.names() == ["main", "trial"]


def test_a_limit_on_worlds_counts_those_that_are_made_so():
    sandbox = Sandbox(limit=2)
    sandbox.done("POST", "/worlds/one/faults", {"status": 503})
    sandbox.control("POST", "/worlds/two/faults", {"status": 99})

    assert sandbox.worlds.names() == ["main", "one"]
