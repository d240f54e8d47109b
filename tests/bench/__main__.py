"""`make bench`: the sandbox beside a bare Flask application on the same server, in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from ecf_sandbox.scenario.loading import read_scenario
from ecf_sandbox.services import service_named
from ecf_sandbox.state.world import State, World
from tests.bench.load import Connection, Figures, measure, request
from tests.bench.servers import (
    Server,
    bare_command,
    bytecode_of_the_checkout,
    cold_start,
    sandbox_command,
    serving,
)
from tests.bench.services import ECF, RECT, TOKEN, MeasuredService
from tests.bench.suites import measure_suites

SIZES = (200, 10_000)
# Kind of request, connections at once, requests in a burst.
Burst = tuple[str, int, int]
BURSTS: tuple[Burst, ...] = (
    ("show", 1, 200),
    ("show", 16, 200),
    ("list of 100", 1, 60),
    ("list of 100", 16, 60),
    ("POST a declaration", 1, 30),
    ("fork a world", 1, 60),
    ("reset", 1, 60),
    ("take a snapshot", 1, 60),
    ("restore it", 1, 60),
)
CONTROL = {
    "fork a world": ("POST", "/fork"),
    "reset": ("POST", "/reset"),
    "take a snapshot": ("PUT", "/snapshots/fresh"),
    "restore it": ("POST", "/snapshots/fresh/restore"),
}
# What is asked of the second service too: its shares are to be no less.
PROVIDER_API = BURSTS[:5]


def main() -> None:
    """Measure and print; `--quick` takes a fraction of the time and tells a fraction as much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: to see that it works")
    parser.add_argument("--suites", action="store_true", help="test-suites only: a world for each of 500 tests")
    parser.add_argument("--requests", action="store_true", help="requests only")
    parser.add_argument("--starts", action="store_true", help="starts only")
    told = parser.parse_args()
    rounds = 3 if told.quick else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if told.starts:
            _starts(folder, {"show": {}, "list": {}, "record": {}}, max(rounds, 5))
            return
        if not told.requests:
            _say("running test-suites: worlds of the pytest plugin, and bare Flask")
            measure_suites(folder, max(rounds // 3, 2))
        if told.suites:
            return
        documents = _measure(ECF, folder, BURSTS, rounds)
        _measure(RECT, folder, PROVIDER_API, rounds)
        if told.requests:
            return
        _say("starting both from cold")
        _starts(folder, documents, max(rounds, 5))
    _in_process()


def _measure(service: MeasuredService, folder: Path, bursts: Sequence[Burst], rounds: int) -> dict[str, Any]:
    """Requests to one service with few and with many participants, beside bare Flask; the documents of its answers."""
    _say(f"starting the sandbox ({service.name}) with 200 and with 10,000 participants, and bare Flask")
    with ExitStack() as servers:
        ours = [servers.enter_context(serving(sandbox_command(folder, size, service))) for size in SIZES]
        subjects = [Subject.of(server, size, service) for server, size in zip(ours, SIZES, strict=True)]
        documents = subjects[0].documents()
        floor = Subject.bare(servers.enter_context(serving(bare_command(folder, documents))))
        _throughput(service, floor, subjects, bursts, rounds)
    return documents


class Subject:
    """A server that is measured, with a request of each kind for every number."""

    def __init__(self, server: Server, make: dict[str, Callable[[int], bytes]]) -> None:
        self.server, self.make = server, make
        self.sent = dict.fromkeys(make, 0)

    @classmethod
    def of(cls, server: Server, size: int, service: MeasuredService = ECF) -> Subject:
        """The sandbox with so many participants of a service."""
        url = server.url
        people = service.declarable(Connection(url).ask, url, size)
        return cls(
            server,
            {
                "show": lambda n: service.show(url, people, n),
                "list of 100": lambda n: request(url, service.list_of_100, token=TOKEN),
                "POST a declaration": lambda n: service.declare(url, people, n),
                **{name: partial(_control, server, *act) for name, act in CONTROL.items()},
            },
        )

    @classmethod
    def bare(cls, server: Server) -> Subject:
        """Bare Flask, with a body of the same length to read."""
        body = json.dumps({"data": {"type": "participant-declaration", "attributes": {"a": "b" * 200}}}).encode()
        return cls(
            server,
            {
                "show": lambda n: request(server.url, "/show/1", token=TOKEN),
                "list of 100": lambda n: request(server.url, "/list", token=TOKEN),
                "POST a declaration": lambda n: request(
                    server.url, "/record", token=TOKEN, method="POST", body=body, headers="X-Nothing: 2026-07-01"
                ),
                **{name: lambda n: request(server.url, "/show/1", token=TOKEN) for name in CONTROL},
            },
        )

    def documents(self) -> dict[str, Any]:
        """One answer of each kind, for the floor to give as well."""
        ask = Connection(self.server.url).ask
        names = {"show": "show", "list of 100": "list", "POST a declaration": "record"}
        found = {short: json.loads(ask(self.make[name](0))[1]) for name, short in names.items()}
        self.sent["POST a declaration"] = 1
        return found

    def burst(self, name: str, connections: int, count: int) -> Figures:
        """Some requests of a kind, each with a number of its own."""
        start = self.sent[name]
        self.sent[name] += count
        return measure(self.server.url, lambda n: self.make[name](start + n), connections=connections, count=count)


def _throughput(
    service: MeasuredService, floor: Subject, subjects: list[Subject], bursts: Sequence[Burst], rounds: int
) -> None:
    """Short bursts in turn, so that all meet the same machine; the share is the median of the rounds' shares."""
    heads = ("bare Flask, 1/s (p50, p99 ms)", "200", "share", "10,000", "share", "10,000 against 200, p50")
    print(f"\n| requests ({service.name}) | {' | '.join(heads)} |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, connections, count in bursts:
        taken: list[list[Figures]] = []
        for _ in range(rounds):
            taken.append([it.burst(name, connections, count) for it in (floor, *subjects)])
        base, small, large = ([row[n] for row in taken] for n in range(3))
        cells = [
            f"{name}, {connections} connection{'s' if connections > 1 else ''}",
            _cell(base),
            *(cell for ours in (small, large) for cell in (_cell(ours), f"{_share(ours, base):.0%}")),
            f"{statistics.median(b.p50 / a.p50 for a, b in zip(small, large, strict=True)):.2f} ×",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
    memory = [it.server.memory() for it in (floor, *subjects)]
    print(f"\nResident memory, MB: bare Flask {memory[0]:.0f}, 200 {memory[1]:.0f}, 10,000 {memory[2]:.0f}")


def _share(ours: list[Figures], base: list[Figures]) -> float:
    return statistics.median(a.per_second / b.per_second for a, b in zip(ours, base, strict=True))


def _say(text: str) -> None:
    print(f"… {text}", flush=True)


def _control(server: Server, method: str, act: str, n: int) -> bytes:
    body = json.dumps({"name": f"fork-{n}"}).encode() if act == "/fork" else b""
    return request(server.url, f"/_sandbox/worlds/main{act}", method=method, body=body)


def _in_process() -> None:
    """Reset, fork, snapshot and restore with 10,000 participants."""
    text = ECF.scenario(SIZES[1])
    scenario = read_scenario(text, name="volume", file="volume", seed="bench")
    world = World("main", State(records=scenario.records()), service=service_named(ECF.name))
    state = world.snapshot()
    print("\n| in process, 10,000 participants | ms |\n| --- | --- |")
    for name, act in {
        "reset": world.reset,
        "fork": lambda: world.fork("other"),
        "snapshot": world.snapshot,
        "restore": lambda: world.restore(state),
    }.items():
        took = []
        for _ in range(200):
            started = time.perf_counter()
            act()
            took.append(time.perf_counter() - started)
        print(f"| {name} | {statistics.median(took) * 1000:.4f} |")


def _cell(figures: list[Figures]) -> str:
    middle = [
        statistics.median(values) for values in zip(*((it.per_second, it.p50, it.p99) for it in figures), strict=True)
    ]
    return f"{middle[0]:,.0f} ({middle[1]:.2f}, {middle[2]:.2f})"


def _starts(folder: Path, documents: dict[str, Any], rounds: int) -> None:
    """Cold starts, taken in turns so that both meet the same machine."""
    kept, empty = str(folder / "bytecode"), str(folder / "no-bytecode")
    ways = {
        "bytecode is kept": {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": kept},
        f"none may be written, {bytecode_of_the_checkout()} modules of the sandbox have some": {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPYCACHEPREFIX": "",
        },
        "there is none, of anything": {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": empty},
    }
    ours, bare = sandbox_command(), bare_command(folder, documents)
    print("\n| start to first answer | the sandbox, ms (fastest) | bare Flask, ms (fastest) | share |")
    print("| --- | --- | --- | --- |")
    for name, environment in ways.items():
        taken = []
        for _ in range(rounds + 1):
            took = cold_start(ours, "/api/v3/participants/ecf?page[per_page]=1", **environment)
            taken.append((took, cold_start(bare, "/show/1", **environment)))
        taken = taken[1:]  # the first has written the bytecode
        cells = [f"{statistics.median(them):.0f} ({min(them):.0f})" for them in zip(*taken, strict=True)]
        print(f"| {name} | {' | '.join(cells)} | {statistics.median(a / b for a, b in taken):.2f} × |", flush=True)


if __name__ == "__main__":
    main()
