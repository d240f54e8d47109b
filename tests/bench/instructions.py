"""`python -m tests.bench.instructions`: what a request costs by instructions, whatever else the machine does.

The server's parser and task and the application, without sockets, under valgrind (which has to be installed), beside
bare Flask on waitress's own.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from tests.bench.load import request
from tests.bench.services import ECF, RECT, TOKEN, MeasuredService

URL = "http://127.0.0.1:8000"
PARTICIPANTS = 100
COUNTS = {"show": 100, "list of 100": 20, "POST a declaration": 50}
NAMES = {"show": "show", "list of 100": "list", "POST a declaration": "record"}
_WARM = 10


class Served:
    """An application behind a server's parser and task, with no socket before it."""

    def __init__(self, app: Any, parser: Any, task: Any, hosts: Any = None) -> None:
        self.adj = Adjustments(ident=None)
        self.adj.imports = copy(self.adj)
        self.addr, self.creation_time = ("127.0.0.1", 5000), 0
        self.server = SimpleNamespace(
            application=app, adj=self.adj, hosts=hosts, ending=False, effective_port=8000, server_name="localhost"
        )
        self._parser, self._task = parser, task
        self._sent: list[bytes] = []

    def write_soon(self, part: bytes) -> int:
        """Take a part of an answer."""
        self._sent.append(part)
        return len(part)

    def check_client_disconnected(self) -> bool:
        """Nobody leaves."""
        return False

    def ask(self, sent: bytes) -> tuple[int, bytes]:
        """Answer a request; the status and the body."""
        parser = self._parser(self.adj)
        taken = 0
        while not parser.completed:
            taken += parser.received(sent[taken:])
        self._sent.clear()
        self._task(self, parser).service()
        parser.close()
        head, _, body = b"".join(self._sent).partition(b"\r\n\r\n")
        return int(head[9:12]), body


def sandbox(service: MeasuredService) -> Served:
    """The sandbox with a world of a service."""
    from ecf_sandbox.app import create_app
    from ecf_sandbox.scenario.loading import read_scenario
    from ecf_sandbox.services import service_named
    from ecf_sandbox.serving.connection import Hosts, Parser, Task
    from ecf_sandbox.state.world import State, World
    from ecf_sandbox.state.worlds import Worlds

    records = read_scenario(service.scenario(PARTICIPANTS), name="volume", file="volume", seed="bench").records()
    known = service_named(service.name)
    edition = known.editions[service.edition] if service.edition else None
    world = World("main", State(records=records), service=known, edition=edition)
    return Served(create_app(Worlds(world)), Parser, Task, Hosts(()))


def bare(documents: dict[str, Any]) -> Served:
    """Bare Flask, which answers these documents."""
    from tests.bench.bare import make_app

    return Served(make_app(documents), HTTPRequestParser, WSGITask)


def requests(service: MeasuredService, served: Served) -> dict[str, Callable[[int], bytes]]:
    """A request of each kind for every number."""
    people = service.declarable(served.ask, URL, PARTICIPANTS)
    return {
        "show": lambda n: service.show(URL, people, n),
        "list of 100": lambda _: request(URL, service.list_of_100, token=TOKEN),
        "POST a declaration": lambda n: service.declare(URL, people, n),
    }


def count(name: str, served: Served, sent: list[bytes]) -> float:
    """Thousands of instructions for each request, those that warm it up not counted."""
    for it in sent[:_WARM]:
        served.ask(it)
    gc.collect()
    _tell("--instr=on", "--zero")
    statuses = {served.ask(it)[0] for it in sent[_WARM:]}
    _tell(f"--dump={name}", "--instr=off")
    assert statuses == {200}, (name, statuses)
    newest = max(Path().glob(f"callgrind.out.{os.getpid()}.*"), key=lambda it: int(it.name.rpartition(".")[2]))
    totals = next(line for line in newest.read_text().splitlines() if line.startswith(("summary:", "totals:")))
    return int(totals.split()[1]) / len(sent[_WARM:]) / 1000


def _tell(*options: str) -> None:
    for it in options:
        subprocess.run(["callgrind_control", it, str(os.getpid())], capture_output=True, check=True)


def measured(service: MeasuredService) -> Iterator[str]:
    """The rows of the table."""
    ours = sandbox(service)
    make = requests(service, ours)
    documents = {NAMES[kind]: json.loads(ours.ask(make[kind](0))[1]) for kind in COUNTS}
    theirs, body = bare(documents), json.dumps({"data": {"attributes": {"a": "b" * 250}}}).encode()
    asked = {
        "show": request(URL, "/show/1", token=TOKEN),
        "list of 100": request(URL, "/list", token=TOKEN),
        "POST a declaration": request(
            URL, "/record", token=TOKEN, method="POST", body=body, headers="X-Nothing: 2026-07-01"
        ),
    }
    # As `serve` has it.
    gc.freeze()
    gc.set_threshold(10_000)
    for kind, number in COUNTS.items():
        sent = [make[kind](n) for n in range(1, number + _WARM + 1)]
        count(kind, ours, sent[: 2 * _WARM])  # the interpreter has adapted to it then
        floor = count(kind, theirs, [asked[kind]] * len(sent))
        taken = count(kind, ours, sent if kind != "POST a declaration" else [make[kind](n) for n in range(21, 81)])
        yield f"| {service.name}: {kind} | {floor:,.0f} | {taken:,.0f} | {floor / taken:.0%} |"


def main() -> None:
    """Print the table; with the name of a service, its rows, in a process under valgrind."""
    if len(sys.argv) > 1:
        for row in measured({"ecf": ECF, "rect": RECT}[sys.argv[1]]):
            print(row, flush=True)
        return
    print("| thousand instructions | bare Flask | the sandbox | share |\n| --- | --- | --- | --- |", flush=True)
    for service in (ECF, RECT):
        with tempfile.TemporaryDirectory() as folder:
            command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", sys.executable, "-m", __spec__.name]
            environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": os.getcwd()}
            subprocess.run([*command, service.name], cwd=folder, env=environment, check=True)


if __name__ == "__main__":
    main()
