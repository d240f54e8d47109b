"""Ends a server in good order: what is being asked is still answered, within a grace."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from time import monotonic
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress has no types

from ecf_sandbox.serving.leader import turn

# As long as a client may wait for its answer, and short enough that whoever cancels a job does not notice.
GRACE = 1.0
_LOOK = 0.02  # how often to look whether all is answered


def run_until_signal(server: Any, signals: Iterable[int]) -> None:
    """Answer requests until one of the signals comes, then those that are here already, for at most the grace."""

    def end(_number: int, _frame: object) -> None:
        # A second signal changes nothing. The loop is left where it waits, not in the middle of what it reads.
        server.ending = True
        server.pull_trigger()

    for number in signals:
        signal.signal(number, end)
    while not server.ending:
        turn(server)
    drain(server)


def drain(server: Any, grace: float = GRACE) -> None:
    """Take what has come so far, take no more, and answer; what takes longer than the grace is cut off."""
    until = monotonic() + grace
    server.ending = True
    server.leader.end()
    server.handle_accept()
    wasyncore.dispatcher.close(server)
    wasyncore.loop(timeout=0, use_poll=True, map=server._map, count=1)
    while [it for it in list(server.active_channels.values()) if not _close_if_idle(it)] and monotonic() < until:
        wasyncore.loop(timeout=_LOOK, use_poll=True, map=server._map, count=1)
    server.task_dispatcher.shutdown()


def _close_if_idle(channel: Any) -> bool:
    """Close a connection on which nothing is asked and nothing is to be sent; whether it is."""
    if channel.is_attended or channel.requests or channel.request is not None or channel.total_outbufs_len:
        return False
    channel.handle_close()
    return True
