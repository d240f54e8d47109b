"""Our application over a recorded world: what the targets of all services have in common."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cached_property

from ecf_sandbox.app import create_app
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess


class Application:
    """Our application, in process, over a world."""

    def __init__(self, world: World) -> None:
        self.world = world

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
