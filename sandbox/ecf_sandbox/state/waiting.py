"""Waiting, where a thread that answers requests says so: another then works in its place until it goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, Semaphore, local
from typing import Protocol

# So long a thread waits for a lock as a worker: most are free again sooner than another thread is started.
MOMENT = 0.005
# How much of one kind that takes long is done at once. More would not be faster, for Python runs one thread at a time,
# and leave less of the processor to the provider API; with one, what is short waits for what is long.
AT_ONCE = 2


class Workers(Protocol):
    """The threads of a server, of which a fixed number works at any time."""

    def step_aside(self) -> None:
        """The thread that calls it works no longer, so that another may."""

    def step_back(self) -> None:
        """It works again, so that another may end."""


_thread = local()


def works_for(workers: Workers) -> None:
    """From now on this thread is one of these."""
    _thread.workers = workers


@contextmanager
def waiting() -> Iterator[None]:
    """For a block in which this thread waits, or takes long over what others need not wait for."""
    workers: Workers | None = getattr(_thread, "workers", None)
    if workers is None:  # of no server, or aside already
        yield
        return
    _thread.workers = None
    workers.step_aside()
    try:
        yield
    finally:
        workers.step_back()
        _thread.workers = workers


def sleep(seconds: float) -> None:
    """Wait so long."""
    with waiting():
        time.sleep(seconds)


class TurnLock:
    """A lock that its holder may take again; whoever waits for it for more than a moment steps aside."""

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=MOMENT):
            with waiting():
                self._lock.acquire()

    def __exit__(self, *_raised: object) -> None:
        self._lock.release()


class Slots:
    """Room for so many at once of what takes long. Whoever is in it, or waits for it, has stepped aside."""

    def __init__(self, count: int) -> None:
        self._free = Semaphore(count)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Have one of them for a block, as soon as one is free."""
        with waiting(), self._free:
            yield
