"""Serves a proxy with waitress, which else would sign the answers of others."""

from __future__ import annotations

import socket
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # waitress has no types
from waitress.task import WSGITask  # type: ignore[import-untyped]

from ecf_sandbox.server import server_for

# Each waits for the server behind; a test-suite may ask for many things at once.
THREADS = 32
_SIGNED = b"\r\nVia: waitress\r\n"


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Leaves the headers of an answer as they are."""

    def build_response_header(self) -> bytes:
        """The head of an answer, without the Via that waitress adds beside another's Server."""
        head: bytes = super().build_response_header()
        signed = any(name.lower() == "server" for name, _ in self.response_headers)
        return head.replace(_SIGNED, b"\r\n", 1) if signed else head

    @property
    def has_body(self) -> bool:
        """Not for HEAD either, for which waitress would end a body that never began."""
        return bool(super().has_body) and not (self.request.command == "HEAD" and self.content_length is None)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    task_class = _Task


def proxy_server(app: Any, listening: socket.socket, *, threads: int = THREADS) -> Any:
    """A server that answers from `run()` on, in the thread that calls it."""
    server = server_for(app, listening, threads=threads, forwards=True)
    server.channel_class = _Channel
    return server
