"""The log of requests: what each came to, and neither tokens nor what commands a terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.api.request_log import RequestLog
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.transport import InProcess
from tests.api.asking import Asker
from tests.effort import examples

BEARER = ("Authorization", "Bearer alpha-token")
NOBODY = "/api/v3/participants/ecf/00000000-0000-4000-8000-000000000000"
ESCAPED = "\x1b[31mred\r\n\x9b\x07"


class Logged:
    """An application with a log, and what is in it."""

    def __init__(self):
        self.lines = []
        self.asker = Asker()
        self.world = self.asker.world
        self.send = InProcess(RequestLog(self.asker.flask, self.lines.append, ["c0ntrol-secret", "alpha-token"]))

    def __call__(self, target, *headers, method="GET", body=None):
        self.send(method, target, headers, body)
        return self.lines[-1]


@pytest.fixture
def log():
    return Logged()


class TestALine:
    def test_says_what_was_asked_and_what_came_of_it(self, log):
        it = log("/api/v3/participants/ecf?filter[colour]=red", BEARER)

        assert (it.world, it.method, it.path, it.query) == ("main", "GET", "/api/v3/participants/ecf", True)
        assert (it.status, it.number, it.provider) == (200, 1, log.world.state.records.providers.get("alpha").name)
        assert it.findings == ("filter.unknown",)
        assert it.milliseconds > 0
        assert it.at.utcoffset().total_seconds() == 0

    def test_names_the_rules_that_refused(self, log):
        attributes = {"reason": "other", "course_identifier": "ecf-induction"}
        body = json.dumps({"data": {"type": "participant-withdraw", "attributes": attributes}}).encode()
        person = next(iter(log.world.state.records.users)).id
        it = log(
            f"/api/v3/participants/ecf/{person}/withdraw",
            BEARER,
            ("Content-Type", "application/json"),
            method="PUT",
            body=body,
        )

        assert it.status == 422
        assert it.rules == ("withdrawal.not-started",)

    def test_names_the_world(self, log):
        assert log(NOBODY, ("Authorization", "Bearer alpha-token~mine")).world == "mine"

    def test_is_there_for_the_control_plane_and_pages_too(self, log):
        control, page = log("/_sandbox/worlds"), log("/check")

        assert (control.path, control.status, control.world) == ("/_sandbox/worlds", 200, None)
        assert (page.path, page.status) == ("/check", 200)

    def test_is_there_for_a_request_to_no_world(self, log):
        it = log(NOBODY, BEARER, ("X-Sandbox-World", "no world"))

        assert (it.world, it.status, it.number) == (None, 400, None)

    def test_says_that_a_fault_struck(self, log):
        log.world.faults.set(Fault(id="broken", status=503))

        assert (log(NOBODY, BEARER).status, log(NOBODY, BEARER).fault) == (503, "broken")

    def test_has_no_status_where_the_connection_was_dropped(self, log):
        log.world.faults.set(Fault(id="gone", drop=True))
        with pytest.raises(ConnectionError):
            log(NOBODY, BEARER)

        assert (log.lines[-1].status, log.lines[-1].fault) == (None, "gone")

    def test_is_there_where_the_application_fails(self):
        def fails(_environ, _start_response):
            raise RuntimeError

        lines = []
        with pytest.raises(RuntimeError):
            InProcess(RequestLog(fails, lines.append))("GET", "/")

        assert lines[0].status == 500

    def test_has_path_and_method_as_they_were_sent(self, log):
        it = log("//api/v3/statements.json/", ("X-HTTP-Method-Override", "PUT"), method="POST")

        assert (it.method, it.path) == ("POST", "//api/v3/statements.json/")


class TestWhatIsNotShown:
    @pytest.mark.parametrize(
        "target",
        [
            "/api/v3/statements?token=alpha-token",
            "/api/v3/statements?email=jane.smith@example.com",
            "/api/v3/statements/alpha-token",
            "/api/v3/statements/alpha%2Dtoken",
            "/api/v3/beta-token/x",
            "/api/v3/nobody-knows-this",
            "/api/v3/c0ntrol-secret",
            "/api/v3/token=abcdefghijkl",
            "/_sandbox/alpha-token",
            "/_sandbox/nobody-knows-this",
        ],
    )
    def test_is_a_token_or_what_stands_in_a_query(self, log, target):
        for sent in ("Bearer nobody-knows-this", "nobody-knows-this~mine", "Bearer  nobody-knows-this"):
            it = log(target, ("Authorization", sent), ("X-Sandbox-Token", "c0ntrol-secret"))
            shown = repr(it).lower()

            for secret in ("nobody-knows", "alpha-t", "beta-t", "c0ntrol", "abcdefg", "jane", "alpha%2d"):
                assert secret not in shown, secret

    @pytest.mark.parametrize(
        "target",
        [
            "/api/v3/%1b%5b31mred%0d%0a",
            f"/api/v3/{ESCAPED}",
            f"/x{ESCAPED}",
            "/x%1b%5b31m",
            "/%e2%80%aered%9b",
            f"/x?{ESCAPED}",
            "/_sandbox/%1b%5b31m",
        ],
    )
    def test_is_a_byte_that_commands_a_terminal(self, log, target):
        for header in ((), ("X-Sandbox-World", ESCAPED), ("Authorization", f"Bearer {ESCAPED}")):
            it = log(target, *([header] if header else []))

            assert it.path.isascii()
            assert it.path.isprintable()
            assert repr(it.world).isprintable()
            assert "\\x" not in repr(it)

    @given(st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=30), st.text(max_size=8))
    @settings(max_examples=examples(200))
    def test_is_anything_that_is_not_printable(self, path, method):
        lines = []

        def app(_environ, start_response):
            start_response("200 OK", [])
            return (b"",)

        for uri in (f"/{path}", ""):
            environ = {
                "REQUEST_METHOD": method,
                "PATH_INFO": f"/{path}".encode().decode("latin-1"),
                "REQUEST_URI": uri,
            }
            RequestLog(app, lines.append)(environ, lambda *_: None)

        assert all((it.path + it.method).isascii() and (it.path + it.method).isprintable() for it in lines)

    def test_is_more_than_fits(self, log):
        assert len(log("/" + "x" * 9000).path) == 1000
