"""The service's own answers about its health, beside the API: `/check` and `/healthcheck`."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.state.faults import Fault
from tests.api.asking import Asker


@pytest.fixture
def ask() -> Asker:
    return Asker()


class TestCheck:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_is_200_and_empty(self, ask, method):
        reply = ask("/check", method=method, token=False)

        assert (reply.status, reply.body) == (200, b"")

    def test_is_the_same_with_a_slash_behind(self, ask):
        assert ask("/check/", token=False).status == 200


class TestHealthcheck:
    def test_is_json(self, ask):
        reply = ask("/healthcheck", token=False)

        assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=utf-8")
        assert json.loads(reply.body) == {"status": "ok"}


@pytest.mark.parametrize("path", ["/check", "/healthcheck"])
class TestBoth:
    def test_take_no_other_method(self, ask, path):
        assert ask(path, method="POST", token=False).status == 404

    def test_are_kept_in_no_journal(self, ask, path):
        ask(path)

        assert list(ask.world.journal) == []

    def test_say_the_same_while_requests_fail_by_a_fault(self, ask, path):
        ask.world.faults.set(Fault(id="", operation="*", path="*", status=503))

        assert ask(path).status == 200

    def test_look_at_no_header(self, ask, path):
        odd = [("X-Sandbox-World", "no world/"), ("X-With-Server-Date", "never"), ("Host", "[")]

        assert ask(path, *odd).status == 200
