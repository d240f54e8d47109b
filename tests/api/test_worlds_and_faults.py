"""Which world a request is for, and trouble that somebody set for it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from ecf_sandbox.api.response import Dropped
from ecf_sandbox.state.faults import Allowance, Fault
from ecf_sandbox.transport import Reply
from tests.api.asking import BEARER, JSON, Asker, a_world
from tests.builders import id_of

LIST = "/api/v3/statements"
DEFER = json.dumps({"data": {"attributes": {"reason": "other", "course_identifier": "ecf-induction"}}}).encode()


class Many(Asker):
    """Asks with a token that may name a world."""

    def of(self, world: str, method: str = "GET", target: str = LIST, body: bytes | None = None) -> Reply:
        headers = [("Authorization", f"Bearer alpha-token{world}"), ("Content-Type", "application/json")]
        return self.send(method, target, headers, body)


@pytest.fixture
def ask() -> Many:
    return Many(a_world())


def status_of(reply: Reply) -> str:
    return json.loads(reply.body)["data"]["attributes"]["ecf_enrolments"][0]["training_status"]


class TestAWorld:
    def test_named_behind_the_token_sees_its_own_changes_and_no_other_does(self, ask):
        ann = f"/api/v3/participants/ecf/{id_of('ann')}"

        assert ask.of("~one", "PUT", f"{ann}/defer", DEFER).status == 200

        assert [status_of(ask.of(world, target=ann)) for world in ("~one", "~two", "")] == [
            "deferred",
            "active",
            "active",
        ]

    def test_named_by_header_is_the_same_world(self, ask):
        ann = f"/api/v3/participants/ecf/{id_of('ann')}"
        ask.of("~one", "PUT", f"{ann}/defer", DEFER)

        reply = ask(ann, ("X-Sandbox-World", "one"))

        assert status_of(reply) == "deferred"
        assert reply.headers["x-sandbox-world"] == "one"

    def test_that_cannot_have_its_name_is_a_problem_of_the_sandbox(self, ask):
        reply = ask(LIST, ("X-Sandbox-World", "no such/name"))

        assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
        assert "use up to 64 letters" in json.loads(reply.body)["detail"]


class TestAFault:
    def test_answers_in_place_of_the_sandbox_as_often_as_it_says(self, ask):
        ask.world.faults.set(Fault(id="", operation="v3 listStatements", status=503, count=1))

        assert [ask(LIST).status, ask(LIST).status] == [503, 200]

    def test_is_given_to_matching_requests_only(self, ask):
        ask.world.faults.set(Fault(id="", path="/api/v3/schools/*", status=503))

        assert ask(LIST).status == 200

    def test_closes_the_connection_without_an_answer(self, ask):
        ask.world.faults.set(Fault(id="", drop=True))

        with pytest.raises(Dropped):
            ask(LIST)

    def test_waits_before_the_answer_and_holds_up_nobody_else(self, ask):
        slow = ask.world.faults.set(Fault(id="", path=LIST, latency=0.3, count=1))
        begun = monotonic()

        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(ask, LIST)
            other = ask("/api/v3/delivery-partners").status
            passed = monotonic() - begun
            status = waiting.result().status

        assert (status, other) == (200, 200)
        assert passed < slow.latency <= monotonic() - begun

    def test_strikes_by_chance_alike_in_equal_runs(self):
        def run() -> list[int]:
            asker = Many(a_world())
            asker.world.faults.set(Fault(id="", status=503, probability=0.5))
            return [asker(LIST).status for _ in range(20)]

        assert run() == run()
        assert set(run()) == {200, 503}


def test_an_allowance_of_the_world_limits_its_requests(ask):
    ask.world.allowance = Allowance(requests=2)

    assert [ask(LIST).status for _ in range(3)] == [200, 200, 429]


def test_every_exchange_is_in_the_journal_of_its_world(ask):
    ann = f"/api/v3/participants/ecf/{id_of('ann')}"
    ask.of("", "PUT", f"{ann}/defer", DEFER)
    refused = ask.of("", "PUT", f"{ann}/defer", DEFER)

    made, again = ask.world.journal

    assert (made.operation, made.status, made.provider) == ("v3 deferParticipant", 200, "alpha")
    assert {it.table for it in made.changes} == {"status_changes", "induction_records", "training_records", "users"}
    assert [it.rule for it in again.refusals] == ["deferral.already-deferred"]
    assert again.changes == ()
    assert refused.headers["x-sandbox-rules"] == "deferral.already-deferred"
    assert refused.headers["x-sandbox-request-id"] == "2"


@pytest.mark.parametrize("target", ["/api/v3/nowhere", "/nowhere", "/api/v3/delivery-partners"])
def test_the_journal_has_the_body_of_a_request_that_leads_nowhere(ask, target):
    assert ask.send("POST", target, [BEARER, JSON], b'{"data": 1}').status == 404

    (it,) = ask.world.journal
    assert it.request_body == b'{"data": 1}'
