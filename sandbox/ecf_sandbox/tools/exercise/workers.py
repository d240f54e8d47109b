"""Side by side: the histories of a run in blocks, each block drawn by one of several processes, and what came of them.

A block has the histories that follow from the seed and its number, so that the same are drawn by however many
processes. A worker is told what to do in lines of JSON, and answers in such; when nobody is there to tell it any
more, it ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic
from typing import Any

BLOCK = 25  # histories
_PATIENCE = 2.0  # seconds in which a worker ends its client and itself
_LOOK = 0.1  # seconds between two looks at the clock
Json = dict[str, Any]


class WorkerFailed(Exception):
    """A worker could not do what it was told. Says why."""


@dataclass(frozen=True)
class Block:
    """Histories that one worker draws, one after the other."""

    number: int
    histories: int


def blocks_of(histories: int) -> list[Block]:
    """So many histories in blocks, the last of which may be smaller."""
    return [
        Block(number, min(BLOCK, histories - first)) for number, first in enumerate(range(0, histories, BLOCK), start=1)
    ]


@dataclass
class Tally:
    """What has been done so far."""

    histories: int = 0
    runs: int = 0
    client_seconds: float = 0.0
    seconds: float = 0.0
    shrinking: int = 0  # shorter histories that were tried after the first that failed

    def add(self, told: Json) -> None:
        """Count one history."""
        if told["shrinking"]:
            self.shrinking += 1
        else:
            self.histories += 1
        self.runs += told["runs"]
        self.client_seconds += told["client_seconds"]


@dataclass
class _Worker:
    process: subprocess.Popen[str]
    doing: int | None = None  # the number of its block

    def tell(self, what: Json) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # it has ended, and what it said last says why
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()


@dataclass
class Workers:
    """Processes that play histories; for a block, at whose end none of them is left, nor a client of theirs."""

    settings: Json
    jobs: int
    said: Queue[tuple[_Worker, Json | None]] = field(default_factory=Queue)
    _workers: list[_Worker] = field(default_factory=list)

    def __enter__(self) -> Workers:
        self._folder = TemporaryDirectory(prefix="ecf-sandbox-exercise-")
        for _ in range(self.jobs):
            self._workers.append(self._started())
        return self

    def __exit__(self, *_raised: object) -> None:
        self.end(self._workers)
        self._folder.cleanup()

    def one(self, task: Json, heard: Callable[[Json], None] = lambda _: None, *, until: float | None = None) -> Json:
        """Let the first worker do one thing, and answer what it says in the end; raises WorkerFailed, TimeoutError."""
        worker = self._workers[0]
        worker.tell(task)
        while True:
            for _, told in self._heard(until):
                if "played" in told:
                    heard(told["played"])
                elif "done" in told:
                    done: Json = told["done"]
                    return done
            if until is not None and monotonic() > until:
                raise TimeoutError

    def explore(self, blocks: Sequence[Block], heard: Callable[[Json], None], *, seconds: float | None) -> Json | None:
        """Play the histories of all blocks; the failure of the first block that has one. Raises WorkerFailed.

        After so many seconds no history is begun any more, but one that failed is still made shorter.
        """
        waiting, doing, until = list(blocks), 0, None if seconds is None else monotonic() + seconds
        found: dict[int, Json] = {}
        for worker in self._workers:
            doing += self._next(worker, waiting, until)
        while doing:
            for worker, told in self._heard(None):
                if "played" in told:
                    heard(told["played"])
                elif "done" in told:
                    doing -= 1
                    number, worker.doing = worker.doing, None
                    if told["done"]["failure"] is not None and number is not None:
                        found[number] = told["done"]["failure"]
                        # What comes before it is still waited for, so that equal seeds find the same.
                        waiting = [it for it in waiting if it.number < min(found)]
                        later = [it for it in self._workers if it.doing is not None and it.doing > min(found)]
                        doing -= len(later)
                        self.end(later)
                    doing += self._next(worker, waiting, until)
        return found[min(found)] if found else None

    def end(self, workers: list[_Worker]) -> None:
        """End workers, each with the client that it runs."""
        ending = list(workers)
        self._workers = [it for it in self._workers if it not in ending]
        for it in ending:
            with suppress(OSError):
                it.process.terminate()
        for it in ending:
            try:
                it.process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                it.process.kill()
                it.process.wait()
            for stream in (it.process.stdin, it.process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()

    def _next(self, worker: _Worker, waiting: list[Block], until: float | None) -> int:
        left = None if until is None else until - monotonic()
        if not waiting or worker not in self._workers or (left is not None and left <= 0):
            return 0
        block = waiting.pop(0)
        worker.doing = block.number
        worker.tell({"explore": {"block": block.number, "histories": block.histories, "seconds": left}})
        return 1

    def _heard(self, until: float | None) -> Iterator[tuple[_Worker, Json]]:
        """What was said meanwhile; waits a little, so that whoever asks can look at the clock."""
        with suppress(Empty):
            worker, told = self.said.get(timeout=_LOOK if until is None else max(0.0, min(_LOOK, until - monotonic())))
            if worker not in self._workers:
                return
            if told is None:
                raise WorkerFailed(f"a process that plays histories ended with {worker.process.wait()}")
            if "failed" in told:
                raise WorkerFailed(told["failed"])
            yield worker, told

    def _started(self) -> _Worker:
        process = subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox.tools.exercise.worker", self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for whoever started this; it ends the workers
        )
        worker = _Worker(process)
        worker.tell(self.settings)
        Thread(target=self._listen, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None
        with suppress(ValueError, OSError):  # closed meanwhile
            for line in worker.process.stdout:
                self.said.put((worker, json.loads(line)))
        self.said.put((worker, None))
