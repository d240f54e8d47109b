"""One server has worlds of both services, each chosen as worlds are."""

from __future__ import annotations

import pytest

from tests.control.controlling import Sandbox


@pytest.fixture
def sandbox():
    return Sandbox()


def test_a_world_of_another_service_stands_beside_the_main_one(sandbox):
    made = sandbox.done("POST", "/worlds", {"name": "new", "service": "rect"})

    assert (made["service"], made["scenario"]) == ("rect", "rect-default")
    token = made["tokens"]["Ambition Institute"]
    assert token.endswith("~new")
    assert sandbox.provider("GET", "/participants", token=token)[0] == 200
    assert sandbox.provider("GET", "/participants/ecf", token=token)[0] == 404
    assert sandbox.provider("GET", "/participants/ecf")[0] == 200, "main is of the service that it was of"


def test_a_scenario_says_of_which_service_it_is(sandbox):
    assert sandbox.done("POST", "/worlds", {"name": "new", "scenario": "rect-default"})["service"] == "rect"


def test_events_of_a_world_are_those_of_its_service(sandbox):
    sandbox.done("POST", "/worlds", {"name": "new", "service": "rect"})
    names = sandbox.done("GET", "/worlds/new/names")["names"]
    event = {
        "event": "ect_leaves",
        "with": {"participant_id": names["people.Hannah Boyle"], "finished_on": "2026-07-20"},
    }

    sandbox.done("POST", "/worlds/new/events", event)

    token = sandbox.done("GET", "/worlds/new")["tokens"]["Ambition Institute"]
    _, shown = sandbox.provider("GET", f"/participants/{names['people.Hannah Boyle']}", token=token)
    assert [it["participant_status"] for it in shown["data"]["attributes"]["ecf_enrolments"]] in (["leaving"], ["left"])
    assert sandbox.control("POST", "/worlds/main/events", event)[0] == 404, "main has no such event"


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"service": "rekt"}, 404, "did you mean 'rect'"),
        ({"service": "ecf", "scenario": "rect-default"}, 400, "the scenario rect-default is of rect"),
        ({"service": "rect", "set": {"unvalidated_hidden": True}}, 404, "unvalidated_hidden"),
    ],
)
def test_what_does_not_fit_together_is_refused(sandbox, asked, status, said):
    answered, problem = sandbox.control("POST", "/worlds", {"name": "new", **asked})

    assert answered == status
    assert said in str(problem), problem
    assert "new" not in sandbox.worlds.names()
