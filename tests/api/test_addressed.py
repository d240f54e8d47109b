"""What is addressed to the sandbox itself is read strictly: its headers, and the world that a request names."""

from __future__ import annotations

import json

import pytest

from tests.control.controlling import TOKEN, Sandbox

LIST = "/api/v3/statements"
WORLDS = "/_sandbox/worlds"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def ask(sandbox, *headers, path=LIST, method="GET"):
    reply = sandbox.send(method, path, list(headers))
    return reply.status, json.loads(reply.body).get("detail", "")


def bearer(world=""):
    return ("Authorization", f"Bearer {TOKEN}{world}")


def header(world):
    return ("X-Sandbox-World", world)


class TestTwoWorlds:
    def test_are_refused_with_both_names(self, sandbox):
        status, detail = ask(sandbox, bearer("~aa"), header("bb"))

        assert (status, "'aa'" in detail, "'bb'" in detail) == (400, True, True)
        assert sandbox.worlds.names() == ["main"]

    @pytest.mark.parametrize("named", ["main", "aa,bb", "aa, bb"])
    def test_are_two_also_if_one_is_main_or_a_header_is_sent_twice(self, sandbox, named):
        assert ask(sandbox, bearer("~aa"), header(named))[0] == 400
        assert ask(sandbox, bearer("~aa"), header(named))[1]

    @pytest.mark.parametrize("named", ["aa", "aa,aa", ""])
    def test_are_one_if_the_names_are_equal_or_one_is_empty(self, sandbox, named):
        assert ask(sandbox, bearer("~aa"), header(named))[0] == 200
        assert sandbox.worlds.names() == ["main", "aa"]

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/aa"), ("POST", "/aa/reset"), ("POST", "/aa/faults"), ("POST", "/aa/import")]
    )
    def test_are_refused_by_the_control_plane_where_path_and_header_differ(self, sandbox, method, path):
        sandbox.done("POST", "/worlds", {"name": "aa"})

        status, detail = ask(sandbox, header("bb"), method=method, path=WORLDS + path)

        assert (status, "'aa'" in detail, "'bb'" in detail) == (400, True, True)

    def test_are_one_for_the_control_plane_if_they_are_equal(self, sandbox):
        assert ask(sandbox, header("main"), path=f"{WORLDS}/main")[0] == 200

    def test_are_refused_in_a_request_that_is_to_be_explained(self, sandbox):
        asked = {"method": "GET", "target": LIST, "headers": dict([bearer("~aa"), header("bb")])}

        status, problem = sandbox.control("POST", "/worlds/aa/explain", asked)

        assert (status, "'aa'" in problem["detail"], "'bb'" in problem["detail"]) == (400, True, True)


class TestAHeader:
    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("X-Sandbox-Wrold", "X-Sandbox-World"),
            ("X-Sandbox-Tokn", "X-Sandbox-Token"),
            ("X-Sandbox-Worlds", "X-Sandbox-World"),
            ("Sandbox-World", "X-Sandbox-World"),
            ("X-SandboxWorld", "X-Sandbox-World"),
            ("X-Sandbox-Scenario", "choose from"),
        ],
    )
    @pytest.mark.parametrize("path", [LIST, f"{WORLDS}/main"])
    def test_that_the_sandbox_has_not_is_refused_with_the_nearest(self, sandbox, name, near, path):
        status, detail = ask(sandbox, bearer(), (name, "aa"), path=path)

        assert (status, near in detail or "did you mean" in detail) == (400, True)
        assert sandbox.world.journal.count == 0

    @pytest.mark.parametrize("name", ["X-Sandbox-World", "x-sandbox-world", "X-Sandbox-Token", "X-My-Sandbox-Run"])
    def test_that_it_has_or_that_is_somebody_elses_is_not(self, sandbox, name):
        assert ask(sandbox, bearer(), (name, "main"))[0] == 200

    def test_that_it_has_not_is_refused_in_a_request_that_is_to_be_explained(self, sandbox):
        asked = {"method": "GET", "target": LIST, "headers": dict([bearer(), ("X-Sandbox-Wrold", "aa")])}

        status, problem = sandbox.control("POST", "/worlds/main/explain", asked)

        assert (status, "X-Sandbox-World" in problem["detail"]) == (400, True)


class TestAParameter:
    def test_of_the_control_plane_is_not_given_twice(self, sandbox):
        status, detail = ask(sandbox, path=f"{WORLDS}/main/journal?status=200&status=404")

        assert (status, "status is given twice" in detail) == (400, True)
