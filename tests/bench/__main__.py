"""`make bench`: the sandbox beside a bare Flask application on the same server, in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.load import Connection, Figures, measure, request
from tests.bench.servers import TOKEN, Server, bare_command, cold_start, sandbox_command, serving

LIST = "/api/v3/participants/ecf?page[per_page]=100"
DECLARATIONS = "/api/v3/participant-declarations"
SIZES = (200, 10_000)
# When each type may be declared on the standard September schedule of 2025, none of which the scenario has declared.
DECLARED = {
    "retained-2": "2026-07-01",
    "retained-3": "2026-12-01",
    "retained-4": "2027-03-01",
    "completed": "2027-07-01",
}
EVIDENCE = {"retained-2": "75-percent-engagement-met", "completed": "75-percent-engagement-met"}


def main() -> None:
    """Measure and print; `--quick` takes a fraction of the time and tells a fraction as much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests: to see that it works")
    count = 200 if parser.parse_args().quick else 2000
    with tempfile.TemporaryDirectory() as folder:
        figures = {size: _sandbox(Path(folder), size, count) for size in SIZES}
        _in_process()
        documents = figures[SIZES[0]].pop("documents")
        figures[SIZES[1]].pop("documents")
        bare = _bare(Path(folder), documents, count)
        _print_throughput(figures, bare)
        _starts(Path(folder), documents)


