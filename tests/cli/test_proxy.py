"""`ecf-sandbox proxy` before another server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from ecf_sandbox.transport import OverHttp
from tests.remote.proxy.standing import Scripted
from tests.served import ENVIRONMENT, invoke


@contextmanager
def proxied(to: str, *options: str) -> Iterator[tuple[Any, subprocess.Popen[str]]]:
    with subprocess.Popen(
        [sys.executable, "-m", "ecf_sandbox", "proxy", "--to", to, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.kill()


@pytest.fixture
def behind() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.stop()


class TestAProxy:
    @pytest.mark.slow
    def test_passes_on_notes_and_writes(self, behind, tmp_path):
        file = tmp_path / "journal.jsonl"
        with proxied(behind.url, "--journal", str(file)) as (line, _):
            reply = OverHttp(line["url"])("GET", "/api/v3/statements", [("Authorization", "Bearer s3cr3ts3cr3t")])
            listed = invoke("journal", "list", "--json", "--url", line["url"])

        assert (reply.status, reply.body, line["to"]) == (200, b"hi", behind.url)
        assert json.loads(listed.stdout)["found"] == 1
        assert "s3cr3t" not in file.read_text()

    @pytest.mark.slow
    @pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM])
    def test_ends_at_once_though_the_server_has_not_answered(self, behind, signalled):
        behind.says = None
        with proxied(behind.url) as (line, process):
            asking = Thread(target=_ask_in_vain, args=(line["url"],), daemon=True)
            asking.start()
            behind.wait_for_request()
            process.send_signal(signalled)

            assert process.wait(60) == 0
            assert process.stderr.read() == ""

    def test_does_not_write_over_a_journal(self, behind, tmp_path):
        file = tmp_path / "journal.jsonl"
        file.write_text("dear\n")
        ended = invoke("proxy", "--to", behind.url, "--journal", str(file))

        assert (ended.returncode, file.read_text()) == (2, "dear\n")
        assert "exists already" in ended.stderr

    @pytest.mark.parametrize("url", ["api.example.org", "ftp://x", "https://me:pw@x"])
    def test_says_what_an_address_looks_like(self, url):
        ended = invoke("proxy", "--to", url)

        assert ended.returncode == 2
        assert "address" in ended.stderr


def _ask_in_vain(url: str) -> None:
    try:
        OverHttp(url)("GET", "/")
    except Exception:
        return
