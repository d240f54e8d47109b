"""Carries out the faults that somebody has set for a world."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ecf_sandbox.api.answer import PLAIN, Answer, Layer
from ecf_sandbox.state.faults import Fault


class Dropped(ConnectionError):
    """The connection is to be closed without an answer: a fault of the world says so."""


def answer_instead(fault: Fault | None) -> Answer | None:
    """Wait as long as the fault says, and what it answers in place of the sandbox, if it does."""
    if fault is None:
        return None
    if fault.latency:
        time.sleep(fault.latency)
    if fault.status is None:
        return None
    return Answer(fault.status, PLAIN, f"Fault {fault.id} of the sandbox\n".encode(), layer=Layer.BARE)


def no_answer() -> Iterator[bytes]:
    """A body in whose place the connection is closed, before a byte of the answer has gone out."""
    raise Dropped
    yield b""


def half(body: bytes) -> Iterator[bytes]:
    """The first half of a body, and then the connection is closed."""
    yield body[: len(body) // 2]
    raise Dropped