def _sandbox(folder: Path, size: int, count: int) -> dict[str, Any]:
    print(f"… the sandbox with {size:,} participants", flush=True)
    with serving(sandbox_command(folder, size)) as server:
        ask = Connection(server.url).ask
        people = _people(server, ask, size)
        documents = {
            "show": json.loads(ask(request(server.url, _show(people, 0), token=TOKEN))[1]),
            "list": json.loads(ask(request(server.url, LIST, token=TOKEN))[1]),
            "record": json.loads(ask(_declare(server, people, 0))[1]),
        }
        found = _measured(
            lambda n: request(server.url, _show(people, n), token=TOKEN),
            lambda n: request(server.url, LIST, token=TOKEN),
            lambda n: _declare(server, people, n + 1),
            server,
            count,
            posts=min(count, len(people) * len(DECLARED) // 2 - 1),
        )
        return {**found, "rss": server.memory(), "documents": documents}


def _bare(folder: Path, documents: dict[str, Any], count: int) -> dict[str, Any]:
    print("… bare Flask", flush=True)
    body = json.dumps({"data": {"type": "participant-declaration", "attributes": {"a": "b" * 200}}}).encode()
    with serving(bare_command(folder, documents)) as server:
        found = _measured(
            lambda n: request(server.url, "/show/1", token=TOKEN),
            lambda n: request(server.url, "/list", token=TOKEN),
            lambda n: request(server.url, "/record", token=TOKEN, method="POST", body=body),
            server,
            count,
            posts=count,
        )
        return {**found, "rss": server.memory()}


def _measured(
    show: Callable[[int], bytes],
    page: Callable[[int], bytes],
    post: Callable[[int], bytes],
    server: Server,
    count: int,
    *,
    posts: int,
) -> dict[str, Figures]:
    url = server.url
    measure(url, show, connections=2, count=100)
    measure(url, page, connections=2, count=20)
    return {
        "show, 1 connection": measure(url, show, connections=1, count=count),
        "show, 16 connections": measure(url, show, connections=16, count=count),
        "list of 100, 1 connection": measure(url, page, connections=1, count=count // 4),
        "list of 100, 16 connections": measure(url, page, connections=16, count=count // 4),
        "POST declaration, 1 connection": measure(url, post, connections=1, count=posts),
    }


def _people(server: Server, ask: Callable[[bytes], tuple[int, bytes]], size: int) -> list[str]:
    """The ECTs on the standard September schedule, by pages."""
    found: list[str] = []
    for page in range(1, size // 1000 + 2):
        path = f"/api/v3/participants/ecf?page[per_page]=1000&page[page]={page}"
        listed = json.loads(ask(request(server.url, path, token=TOKEN))[1])["data"]
        found += [it["id"] for it in listed if _declarable(it["attributes"]["ecf_enrolments"][0])]
    return found


def _declarable(enrolment: dict[str, Any]) -> bool:
    kind = enrolment["participant_type"], enrolment["schedule_identifier"]
    return kind == ("ect", "ecf-standard-september")


def _show(people: list[str], n: int) -> str:
    return f"/api/v3/participants/ecf/{people[n * 7919 % len(people)]}"


def _declare(server: Server, people: list[str], n: int) -> bytes:
    type = list(DECLARED)[n // len(people) % len(DECLARED)]
    attributes = {
        "participant_id": people[n % len(people)],
        "declaration_type": type,
        "declaration_date": f"{DECLARED[type]}T10:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": EVIDENCE.get(type, "other"),
    }
    body = json.dumps({"data": {"type": "participant-declaration", "attributes": attributes}}).encode()
    moment = f"X-With-Server-Date: {DECLARED[type]}T12:00:00Z"
    return request(server.url, DECLARATIONS, token=TOKEN, method="POST", body=body, headers=moment)


def _in_process() -> None:
    """Reset, fork, snapshot and restore with 10,000 participants."""
    from sandbox.scenario.loading import read_scenario
    from sandbox.world import State, World
    from tests.bench.servers import SCENARIO

    text = SCENARIO.format(token=TOKEN, participants=SIZES[1])
    scenario = read_scenario(text, name="volume", file="volume", seed="bench")
    world = World("main", State(records=scenario.records()))
    state = world.snapshot()
    print("\n| in process, 10,000 participants | ms |\n| --- | --- |")
    for name, act in {
        "reset": world.reset,
        "fork": lambda: world.fork("other"),
        "snapshot": world.snapshot,
        "restore": lambda: world.restore(state),
    }.items():
        rounds = []
        for _ in range(200):
            started = time.perf_counter()
            act()
            rounds.append(time.perf_counter() - started)
        print(f"| {name} | {statistics.median(rounds) * 1000:.4f} |")


def _print_throughput(figures: dict[int, dict[str, Any]], bare: dict[str, Any]) -> None:
    small, large = SIZES
    print("\n| requests | bare Flask, 1/s (p50, p99 ms) | 200 | share | 10,000 | share | 10,000 against 200, p50 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, floor in bare.items():
        if name == "rss":
            continue
        one, other = figures[small][name], figures[large][name]
        print(
            f"| {name} | {_cell(floor)} | {_cell(one)} | {one.per_second / floor.per_second:.0%} |"
            f" {_cell(other)} | {other.per_second / floor.per_second:.0%} | {other.p50 / one.p50:.2f} × |"
        )
    print(
        f"\nResident memory, MB: bare Flask {bare['rss']:.0f}, 200 participants {figures[small]['rss']:.0f},"
        f" 10,000 participants {figures[large]['rss']:.0f}"
    )


def _cell(it: Figures) -> str:
    return f"{it.per_second:,.0f} ({it.p50:.2f}, {it.p99:.2f})"


def _starts(folder: Path, documents: dict[str, Any]) -> None:
    """Cold starts, taken in turns so that both meet the same machine."""
    sandbox, bare = [], []
    for _ in range(9):
        sandbox.append(cold_start(sandbox_command(folder, None), "/api/v3/participants/ecf?page[per_page]=1"))
        bare.append(cold_start(bare_command(folder, documents), "/show/1"))
    ours, floor = statistics.median(sandbox), statistics.median(bare)
    print("\n| start to first answer | median ms | fastest ms |\n| --- | --- | --- |")
    print(f"| the sandbox, default scenario | {ours:.0f} | {min(sandbox):.0f} |")
    print(f"| bare Flask | {floor:.0f} | {min(bare):.0f} |")
    print(f"\nThe sandbox starts in {ours / floor:.2f} × the time of bare Flask.")


if __name__ == "__main__":
    main()
