"""`serve --verbose`: a line for each request."""

from __future__ import annotations

import io
import json
import os
import re
import select
import subprocess
import sys

import pytest

from ecf_sandbox.api.request_log import LoggedRequest
from ecf_sandbox.cli.request_lines import RequestLines
from tests.builders import at
from tests.served import ENVIRONMENT, served

LINE = LoggedRequest(
    at=at("2026-10-12T09:00:00"),
    method="POST",
    path="/api/v3/participant-declarations",
    query=False,
    status=422,
    milliseconds=1.5,
    world="main",
    number=7,
    provider="Ambition Institute",
    rules=("declaration.after-milestone",),
    findings=("body.unknown-attribute",),
)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def written(stream, form="text", it=LINE):
    RequestLines(form, stream)(it)
    return stream.getvalue()


class TestTheLine:
    def test_has_everything_in_one_order(self):
        assert written(io.StringIO()) == (
            "2026-10-12T09:00:00.000Z main POST /api/v3/participant-declarations 422 1.5ms #7"
            " refused: declaration.after-milestone found: body.unknown-attribute\n"
        )

    def test_is_an_object_for_programs(self):
        told = json.loads(written(io.StringIO(), "json"))

        assert told == {
            "at": "2026-10-12T09:00:00.000Z",
            "world": "main",
            "method": "POST",
            "path": "/api/v3/participant-declarations",
            "query": False,
            "status": 422,
            "milliseconds": 1.5,
            "number": 7,
            "provider": "Ambition Institute",
            "rules": ["declaration.after-milestone"],
            "findings": ["body.unknown-attribute"],
            "fault": None,
        }

    def test_is_coloured_on_a_terminal_only_and_not_where_it_is_unwanted(self, monkeypatch):
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")

        assert "\x1b[33m422\x1b[0m" in written(Terminal())
        assert "\x1b" not in written(io.StringIO())
        assert "\x1b" not in written(Terminal(), "json")
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in written(Terminal())

    def test_is_left_out_where_nobody_reads_any_more(self):
        closed = io.StringIO()
        lines = RequestLines("text", closed)
        closed.close()

        lines(LINE)
        lines(LINE)


@pytest.mark.slow
class TestServing:
    @pytest.mark.parametrize("form", ["text", "json"])
    def test_writes_a_line_for_each_request_on_standard_error(self, form):
        with served("--verbose", "--log-format", form) as server:
            server.send("GET", "/api/v3/statements?x=t0psecret", [("Authorization", f"Bearer {server.token}~mine")])
            first = server.process.stderr.readline()
            server.send("GET", "/%1b%5b31mred")
            second = server.process.stderr.readline()
            server.process.terminate()
            assert server.process.stdout.read() == ""

        for line in (first, second):
            assert server.token not in line
            assert "t0psecret" not in line
            assert line.removesuffix("\n").isprintable()
        if form == "json":
            assert json.loads(first)["world"] == "mine"
            assert json.loads(second)["path"] == "/%1b%5b31mred"
        else:
            assert re.match(r"20\d\d-\S+Z mine GET /api/v3/statements\?\.\.\. 200 ", first)
            assert " GET /%1b%5b31mred 404 " in second

    @pytest.mark.parametrize(
        ("environment", "form"), [({"ECF_SANDBOX_VERBOSE": "1"}, "text"), ({"ECF_SANDBOX_LOG_FORMAT": "json"}, "json")]
    )
    def test_is_asked_for_by_the_environment_too(self, environment, form):
        with subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT | environment,
        ) as process:
            try:
                from ecf_sandbox.transport import OverHttp

                OverHttp(json.loads(process.stdout.readline())["url"])("GET", "/check")
                line = process.stderr.readline()
            finally:
                process.kill()

        assert line.startswith("{") is (form == "json")
        assert "/check" in line

    @pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["coloured", "NO_COLOR"])
    def test_is_coloured_on_a_real_terminal(self, environment):
        pty = pytest.importorskip("pty")
        ours, theirs = pty.openpty()
        plain = {name: value for name, value in ENVIRONMENT.items() if name != "NO_COLOR"}
        with subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox", "serve", "--port", "0", "--verbose"],
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            env=plain | {"TERM": "xterm"} | environment,
        ) as process:
            try:
                from ecf_sandbox.transport import OverHttp

                OverHttp(json.loads(process.stdout.readline())["url"])("GET", "/check")
                assert select.select([ours], [], [], 20)[0]
                line = os.read(ours, 4096)
            finally:
                process.kill()
                os.close(theirs)
                os.close(ours)

        assert (b"\x1b[32m200" in line) is (environment == {})

    def test_nothing_is_written_where_nobody_asked(self):
        with served() as server:
            server.send("GET", "/check")
            server.process.terminate()

            assert server.process.stderr.read() == ""
