"""`make bench-peers`: the sandbox and its peers in one run, in turns, as one table of medians, ranges and ratios."""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench.load import Figures
from tests.bench.peers.known import peers
from tests.bench.peers.peer import KINDS, Peer, Running, running
from tests.bench.peers.wire import measure

CONNECTIONS = (1, 16)
# Requests in a burst. So few are created because there are only so many declarations to make of 200 participants.
BURST = {"show": 200, "list of 100": 40, "create": 10, "reset": 10}
Series = list[float]


def main() -> int:
    """Install what is missing, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    parser.add_argument("--starts", type=int, default=7, help="starts of each (7)")
    parser.add_argument("--rounds", type=int, default=15, help="bursts of each kind (15)")
    parser.add_argument("--quick", action="store_true", help="1 start and 1 round, to see that it works")
    parser.add_argument("--peer", action="append", default=[], help="only this one beside the sandbox; repeatable")
    options = parser.parse_args()
    starts, rounds = (1, 1) if options.quick else (options.starts, options.rounds)
    with tempfile.TemporaryDirectory() as name:
        found, missing = [], []
        for it in peers(Path(name), tuple(options.peer)):
            if isinstance(it, Peer):
                found.append(it)
                _say(f"{it.name} {it.version}")
            else:
                missing.append(it)
                _say(f"without {it[0]}: {it[1]}")
        took, failed = _starts(found, starts)
        found = [it for it in found if it.name not in failed]
        figures, memory = _bursts(found, rounds, failed)
    print(_table([it for it in found if it.name not in failed], took, memory, figures, starts, rounds))
    for name, why in [*missing, *failed.items()]:
        print(f"\nNot measured: {name}: {why}")
    return 1 if failed else 0


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def _starts(found: Sequence[Peer], starts: int) -> tuple[dict[str, Series], dict[str, str]]:
    """Milliseconds to the first answer, of all in turn."""
    took: dict[str, Series] = {it.name: [] for it in found}
    failed: dict[str, str] = {}
    for n in range(starts):
        _say(f"start {n + 1} of {starts}")
        for it in found:
            if it.name not in failed:
                try:
                    with running(it, as_usual=True) as server:
                        took[it.name].append(server.took * 1000)
                except (OSError, AssertionError) as error:
                    failed[it.name] = str(error)
    return took, failed


def _bursts(
    found: Sequence[Peer], rounds: int, failed: dict[str, str]
) -> tuple[dict[tuple[str, str, int], list[Figures]], dict[str, Series]]:
    """Short bursts, of all in turn, so that all meet the same machine; and memory after the start and in the end."""
    figures: dict[tuple[str, str, int], list[Figures]] = {}
    memory: dict[str, Series] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(running(it)) for it in found]
        for it in servers:
            memory[it.peer.name] = [it.memory()]
            _try(it, it.fill, failed)
        for kind in KINDS:
            for connections in CONNECTIONS:
                _say(f"{kind}, {connections} at once")
                for _ in range(rounds):
                    for it in servers:
                        if it.peer.name not in failed and kind in it.make:
                            _try(it, partial(_burst, it, kind, connections, figures), failed)
        for it in servers:
            memory[it.peer.name].append(it.memory())
    return figures, memory


def _burst(it: Running, kind: str, connections: int, figures: dict[tuple[str, str, int], list[Figures]]) -> None:
    start, count = it.sent[kind], BURST[kind] if connections == 1 else 2 * BURST[kind]
    it.sent[kind] += count
    make = it.make[kind]
    measured = measure(it.url, lambda n: make(start + n), connections=connections, count=count)
    figures.setdefault((it.peer.name, kind, connections), []).append(measured)


def _try(it: Running, act: Callable[[], None], failed: dict[str, str]) -> None:
    try:
        act()
    except (OSError, AssertionError, ValueError, KeyError) as error:
        failed[it.peer.name] = f"{type(error).__name__}: {error}"


def _table(
    found: Sequence[Peer],
    took: dict[str, Series],
    memory: dict[str, Series],
    figures: dict[tuple[str, str, int], list[Figures]],
    starts: int,
    rounds: int,
) -> str:
    names = [it.name for it in found]
    ours = names[0]
    rows = [["", *(f"{it.name} {it.version}" for it in found)]]
    rows.append(["---"] * (len(found) + 1))
    rows.append(["asked for", *(it.about for it in found)])
    rows.append(["start to first answer, ms", *(_cell(took[it], took[ours], lower=True) for it in names)])
    for place, when in enumerate(("after the start", "in the end")):
        rows.append([f"resident MB {when}", *(_one(memory[it][place], memory[ours][place]) for it in names)])
    for kind in KINDS:
        for connections in CONNECTIONS:
            base = figures.get((ours, kind, connections), [])
            cells = [_figures(figures.get((it, kind, connections), []), base) for it in names]
            rows.append([f"{kind}, {connections} at once, requests/s", *(cell[0] for cell in cells)])
            rows.append([f"{kind}, {connections} at once, p50 / p99 ms", *(cell[1] for cell in cells)])
    about = (
        f"Medians of {starts} starts and {rounds} bursts, with the least and most in brackets; × is how many times the "
        f"sandbox's own.\n{platform.platform()}, Python {platform.python_version()}\n"
    )
    return "\n".join([about, *(f"| {' | '.join(row)} |" for row in rows)])


def _cell(series: Series, base: Series, *, lower: bool) -> str:
    middle = statistics.median(series)
    shown = f"{middle:,.0f} ({min(series):,.0f} – {max(series):,.0f})"
    return f"{shown}, {middle / statistics.median(base):.2f} ×" if lower or base else shown


def _one(value: float, base: float) -> str:
    return f"{value:.0f}, {value / base:.2f} ×"


def _figures(series: list[Figures], base: list[Figures]) -> tuple[str, str]:
    if not series or not base:
        return "–", "–"
    speed = _cell([it.per_second for it in series], [it.per_second for it in base], lower=False)
    p50, p99 = (statistics.median(values) for values in zip(*((it.p50, it.p99) for it in series), strict=True))
    return speed, f"{p50:.2f} / {p99:.2f}"


if __name__ == "__main__":
    sys.exit(main())
