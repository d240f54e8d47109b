"""What a world holds: after some steps of a story, about somebody, and on a statement."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.service import Service
from tests.control.controlling import Sandbox

STORY = "paid-void-clawback"
AUGUST = "Ambition Institute.2025.August 2026"


def after(sandbox: Sandbox, steps: int, **more: object):
    return sandbox.done("POST", "/worlds", {"name": f"step-{steps}", "scenario": STORY, "steps": steps, **more})


class TestAWorldAfterSteps:
    def test_is_as_the_story_leaves_it_with_each_step_in_its_journal(self, sandbox):
        made = after(sandbox, 7)

        assert made["clock"] == {"mode": "frozen", "now": "2026-05-11T10:01:00Z"}
        journal = sandbox.done("GET", "/worlds/step-7/journal")["exchanges"]
        assert [it["status"] for it in journal] == [200] * 6 + [422]

    def test_is_the_same_each_time_and_goes_on_from_there(self, sandbox):
        after(sandbox, 7)
        sandbox.done("POST", "/worlds", {"name": "again", "scenario": STORY, "steps": 7})
        one, other = sandbox.worlds.get("step-7"), sandbox.worlds.get("again")

        assert one.state.records == other.state.records

    def test_without_a_step_is_as_the_story_begins_and_resets_to_that(self, sandbox):
        after(sandbox, 0)
        after(sandbox, 7)
        sandbox.done("POST", "/worlds/step-7/reset")

        assert sandbox.worlds.get("step-7").state.records == sandbox.worlds.get("step-0").state.records

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"scenario": STORY, "steps": 14}, "has 13 steps"),
            ({"scenario": STORY, "steps": -1}, "has 13 steps"),
            ({"scenario": "default", "steps": 1}, "has 0 steps"),
            ({"steps": 1}, "name the scenario"),
            ({"scenario": STORY, "steps": 1, "now": "2026-01-01T00:00:00Z"}, "no now"),
            ({"scenario": STORY, "steps": "many"}, "steps"),
        ],
    )
    def test_says_what_is_wrong(self, sandbox, body, said):
        status, problem = sandbox.control("POST", "/worlds", {"name": "x", **body})

        assert (status, said in problem["detail"]) == (400, True), problem
        assert sandbox.worlds.names() == ["main"]


class TestAScenario:
    def test_has_the_requests_of_its_steps_and_what_is_expected(self, sandbox):
        step = sandbox.done("GET", f"/scenarios/{STORY}")["steps"][6]

        assert step["request"]["method"] == "PUT"
        assert step["request"]["target"].endswith("/void")
        assert step["expect"]["status"] == 422
        assert step["expect"]["refused_by"] == ["voiding.clawed-back"]

    def test_has_the_events_of_its_steps_with_their_arguments(self, sandbox):
        step = sandbox.done("GET", f"/scenarios/{STORY}")["steps"][3]

        assert step["event"]["name"] == "pay_statement"
        assert "request" not in step
        assert "expect" not in step

    def test_has_every_body(self, sandbox):
        step = sandbox.done("GET", f"/scenarios/{STORY}")["steps"][0]

        assert step["request"]["body"] == load_scenario(STORY, seed="sandbox").steps[0].body


class TestATimeline:
    def test_has_what_was_and_what_happened_in_the_order_of_time(self, sandbox):
        after(sandbox, 7)
        found = sandbox.done("GET", "/worlds/step-7/timeline?person=Amara%20Okafor")

        times = [it["at"] for it in found["timeline"] if it["at"]]
        assert times == sorted(times)
        assert {it["table"] for it in found["timeline"] if it["source"] == "records"} >= {"users", "declarations"}
        journal = [it for it in found["timeline"] if it["source"] == "journal"]
        assert [it["number"] for it in journal] == [1, 2, 4, 6, 7]
        assert journal[-1]["refused_by"] == ["voiding.clawed-back"]

    def test_has_requests_that_only_read_if_it_is_asked_for(self, sandbox):
        after(sandbox, 7)
        found = sandbox.done("GET", "/worlds/step-7/timeline?person=Amara%20Okafor&reads=true")

        assert [it["number"] for it in found["timeline"] if it["source"] == "journal"] == [1, 2, 3, 4, 5, 6, 7]

    def test_is_the_same_by_id(self, sandbox):
        id = sandbox.names["people.Jane Smith"]

        assert sandbox.done("GET", f"/worlds/main/timeline?person={id}") == sandbox.done(
            "GET", "/worlds/main/timeline?person=Jane%20Smith"
        )

    def test_has_nothing_of_others_and_not_what_is_said_of_a_mentor(self, sandbox):
        sandbox.declare()
        found = sandbox.done("GET", "/worlds/main/timeline?person=Daniel%20Osei")

        assert [it for it in found["timeline"] if it["source"] == "journal"] == []

    def test_of_nobody_is_answered_with_the_nearest_name(self, sandbox):
        status, problem = sandbox.control("GET", "/worlds/main/timeline?person=Jane%20Smiht")

        assert status == 404
        assert "did you mean 'Jane Smith'" in problem["detail"]


class TestAStatement:
    def test_has_what_is_paid_apart_from_what_is_clawed_back(self, sandbox):
        after(sandbox, 8)
        found = sandbox.done("GET", f"/worlds/step-8/statements/{AUGUST.replace(' ', '%20')}")

        assert [(it["person"], it["state"]) for it in found["declarations"]] == [("Amara Okafor", "eligible")]
        assert [(it["person"], it["state"]) for it in found["clawbacks"]] == [("Amara Okafor", "awaiting_clawback")]
        assert found["counts"] == {"awaiting_clawback": {"retained-1": 1}, "eligible": {"retained-1": 1}}

    def test_is_the_same_by_id(self, sandbox):
        after(sandbox, 8)
        id = sandbox.done("GET", f"/worlds/step-8/names?find={AUGUST.replace(' ', '%20')}")["names"]
        (id,) = id.values()

        assert sandbox.done("GET", f"/worlds/step-8/statements/{id}")["id"] == id

    def test_that_is_unknown_is_a_404(self, sandbox):
        status, problem = sandbox.control("GET", "/worlds/main/statements/nothing")

        assert (status, problem["title"] != "") == (404, True)


@pytest.mark.parametrize("path", ["timeline?person=x", "statements/x"])
def test_a_service_that_has_nothing_of_the_kind_says_so(sandbox, path):
    parts = {name: it for name, it in ECF.parts.items() if name not in ("person", "statement")}
    sandbox.world.service = Service(
        name="other", title="Other API", editions=ECF.editions, switches=ECF.switches, parts=parts
    )
    status, problem = sandbox.control("GET", f"/worlds/main/{path}")

    assert (status, "Other API has nothing of the kind" in problem["detail"]) == (404, True)
