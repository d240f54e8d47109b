"""The threads of a server: those that answer, and the one that reads what comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import TYPE_CHECKING, Any

from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]  # waitress has no types

from ecf_sandbox.serving.leader import Leader
from ecf_sandbox.state.waiting import works_for

if TYPE_CHECKING:
    from ecf_sandbox.serving.connection import Channel

# How long an answer in the making may hold up the end.
PATIENCE = 0.05


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Has a number of threads that work, beside those that wait (`waiting.py`).

    There are at most as many of these as connections. When the process ends, answers in the making are not waited for.
    """

    logger = logging.getLogger("ecf_sandbox.serving.server.threads")
    leader: Leader

    def __init__(self) -> None:
        super().__init__()
        self._counting = Lock()
        self._working = self._aside = 0
        self._is_woken = False  # a thread, which has not begun yet

    def set_thread_count(self, count: int) -> None:
        """Let so many work; none, when it ends."""
        with self._counting:
            self._working = count
            self._set()

    def step_aside(self) -> None:
        """The thread that calls it waits: another is started."""
        self.leader.resign()
        with self._counting:
            self._aside += 1
            self._set()

    def step_back(self) -> None:
        """It works again: the next that has nothing to do ends."""
        with self._counting:
            self._aside -= 1
            self._set()

    def add_task(self, task: Channel) -> None:
        """Have a thread answer what a connection asks, unless one attends to it.

        One thread is woken for all that comes until it begins: it may lead, and answer all of them.
        """
        if task.is_attended or self.leader.offer(task):
            return
        with self.lock:
            self.queue.append(task)
            self._wake_one()

    def lead(self, channel: Channel) -> bool:
        """Answer a connection and others, if nobody else leads and others have a thread meanwhile; whether it did."""
        with self.lock:
            self._is_woken = False
        if self._working > 1 and self.leader.lead(channel):
            return True
        with self.lock:
            self._wake_one()
        return False

    def take_waiting(self) -> list[Channel]:
        """The connections that wait for a thread, which they do no longer."""
        with self.lock:
            waiting = list(self.queue)
            self.queue.clear()
            self._is_woken = False  # whoever was finds nothing to begin with
        return waiting

    def handler_thread(self, thread_no: int) -> None:
        """Work until the end."""
        works_for(self)
        super().handler_thread(thread_no)

    def start_new_thread(self, target: Any, thread_no: int) -> None:
        """Start one more; where the system gives none, there is one less."""
        try:
            super().start_new_thread(target, thread_no)
        except RuntimeError:
            self.threads.discard(thread_no)
            self.active_count -= 1  # which the caller adds

    def shutdown(self, cancel_pending: bool = True, timeout: float = PATIENCE) -> bool:
        """End; what waits is not waited for."""
        self.logger.disabled = True
        return bool(super().shutdown(cancel_pending, timeout))

    def _wake_one(self) -> None:
        if self.queue and not self._is_woken:
            self._is_woken = True
            self.queue_cv.notify()

    def _set(self) -> None:
        super().set_thread_count(self._working + self._aside if self._working else 0)


class Wake:
    """Wakes the server's own thread, which reads from connections, and writes what they did not take at once.

    waitress does so when something is left to write, and after each answer. After an answer it is not done here: a
    thread may stay with the connection, and does it when it leaves. Two threads awake for one client are in each
    other's way: of a hundred answers two came some milliseconds later.
    """

    def __init__(self, pull_trigger: Callable[[], None]) -> None:
        self._pull_trigger = pull_trigger
        self._here = local()

    def __call__(self) -> None:
        if getattr(self._here, "is_needed", _always)():
            self._pull_trigger()

    @contextmanager
    def while_answering(self, channel: Channel) -> Iterator[None]:
        """Wake it for the request that this thread answers, but not when it is answered."""
        request = channel.requests[0]
        self._here.is_needed = lambda: request in channel.requests
        try:
            yield
        finally:
            del self._here.is_needed


def _always() -> bool:
    return True
