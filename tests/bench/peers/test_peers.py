"""The measuring of peers measures: what is sent is answered, and each is told beside the sandbox."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flask import Flask, Response

from ecf_sandbox.testing.thread_server import ThreadServer
from tests.bench.load import request
from tests.bench.peers.wire import Connection, measure

pytestmark = pytest.mark.slow


def test_a_run_tells_start_memory_and_each_kind_of_request_beside_the_sandbox():
    command = [sys.executable, "-m", "tests.bench.peers", "--quick", "--peer", "bare Flask"]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)

    rows = [line.split(" | ") for line in ran.stdout.splitlines() if line.startswith("| ")]
    assert [row[0].removeprefix("| ").partition(",")[0] for row in rows[3:]] == [
        "start to first answer",
        *("resident MB after the start", "resident MB in the end"),
        *(kind for kind in ("show", "list of 100", "create", "reset") for _ in range(4)),
    ]
    assert all("1.00 ×" in row[1] or " / " in row[1] for row in rows[3:])
    assert all("×" in row[2] or " / " in row[2] for row in rows[3:-4])  # Flask alone has no reset


@pytest.fixture(scope="module")
def url():
    app = Flask("answers")
    app.add_url_rule("/chunks", "chunks", lambda: Response(iter([b"one", b"two"])))
    app.add_url_rule("/refused", "refused", lambda: ("no", 400))
    with ThreadServer(app) as server:
        yield server.url


def test_answers_in_chunks_are_read_one_after_the_other(url):
    connection = Connection(url)

    answers = [connection.ask(request(url, "/chunks")) for _ in range(2)]
    connection.close()

    assert answers == [(200, b"onetwo")] * 2


def test_a_request_that_is_refused_is_no_figure(url):
    with pytest.raises(AssertionError, match="400"):
        measure(url, lambda _: request(url, "/refused"), connections=2, count=4)
