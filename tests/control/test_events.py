"""Events over the control plane: the same functions as in scenarios, refused with a reason when they do not fit."""

from __future__ import annotations

from ecf_sandbox.ecf.events.registry import EVENTS
from ecf_sandbox.services import service_named

PLAY = "/worlds/main/events"


def renamed(**more):
    return {
        "event": "change_name",
        "with": {"participant_id": "${people.Jane Smith}", "full_name": "Jane Jones"},
        **more,
    }


class TestTheCatalogue:
    def test_lists_every_event_with_what_it_is_told(self, sandbox):
        listed = sandbox.done("GET", "/events")["events"]

        assert [it["name"] for it in listed] == list(EVENTS)
        assert all(it["summary"] and all(told["meaning"] for told in it["parameters"]) for it in listed)

    def test_is_that_of_the_service_of_a_world(self, sandbox):
        sandbox.done("POST", "/worlds", {"name": "today", "service": "rect"})

        listed = sandbox.done("GET", "/events?world=today")["events"]
        status, problem = sandbox.control("GET", "/events?world=tody")

        assert [it["name"] for it in listed] == list(service_named("rect").events)
        assert sandbox.done("GET", "/events/induction_ends?world=today")["name"] == "induction_ends"
        assert (status, "did you mean 'today'" in problem["detail"]) == (404, True)

    def test_shows_one(self, sandbox):
        assert sandbox.done("GET", "/events/pay_statement")["parameters"][0]["name"] == "statement_id"


class TestAnEvent:
    def test_happens_now_and_tells_what_it_changed(self, sandbox):
        happened = sandbox.done("POST", PLAY, renamed())

        assert happened["at"] == "2026-10-12T09:00:00Z"
        assert happened["changes"][0]["before"]["full_name"] == "Jane Smith"
        assert happened["changes"][0]["after"]["full_name"] == "Jane Jones"

    def test_happens_at_a_moment_of_its_own(self, sandbox):
        happened = sandbox.done("POST", PLAY, renamed(at="2026-09-01T08:00:00Z"))

        assert happened["row"]["updated_at"].startswith("2026-09-01T08:00:00")

    def test_that_does_not_fit_says_why_and_changes_nothing(self, sandbox):
        before = sandbox.world.state
        paid = "${statements.Ambition Institute.2025.January 2026}"

        status, problem = sandbox.control("POST", PLAY, {"event": "pay_statement", "with": {"statement_id": paid}})

        assert (status, "is paid, not payable" in problem["detail"]) == (409, True)
        assert sandbox.world.state is before
        assert sandbox.done("GET", "/worlds/main/journal")["found"] == 0

    def test_without_what_it_must_be_told_is_named_with_all_that_is_missing(self, sandbox):
        status, problem = sandbox.control("POST", PLAY, {"event": "change_name", "with": {"ful_name": "x"}})

        assert status == 400
        assert len(problem["problems"]) == 3
        assert "did you mean 'full_name'" in problem["detail"]

    def test_with_a_text_that_is_too_long_is_refused_in_short(self, sandbox):
        long = renamed()
        long["with"]["full_name"] = "x" * 1001

        status, problem = sandbox.control("POST", PLAY, long)

        assert (status, problem["detail"]) == (400, "full_name: it has 1,001 characters, and at most 1,000 are kept")
        long["with"]["full_name"] = "x" * 1000
        assert sandbox.done("POST", PLAY, long)["row"]["full_name"] == "x" * 1000

    def test_about_somebody_unknown_names_the_nearest(self, sandbox):
        told = {"participant_id": "${people.Jane Smyth}", "full_name": "x"}

        status, problem = sandbox.control("POST", PLAY, {"event": "change_name", "with": told})

        assert (status, problem["nearest"]) == (404, "people.Jane Smith")

    def test_unknown_names_the_nearest(self, sandbox):
        assert sandbox.control("POST", PLAY, {"event": "pay_statment"})[1]["nearest"] == "pay_statement"

    def test_is_seen_by_the_provider(self, sandbox):
        sandbox.done("POST", PLAY, renamed())

        shown = sandbox.provider("GET", f"/participants/ecf/{sandbox.names['people.Jane Smith']}")[1]

        assert shown["data"]["attributes"]["full_name"] == "Jane Jones"
