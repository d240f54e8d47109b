"""Several processes draw at once, each with a seed of its own: first by coverage, then from what that has kept."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.fuzz import guided

# With instruments a request takes some four times as long. What this share finds is drawn from afterwards.
GUIDED = 0.1


def in_jobs(requests: int, seed: int, jobs: int, folder: Path, *, plain: bool) -> Any:
    """What all of them found: first those that are guided, then those that draw from what these have kept."""
    from tests.fuzz.campaign import Found

    found, kept = Found(), [folder / f"corpus-{n}" for n in range(jobs)]
    for it in kept:
        it.mkdir()
    if not plain and guided.there():
        share = int(requests * GUIDED)
        print(f"{share:,} requests guided by coverage (atheris)", flush=True)
        _add(found, _guided, [(seed + n, part, kept[n]) for n, part in enumerate(_parts(share, jobs))], folder)
    left = requests - found.requests
    print(f"{left:,} requests guided by answers", flush=True)
    _add(found, _plain, [(seed + jobs + n, part, kept[n]) for n, part in enumerate(_parts(left, jobs))], folder)
    return found


def _parts(whole: int, jobs: int) -> list[int]:
    return [whole // jobs + (n < whole % jobs) for n in range(jobs)]


def _add(found: Any, job: Callable[..., None], each: list[tuple[int, int, Path]], folder: Path) -> None:
    """Start a process for each, and add what it found."""
    spawn = get_context("spawn")  # what one has instrumented, no other has
    files = [folder / f"{job.__name__}-{n}" for n in range(len(each))]
    running = [spawn.Process(target=job, args=(*it, file), daemon=True) for it, file in zip(each, files, strict=True)]
    for process in running:
        process.start()
    for process, file in zip(running, files, strict=True):
        process.join()
        if file.exists():
            found.add(pickle.loads(file.read_bytes()))
        else:
            print(f"a process ended with {process.exitcode} before it had told what it found", flush=True)


def _guided(seed: int, requests: int, kept: Path, file: Path) -> None:
    def end(found: Any) -> None:
        file.write_bytes(pickle.dumps(found))
        sys.stdout.flush()
        os._exit(0)  # the fuzzer would go on

    guided.guided(requests, seed, kept, _Progress(seed), end)


def _plain(seed: int, requests: int, kept: Path, file: Path) -> None:
    from tests.fuzz.campaign import campaign

    found = campaign(requests, seed, progress=_Progress(seed), grown=guided.grown(kept))
    file.write_bytes(pickle.dumps(found))


class _Progress:
    """Prints a line for each ten thousand requests of one process, and each failure when it is found."""

    def __init__(self, seed: int) -> None:
        self.seed, self.told = seed, 0
        self.failures: set[str] = set()

    def __call__(self, found: Any) -> None:
        """Print, if there is something."""
        for kind in found.failures.keys() - self.failures:
            self.failures.add(kind)
            print(found.failure(kind), flush=True)
        if found.requests // 10_000 > self.told:
            self.told = found.requests // 10_000
            told = f"{found.requests:,} requests, {len(found.failures)} kinds of failure, {len(found.slow)} slow"
            print(f"… seed {self.seed}: {told}", flush=True)
