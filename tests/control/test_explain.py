"""Explanations over the control plane: of exchanges, and of requests that are not carried out."""

from __future__ import annotations

import pytest

JOURNAL = "/worlds/main/journal"
EXPLAIN = "/worlds/main/explain"


@pytest.fixture
def refused(sandbox):
    """A declaration, and the same again, which is exchange 2."""
    sandbox.declare()
    sandbox.declare(declaration_date="2025-10-07T09:00:00Z")
    return sandbox


class TestAnExchange:
    def test_tells_every_rule_in_order_with_its_verdict_policy_and_facts(self, refused):
        told = refused.done("GET", f"{JOURNAL}/2/explain")

        rulings = {it["rule"]: it for judging in told["judgings"] for it in judging["rulings"]}
        broken = [it for it in rulings.values() if it["verdict"] == "broken"]
        assert [it["rule"] for it in broken] == ["declaration.already-made"]
        assert broken[0]["policy"]
        assert broken[0]["facts"]

    def test_offers_what_would_pass_and_it_does(self, refused):
        offered = refused.done("GET", f"{JOURNAL}/2/explain")["suggestions"][0]

        assert offered["still"] == []
        for it in (*offered.get("first", ()), offered["request"]):
            body = it.get("body")
            status, _ = refused.provider(
                it["method"], it["path"].removeprefix("/api/v3"), body and body["data"]["attributes"]
            )
            assert status == 200

    def test_is_a_text_for_a_person_if_asked(self, refused):
        text = refused.done("GET", f"{JOURNAL}/2/explain?format=text")

        assert "declaration.already-made (broken)" in text
        assert "What would pass:" in text

    def test_that_found_nothing_says_why(self, sandbox):
        sandbox.provider("GET", "/participants/ecf/00000000-0000-4000-8000-000000000000")

        told = sandbox.done("GET", f"{JOURNAL}/1/explain")
        assert told["status"] == 404
        assert told["reasons"]

    def test_that_is_not_kept_is_said_with_those_that_are(self, refused):
        status, problem = refused.control("GET", f"{JOURNAL}/9/explain")

        assert status == 404
        assert "the journal has 1 to 2" in problem["detail"]

    def test_leaves_the_world_as_it_was(self, refused):
        state = refused.world.state

        refused.done("GET", f"{JOURNAL}/2/explain")

        assert refused.world.state is state
        assert refused.world.journal.count == 2


class TestARequest:
    def asked(self, sandbox, **attributes):
        sound = {
            "participant_id": sandbox.names["people.Jane Smith"],
            "declaration_type": "started",
            "declaration_date": "2025-10-06T09:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": "other",
        }
        return {
            "method": "POST",
            "target": "/api/v3/participant-declarations",
            "headers": {"Authorization": "Bearer ambition-token~elsewhere", "Content-Type": "application/json"},
            "body": {"data": {"attributes": sound | attributes}},
        }

    def test_is_answered_as_it_would_be_and_explained(self, sandbox):
        told = sandbox.done("POST", EXPLAIN, self.asked(sandbox, declaration_date="2020-01-01T00:00:00Z"))

        assert told["response"]["status"] == 422
        assert told["status"] == 422
        assert told["suggestions"]

    @pytest.mark.parametrize("date", ["2025-10-06T09:00:00Z", "2020-01-01T00:00:00Z"], ids=["passes", "is refused"])
    def test_that_passes_or_not_is_not_carried_out(self, sandbox, date):
        state = sandbox.world.state

        sandbox.done("POST", EXPLAIN, self.asked(sandbox, declaration_date=date))

        assert sandbox.world.state is state
        assert sandbox.world.journal.count == 0
        assert sandbox.worlds.names() == ["main"]

    def test_for_something_else_than_the_provider_api_is_turned_down(self, sandbox):
        status, problem = sandbox.control("POST", EXPLAIN, {"method": "GET", "target": "/_sandbox/health"})

        assert status == 400
        assert "/api/v3/participants/ecf" in problem["detail"] + str(problem.get("problems"))


class TestWhatIsBlamedOnNoFault:
    def test_the_clock_that_was_moved_and_a_snapshot_that_was_restored(self, sandbox):
        sandbox.done("PUT", "/worlds/main/snapshots/s")
        sandbox.done("POST", "/worlds/main/clock/advance", {"days": 1})
        sandbox.done("POST", "/worlds/main/snapshots/s/restore")

        assert [sandbox.done("GET", f"/worlds/main/journal/{it}/explain")["reasons"] for it in (1, 2)] == [[], []]

    def test_a_request_that_the_observer_refused(self, sandbox):
        sandbox.done("PUT", "/worlds/main/observer", {"observer": "refuse"})
        sandbox.provider("GET", "/statements?filter[cohort]=1999")

        told = sandbox.done("GET", "/worlds/main/journal/1/explain")

        assert (told["status"], told["reasons"]) == (400, [])
        assert told["summary"].startswith("The observer of this world refuses")
        assert [it["code"] for it in told["findings"]] == ["filter.odd-value"]


def test_what_is_offered_for_a_request_is_for_the_world_that_was_asked(sandbox):
    sandbox.declare()
    sandbox.done("POST", "/worlds/main/fork", {"name": "other"})
    asked = {
        "method": "GET",
        "target": "/api/v3/statements?filter[cohort]=abc",
        "headers": {"Authorization": "Bearer nobody"},
    }

    told = sandbox.done("POST", "/worlds/other/explain", asked)

    assert told["suggestions"]
    assert {it["request"]["headers"]["X-Sandbox-World"] for it in told["suggestions"]} == {"other"}
