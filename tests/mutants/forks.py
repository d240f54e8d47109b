"""Work in forks of this process, some at a time, each of which answers with a line and is gone."""

from __future__ import annotations

import json
import os
import select
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def forked(works: Iterable[tuple[T, Callable[[], Any]]], at_once: int = 1) -> Iterator[tuple[T, Any]]:
    """Each with what its fork answered; None for one that a signal ended. The next is asked for when there is room."""
    coming = iter(works)
    running: dict[int, tuple[T, int, list[bytes]]] = {}
    while True:
        while len(running) < at_once and (following := next(coming, None)) is not None:
            reads, pid = _start(following[1], tuple(running))
            running[reads] = (following[0], pid, [])
        if not running:
            return
        for reads in select.select(list(running), [], [])[0]:
            what, pid, parts = running[reads]
            if part := os.read(reads, 65536):
                parts.append(part)
                continue
            os.close(reads)
            _, status = os.waitpid(pid, 0)
            del running[reads]
            yield what, _answer(b"".join(parts), status)


def in_fork(work: Callable[[], Any]) -> Any:
    """What a fork of this process answers; None if a signal ended it."""
    ((_, answer),) = forked([(None, work)])
    return answer


def _start(work: Callable[[], Any], others: Iterable[int]) -> tuple[int, int]:
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writes)
        return reads, pid
    try:
        for it in (reads, *others):
            os.close(it)
        try:
            answer = {"answer": work()}
        except BaseException:
            answer = {"failed": traceback.format_exc()}
        written = json.dumps(answer).encode()
        while written:
            written = written[os.write(writes, written) :]
    finally:
        os._exit(0)


def _answer(written: bytes, status: int) -> Any:
    if os.WIFSIGNALED(status):
        return None
    answer = json.loads(written)
    if "failed" in answer:
        raise RuntimeError(answer["failed"])
    return answer["answer"]
