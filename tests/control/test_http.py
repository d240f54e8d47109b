"""The control plane over HTTP: who may use it, how it errs, and that its description is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.control.description import as_yaml, document
from ecf_sandbox.control.registry import OPERATIONS
from ecf_sandbox.state.worlds import MAIN
from tests.control.controlling import Sandbox
from tests.effort import examples

ROOT = Path(__file__).resolve().parents[2]


class TestWhoMayUseIt:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "127.1.2.3", "ecf_sandbox.localhost:80"]
    )
    def test_whoever_names_this_machine(self, sandbox, host):
        assert sandbox.control("GET", "/worlds", Host=host)[0] == 200

    @pytest.mark.parametrize("host", ["example.com", "192.168.0.7:8000", "localhost.example.com", "", "["])
    def test_nobody_who_names_another(self, sandbox, host):
        assert sandbox.control("GET", "/worlds", Host=host)[0] == 403

    def test_no_page_from_elsewhere(self, sandbox):
        local = {"Host": "127.0.0.1:8000"}

        assert sandbox.control("POST", "/worlds/main/reset", Origin="https://example.com", **local)[0] == 403
        assert sandbox.control("POST", "/worlds/main/reset", Sec_Fetch_Site="cross-site", **local)[0] == 403
        assert sandbox.control("POST", "/worlds/main/reset", Origin="http://127.0.0.1:8000", **local)[0] == 200

    def test_with_a_control_token_whoever_shows_it(self):
        sandbox = Sandbox(control_token="s3cret")

        assert sandbox.control("GET", "/worlds", Host="10.0.0.1")[0] == 401
        assert sandbox.control("GET", "/worlds", Host="10.0.0.1", X_Sandbox_Token="other")[0] == 401
        assert sandbox.control("GET", "/worlds", Host="10.0.0.1", X_Sandbox_Token="s3cret")[0] == 200
        assert sandbox.control("GET", "/worlds", Host="10.0.0.1", Authorization="Bearer s3cret")[0] == 200

    def test_nothing_is_said_about_other_origins(self, sandbox):
        reply = sandbox.send("GET", "/_sandbox/worlds", [("Origin", "http://localhost"), ("Host", "localhost")])

        assert not [name for name in reply.headers if name.startswith("access-control")]


class TestHealth:
    """What a load balancer, a container engine or a script asks first: whoever asks, wherever from."""

    @pytest.mark.parametrize("host", ["sandbox:8000", "10.0.0.1", "example.com", "", "["])
    def test_is_told_at_any_address_and_without_the_control_token(self, host):
        for sandbox in (Sandbox(), Sandbox(control_token="s3cret")):
            assert sandbox.control("GET", "/health", Host=host) == (200, {"status": "ok"})

    def test_is_told_to_a_page_from_elsewhere(self, sandbox):
        assert sandbox.control("GET", "/health", Origin="https://example.com", Sec_Fetch_Site="cross-site")[0] == 200

    def test_answers_a_head_too(self):
        reply = Sandbox(control_token="s3cret").send("HEAD", "/_sandbox/health", [("Host", "10.0.0.1")])

        assert (reply.status, reply.body) == (200, b"")

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/ready"), ("POST", "/health"), ("GET", "/health/x"), ("GET", "/health/../ready")],
    )
    def test_nothing_beside_it_is_open(self, method, path):
        assert Sandbox(control_token="s3cret").control(method, path, Host="10.0.0.1")[0] == 401


class TestMistakes:
    def test_a_path_that_is_not_there_names_the_nearest(self, sandbox):
        status, problem = sandbox.control("GET", "/world")

        assert (status, problem["nearest"]) == (404, "/_sandbox/worlds")

    def test_a_method_that_is_not_there_names_those_that_are(self, sandbox):
        reply = sandbox.send("PATCH", "/_sandbox/worlds")

        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, POST")

    @pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"name": NaN}'])
    def test_a_body_that_is_no_json_is_a_bad_request(self, sandbox, body):
        assert sandbox.control("POST", "/worlds", body)[0] == 400

    def test_a_world_that_is_not_there_names_the_nearest(self, sandbox):
        assert sandbox.control("POST", "/worlds/mian/reset")[1]["nearest"] == MAIN

    @given(
        st.sampled_from(OPERATIONS),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=8,
        ),
        st.data(),
    )
    @settings(max_examples=examples(250))
    def test_whatever_is_sent_is_done_or_refused_with_a_problem(self, operation, anything, data):
        sandbox = Sandbox()
        path = operation.path.replace("{world}", MAIN)
        for it in operation.parameters:
            if it.place == "path":
                path = path.replace(
                    f"{{{it.name}}}", data.draw(st.sampled_from(["1", "default", "nobody", "7x", "%F0"]))
                )
        known = [it.name for it in operation.parameters if it.place == "body"]
        body = {name: data.draw(st.sampled_from([anything, 1, "2026-11-01", True, {}])) for name in known}

        status, answer = sandbox.control(operation.method, path, data.draw(st.sampled_from([body, anything])))

        assert status < 500, answer
        assert status < 400 or answer["detail"]


class TestTheDescription:
    def test_is_the_one_that_is_shipped(self):
        shipped = (ROOT / "openapi" / "control.yaml").read_text()

        assert shipped == as_yaml(), "print it anew: python -m ecf_sandbox.control.description > openapi/control.yaml"

    def test_names_every_operation_once_and_says_what_each_thing_means(self):
        ids = [it["operationId"] for path in document()["paths"].values() for it in path.values()]

        assert sorted(ids) == sorted({it.name for it in OPERATIONS})
        for it in OPERATIONS:
            assert it.summary, it.name
            assert all(told.description for told in it.parameters), it.name

    def test_is_sound_openapi(self):
        assert document()["openapi"] == "3.0.3"


class TestAMemberThatIsGivenTwice:
    """Readers of JSON take the last one, whichever was meant."""

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            pytest.param("POST", "/worlds", b'{"name": "one", "name": "two"}', id="the name of a world"),
            pytest.param("POST", "/worlds", b'{"name": "one", "set": {"a": true, "a": false}}', id="a switch"),
            pytest.param("POST", "/worlds/main/events", b'{"event": "x", "with": {"a": 1, "a": 1}}', id="equal values"),
            pytest.param("POST", "/worlds/main/faults", b'{"status": 503, "\\u0073tatus": 500}', id="another spelling"),
            pytest.param("POST", "/worlds/main/journal/verify", b'{"order": [{"a": 1, "a": 2}]}', id="in a list"),
            pytest.param(
                "POST",
                "/worlds/main/explain",
                b'{"method": "GET", "target": "/api/v3/x", "body": {"a": 1, "a": 2}}',
                id="in a body to explain",
            ),
            pytest.param("PUT", "/worlds/main/clock", b'{"mode": "real", "mode": "frozen"}', id="the mode of a clock"),
        ],
    )
    def test_is_refused_and_changes_nothing(self, sandbox, method, path, body):
        before, worlds = sandbox.world.state, sandbox.worlds.names()

        status, problem = sandbox.control(method, path, body)

        assert status == 400
        assert "is given twice" in problem["detail"]
        assert (sandbox.world.state, sandbox.worlds.names()) == (before, worlds)

    def test_in_an_import_is_refused_wherever_it_stands(self, sandbox):
        exported = sandbox.send("GET", "/_sandbox/worlds/main/export").body

        for name, other in {b"records": b"{}", b"users": b"[]"}.items():
            member = b'"' + name + b'":'
            assert exported.count(member) == 1
            twice = exported.replace(member, member + other + b"," + member)

            status, problem = sandbox.control("POST", "/worlds/new/import", twice)

            assert status == 400
            assert problem["detail"] == f"member {name.decode()!r} is given twice in one object"
        assert sandbox.worlds.names() == ["main"]

    def test_is_named_in_short(self, sandbox):
        name = b'"' + b"x" * 100_000 + b'"'
        many = b",".join(b'"a%d":1,"a%d":1' % (it, it) for it in range(1000))

        for body in (b"{" + name + b":1," + name + b":2}", b"{" + many + b"}"):
            reply = sandbox.send("POST", "/_sandbox/worlds", [], body)

            assert reply.status == 400
            assert len(reply.body) < 10_000

    def test_is_no_mistake_in_two_objects(self, sandbox):
        body = b'{"order": [{"status": "200"}, {"status": "404"}]}'

        assert sandbox.control("POST", "/worlds/main/journal/verify", body)[0] == 200
