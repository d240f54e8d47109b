"""A response as it goes out: nothing is left to decide, so that nobody need go through its headers once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.http import HTTP_STATUS_CODES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Response:
    """A WSGI application that gives this one response. A `body` in parts has its length among the headers, if any."""

    __slots__ = ("_headers", "_parts", "_status")

    def __init__(self, body: bytes | Iterator[bytes], status: int, headers: Sequence[tuple[str, str]]) -> None:
        self._status = status
        self._parts: Iterable[bytes] = (body,) if isinstance(body, bytes) else body
        # A 304 speaks of the body that the client has already, and so not of its own.
        length = [("Content-Length", str(len(body)))] if isinstance(body, bytes) and status != 304 else ()
        self._headers = [*headers, *length]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send it; a body goes with neither HEAD nor 304."""
        start_response(_line(self._status), self._headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" or self._status == 304 else self._parts


@cache
def _line(status: int) -> str:
    return f"{status} {HTTP_STATUS_CODES.get(status, 'unknown').upper()}"
