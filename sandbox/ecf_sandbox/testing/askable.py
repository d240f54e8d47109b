"""What a client needs of a world: that a request can be sent to it."""

from __future__ import annotations

from typing import Protocol

from ecf_sandbox.transport import Headers, Reply


class Askable(Protocol):
    """A world, or anything else that answers requests in this process."""

    def send(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send a request for `target` (path with raw query) and answer the reply."""
