"""One thread at a time answers all connections that ask again and again, as long as each answer is quick.

To have one thread read a request and wake another that answers it takes as long as showing a participant does, and
Python's threads run one at a time anyway. So a thread that has answered goes on with its connection, and with all that
others ask meanwhile. What takes longer than a moment, or waits, must not hold up the rest: then the connections are
given back, and answered by any thread (`Leader.look_after`, `Leader.resign`).
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, get_ident
from time import monotonic
from typing import TYPE_CHECKING, Any

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress has no types

if TYPE_CHECKING:
    from ecf_sandbox.serving.connection import Channel

# So long the leader waits for a next request: most clients that have one send it by then.
STAY_SECONDS = 0.002
# So long it keeps a connection on which nothing is asked, while others have it busy.
REST_SECONDS = 0.05
# An answer that takes longer is not quick: nobody else waits for it.
QUICK_SECONDS = 0.003


class Leader:
    """The connections of the thread that leads, if one does.

    `take_waiting` takes those that wait for a thread: whoever begins to lead answers them, too. `wake` wakes the
    server's own thread.
    """

    def __init__(self, take_waiting: Callable[[], Sequence[Channel]], wake: Callable[[], None]) -> None:
        self._take_waiting = take_waiting
        self._wake = wake
        self._lock = Lock()
        self._thread: int | None = None
        self._since: float | None = None  # when it began to read or answer; None while it waits for what comes
        self._ready: deque[Channel] = deque()  # those that have asked
        self._resting: dict[Channel, float] = {}  # the others, and when each was answered
        self._round = 0  # so many of those are answered before it looks who else has asked
        self._is_over = False

    @property
    def has_others(self) -> bool:
        """Whether somebody may have to wait while it answers somebody else, so that it must be looked after."""
        return len(self._ready) + len(self._resting) + (self._since is not None) > 1

    def offer(self, channel: Channel) -> bool:
        """Have it answer a connection that has asked: if it is at work, and quick. Whether it does."""
        with self._lock:
            if self._since is None or self._is_slow():
                return False
            channel.is_attended = True
            self._ready.append(channel)
            return True

    def look_after(self) -> None:
        """Give everything back but what it answers, if that is not quick."""
        if self._is_slow():
            self._end()

    def resign(self) -> None:
        """The thread that calls it leads no longer, if it did."""
        if self._thread == get_ident():
            self._end()

    def end(self) -> None:
        """Nobody leads any more: the server ends."""
        self._is_over = True
        self._end()

    def lead(self, channel: Channel) -> bool:
        """Answer what was asked on this connection, and all that comes on it and on others, until nothing does.

        It ends as well when it is told to, and does nothing where another thread leads. Whether it did.
        """
        with self._lock:
            if self._thread is not None or self._is_over:
                return False
            self._thread = get_ident()
            self._since = monotonic()
            others = self._take_waiting()
            for it in others:
                it.is_attended = True
            self._ready.extend([channel, *others])
        if others:
            self._wake()
        try:
            while (following := self._next()) is not None:
                answered = False
                try:
                    answered = following.answer_next()
                finally:
                    self._put_back(following, answered=answered)
        finally:
            self.resign()
        return True

    def _is_slow(self) -> bool:
        since = self._since  # which another thread may change
        return since is not None and monotonic() - since > QUICK_SECONDS

    def _next(self) -> Channel | None:
        """What is to be answered next, as soon as there is something; None when this thread leads no longer."""
        while True:
            with self._lock:
                if self._thread != get_ident():
                    return None
                if self._ready and self._round:
                    self._round -= 1
                    self._since = monotonic()
                    return self._ready.popleft()
                waits = not self._ready
                self._since = None if waits else monotonic()
                resting = list(self._resting)
            asking = asking_soon(resting, STAY_SECONDS if waits else 0)
            if waits and not asking:
                self._end()
                return None
            self._take(asking)

    def _take(self, asking: list[Channel]) -> None:
        late = []
        with self._lock:
            for it in asking:
                if self._resting.pop(it, None) is not None:
                    self._ready.append(it)
            until = monotonic() - REST_SECONDS
            for it, since in self._resting.items():
                if since > until:
                    break
                late.append(it)
            for it in late:
                del self._resting[it]
            self._round = len(self._ready)
        for it in late:
            it.give_back()

    def _put_back(self, channel: Channel, *, answered: bool) -> None:
        more = bool(channel.requests)
        with self._lock:
            if self._thread == get_ident() and answered and (more or channel.can_be_read):
                if more:
                    self._ready.append(channel)
                else:
                    self._resting[channel] = monotonic()
                return
        channel.give_back()

    def _end(self) -> None:
        with self._lock:
            given = [*self._ready, *self._resting]
            self._ready.clear()
            self._resting.clear()
            self._thread = self._since = None
        for it in given:
            it.give_back()


def turn(server: Any) -> None:
    """One turn of the server's own thread, which reads and writes what there is, and looks after the leader."""
    leader = server.leader
    leader.look_after()
    timeout = QUICK_SECONDS if leader.has_others else 1
    wasyncore.loop(timeout=timeout, use_poll=True, map=server._map, count=1)


def asking_soon(channels: list[Channel], seconds: float) -> list[Channel]:
    """Those of these connections on which something comes within so many seconds."""
    by_number = {}
    for it in channels:
        with suppress(OSError, ValueError):  # it has been closed
            if (number := it.socket.fileno()) >= 0:
                by_number[number] = it
    if not by_number:
        return []
    if not hasattr(select, "poll"):  # as on Windows, where there are no numbers that are too large for the other
        try:
            return [by_number[it] for it in select.select(list(by_number), [], [], seconds)[0]]
        except (OSError, ValueError):
            return []
    poll = select.poll()
    for it in by_number:
        poll.register(it, select.POLLIN)
    return [by_number[it] for it, _ in poll.poll(seconds * 1000)]
