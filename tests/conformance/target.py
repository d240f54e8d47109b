"""What `replay.py` asks of us: a recorded world, and the real application object to send its requests to."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import LIVE
from ecf_sandbox.ecf.events.registry import play
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.conformance.world_import import records_of


class Target:
    """Our application in the `live` edition, in process, over a recorded world."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.world = World("main", State(records=records_of(world)), edition=LIVE, seed="conformance", service=ECF)

    def reset(self, rate_limit: int | None) -> None:
        """Back to the recorded world, with a limit on requests or without."""
        self.world.reset()
        self.app = self.sending_to(rate_limit) if rate_limit else self.unlimited

    @cached_property
    def unlimited(self) -> InProcess:
        """The application without a rate limit, made once."""
        return self.sending_to(None)

    def sending_to(self, rate_limit: int | None) -> InProcess:
        """A way into an application over our world."""
        return InProcess(create_app(Worlds(self.world), rate_limit=rate_limit).wsgi_app)

    def request(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request as a server would hand it to us."""
        reply = self.app(method, target, list(headers), body)
        # The recordings hold what a client sees, so compression is undone as a client would.
        compressed = reply.headers.get("content-encoding") == "gzip"
        return reply.status, reply.headers, gzip.decompress(reply.body) if compressed else reply.body

    def event(self, name: str, arguments: Mapping[str, Any], at: datetime) -> None:
        """Something that a school or the DfE did."""
        with self.world.turn(at) as turn:
            play(turn, name, arguments)


def open_target(world: Mapping[str, Any]) -> Target:
    """The target that `replay.py` plays against."""
    return Target(world)
