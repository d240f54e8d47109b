"""`ecf-sandbox wait`: for scripts that start a sandbox somewhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from threading import Thread

import pytest

from tests.served import ENVIRONMENT, invoke, standing

pytestmark = pytest.mark.slow


@contextmanager
def answering(*answers: bytes):
    """A server that gives each connection the next of these answers, the last again and again; its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        last = b""
        rest = iter(answers)
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with closing(connection):
                connection.recv(4096)
                last = next(rest, last)
                connection.sendall(last)

    Thread(target=answer, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def nobody():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


WELL = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'
NOT_YET = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class TestASandboxThatAnswers:
    def test_is_0_at_once(self):
        with standing() as server:
            done = invoke("wait", "--url", server.url)

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"The sandbox at {server.url} answers.\n"

    def test_can_be_named_without_an_option_or_in_the_environment(self):
        with standing() as server:
            assert invoke("wait", server.url).returncode == 0
            assert invoke("wait", f"{server.url}/").returncode == 0
            assert invoke("wait", ECF_SANDBOX_URL=server.url).returncode == 0

    def test_needs_no_control_token(self):
        with standing(control_token="s3cret") as server:
            assert invoke("wait", server.url).returncode == 0

    def test_says_nothing_where_it_is_told_not_to(self):
        with standing() as server:
            assert invoke("wait", server.url, "--quiet").stdout == ""

    def test_may_take_its_time(self):
        with answering(b"", NOT_YET, WELL) as url:
            done = invoke("wait", url, "--timeout", "20")

        assert done.returncode == 0
        assert f"Waiting for the sandbox at {url}" in done.stderr


class TestNoSandbox:
    @pytest.mark.parametrize("timeout", ["0", "0.3"])
    def test_is_3_after_the_time_and_says_why(self, timeout):
        url = nobody()
        started = time.monotonic()
        done = invoke("wait", "--url", url, "--timeout", timeout)

        assert done.returncode == 3
        assert time.monotonic() - started < 5
        assert f"no sandbox answers at {url} within {timeout} s" in done.stderr
        assert "refused" in done.stderr.lower()
        assert "ecf-sandbox serve" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            pytest.param(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404", id="another server"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "not as a sandbox would", id="a page"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "not as a sandbox would", id="a list"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe", "not as a sandbox", id="bytes"),
            pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0", id="another protocol"),
            pytest.param(b"\x15\x03\x01\x00\x02\x02F\x1b[31m", "x1b[31m", id="control bytes"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhi", "", id="half an answer"),
            pytest.param(b"", "", id="nothing"),
        ],
    )
    def test_is_what_answers_otherwise(self, answer, says):
        with answering(answer) as url:
            done = invoke("wait", url, "--timeout", "0.2")

        assert done.returncode == 3, done.stderr
        assert says in done.stderr
        assert "\x1b" not in done.stderr
        assert "Traceback" not in done.stderr

    def test_is_what_listens_and_says_nothing(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            started = time.monotonic()
            done = invoke("wait", f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.5")

        assert done.returncode == 3
        assert time.monotonic() - started < 5

    @pytest.mark.parametrize(
        "url",
        ["localhost", "ftp://x", "http://", "http://x:99999", "http://[", "http://a..b", "http://127.0.0.1:8000/a b"],
    )
    def test_an_address_that_is_none_is_a_wrong_command(self, url):
        done = invoke("wait", "--timeout", "5", url)

        assert done.returncode == 2
        assert "Error: " in done.stderr

    @pytest.mark.parametrize("timeout", ["-1", "soon", "inf", "nan"])
    def test_a_time_that_is_none_is_a_wrong_command(self, timeout):
        assert invoke("wait", "--timeout", timeout).returncode == 2

    def test_two_addresses_are_a_wrong_command(self):
        assert invoke("wait", "http://127.0.0.1:1", "--url", "http://127.0.0.1:2").returncode == 2


@pytest.mark.slow
def test_ctrl_c_ends_it_at_once_without_a_trace():
    with subprocess.Popen(
        [sys.executable, "-m", "ecf_sandbox", "wait", nobody(), "--timeout", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        assert "Waiting for" in process.stderr.readline()
        os.kill(process.pid, signal.SIGINT)

        assert process.wait(timeout=5) == 130
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("command", [["world", "list"], ["explain", "1"], ["report"]])
def test_other_commands_say_as_well_that_what_answers_is_no_web_server(command):
    with answering(b"SSH-2.0-OpenSSH_9.2\x1b[31m\r\n") as url:
        done = invoke(*command, "--url", url)

    assert done.returncode == 3
    assert "\x1b" not in done.stderr
    assert f"no sandbox answers at {url}" in done.stderr
