"""Sends a request and reads its findings from the journal."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.api.asking import Asker
from tests.tools.observer.requests import Asked, a_small_world


def found_by(asked: Asked) -> list[dict[str, Any]]:
    """The findings of a request in a fresh world, the last time it is sent."""
    ask = Asker(a_small_world())
    ask.world.recreated = asked.recreated
    for _ in range(asked.times):
        ask.send(asked.method, asked.target, asked.headers, asked.body)
    (newest,) = ask.world.journal.newest(1)
    return msgspec.to_builtins(newest.findings)
