"""A suite of 500 tests with six requests each: worlds of the plugin beside a bare Flask application with one state."""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

MODULES, TESTS = 10, 50

SANDBOX = """
import json
from http.client import HTTPConnection

import pytest
from tests.bench.suites import six_requests

pytestmark = pytest.mark.ecf(now="2026-10-12T09:00:00Z")

@pytest.mark.parametrize("n", range({tests}))
def test_in_its_own_world(ecf_world, n):
    {ask}
    six_requests(ask, ecf_world.people["Jane Smith"])
    assert len(ecf_world.journal) == 6
"""
BARE = """
import json
from http.client import HTTPConnection

import pytest
from tests.bench.suites import six_requests

@pytest.mark.parametrize("n", range({tests}))
def test_in_the_state_of_all({fixture}, n):
    {ask}
    six_requests(ask, "jane")
"""
# How a test asks: a function of method, path and document that answers status and document.
IN_PROCESS = """client = ecf_world.client
    def ask(method, path, document=None):
        answer = client.request(method, path, document)
        return answer.status, answer.json"""
# The leanest client there is, since it is not the client that is measured: `requests` alone takes a millisecond.
OVER_HTTP = """connection = HTTPConnection({url}.removeprefix("http://"))
    headers = {{"Content-Type": "application/json", **{headers}}}
    def ask(method, path, document=None):
        connection.request(method, path, None if document is None else json.dumps(document), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())"""
FLASK_CLIENT = """client = bare.test_client()
    def ask(method, path, document=None):
        answer = client.open(path, method=method, json=document)
        return answer.status_code, answer.get_json()"""
BARE_CONFTEST = """
import pytest
from flask import Flask, jsonify, request
from ecf_sandbox.testing.thread_server import ThreadServer

@pytest.fixture(scope="session")
def bare():
    app, declarations = Flask("bare"), []
    @app.post("/api/v3/participant-declarations")
    def record():
        made = {"id": str(len(declarations)), "attributes": request.get_json()["data"]["attributes"]}
        declarations.append(made)
        return jsonify({"data": made})
    @app.get("/api/v3/participant-declarations/<id>")
    def show(id):
        return jsonify({"data": declarations[int(id)]})
    @app.put("/api/v3/participant-declarations/<id>/void")
    def void(id):
        declarations[int(id)]["attributes"]["state"] = "voided"
        return jsonify({"data": declarations[int(id)]})
    @app.get("/api/v3/<path:anything>")
    def other(anything):
        return jsonify({"data": [{"id": str(n), "attributes": {"a": "b" * 500}} for n in range(10)]})
    return app

@pytest.fixture(scope="session")
def url(bare):
    server = ThreadServer(bare)
    yield server.url
    server.stop()
"""


def six_requests(ask, participant_id: str) -> None:
    """Declare, look at it twice, look at two lists, and take it back."""
    attributes = {
        "participant_id": participant_id,
        "declaration_type": "started",
        "declaration_date": "2025-10-01T00:00:00Z",
        "course_identifier": "ecf-induction",
    }
    path = "/api/v3/participant-declarations"
    status, made = ask("POST", path, {"data": {"type": "participant-declaration", "attributes": attributes}})
    assert status == 200
    own = f"{path}/{made['data']['id']}"
    assert ask("GET", own)[0] == 200
    assert ask("GET", "/api/v3/statements?page[per_page]=10")[1]["data"]
    assert ask("GET", "/api/v3/participants/ecf?page[per_page]=10")[1]["data"]
    assert ask("PUT", f"{own}/void")[0] == 200
    assert ask("GET", own)[1]["data"]["attributes"]["state"] in ("voided", "awaiting_clawback")


def measure_suites(folder: Path, rounds: int) -> None:
    """Run every suite in turn and print how long it took, from the start of the process to its end."""
    http = {"url": "ecf_world.url", "headers": "ecf_world.headers()"}
    bare_http = BARE.format(tests=TESTS, ask=OVER_HTTP.format(url="url", headers="{}"), fixture="url")
    suites = {
        "worlds, in process": (SANDBOX.format(tests=TESTS, ask=IN_PROCESS), ()),
        "worlds, over HTTP": (SANDBOX.format(tests=TESTS, ask=OVER_HTTP.format(**http)), ()),
        "worlds, over HTTP, 2 workers": (SANDBOX.format(tests=TESTS, ask=OVER_HTTP.format(**http)), ("-n", "2")),
        "bare Flask, in process": (BARE.format(tests=TESTS, ask=FLASK_CLIENT, fixture="bare"), ()),
        "bare Flask, over HTTP": (bare_http, ()),
        "bare Flask, over HTTP, 2 workers": (bare_http, ("-n", "2")),
    }
    took: dict[str, list[tuple[float, float, float]]] = {name: [] for name in suites}
    for n, (text, _) in enumerate(suites.values()):
        _write(folder / f"suite-{n}", text)
    _run(folder / "suite-0")
    for _ in range(rounds):
        for n, (name, (_, options)) in enumerate(suites.items()):
            took[name].append(_run(folder / f"suite-{n}", *options))
    print(f"\n| {MODULES * TESTS} tests of six requests | s in all | s as pytest says | s of processor |")
    print("| --- | --- | --- | --- |")
    for name, pairs in took.items():
        whole, told, busy = (statistics.median(it) for it in zip(*pairs, strict=True))
        print(f"| {name} | {whole:.2f} | {told:.2f} | {busy:.2f} |")


def _write(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "conftest.py").write_text(BARE_CONFTEST if "ecf_world" not in text else "")
    (folder / "pytest.ini").write_text("[pytest]\n")
    for n in range(MODULES):
        (folder / f"test_{n}.py").write_text(text)


def _run(folder: Path, *options: str) -> tuple[float, float, float]:
    """Seconds of the whole process, those that pytest counts, and those that a processor was busy."""
    others = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio")
    command = [sys.executable, "-m", "pytest", "-q", *others, "--rootdir", str(folder), *options, str(folder)]
    # As on a machine where it has run before: compiled code is kept, here beside the suites.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    started, busy = time.perf_counter(), _busy()
    ran = subprocess.run(command, capture_output=True, text=True, env=environment)
    took = time.perf_counter() - started
    told = re.search(rf"{MODULES * TESTS} passed in ([\d.]+)s", ran.stdout)
    assert told, ran.stdout[-3000:] + ran.stderr
    return took, float(told[1]), _busy() - busy


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
