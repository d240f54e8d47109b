"""An answer on its way out: what is said, its bytes, and the faults that somebody has set in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from ecf_sandbox.api.auth import authenticate
from ecf_sandbox.rulebook.refusals import OutOfScope, Unauthenticated
from ecf_sandbox.state.faults import Fault, Struck
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.waiting import sleep

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ecf_sandbox.api.context import RequestContext
    from ecf_sandbox.state.world import World


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


# What the service answers with; whatever else a fault is set to has its phrase from a longer list.
_PHRASES = {
    200: "OK",
    304: "NOT MODIFIED",
    400: "BAD REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT FOUND",
    405: "METHOD NOT ALLOWED",
    406: "NOT ACCEPTABLE",
    422: "UNPROCESSABLE ENTITY",
    429: "TOO MANY REQUESTS",
    500: "INTERNAL SERVER ERROR",
}


@cache
def _line(status: int) -> str:
    return f"{status} {_PHRASES.get(status) or _phrase(status)}"


def _phrase(status: int) -> str:
    # Imported here because few set faults, and everybody waits for the start.
    from werkzeug.http import HTTP_STATUS_CODES

    return HTTP_STATUS_CODES.get(status, "unknown").upper()


JSON = "application/vnd.api+json"
CSV = "text/csv"
HTML = "text/html"
PLAIN = "text/plain"


class Layer(IntEnum):
    """Which part of the service an answer comes from, which decides its headers.

    Source: behaviour/http-and-partnerships.md#b1-8, #b2.
    """

    CONTROLLER = 0
    ERROR_PAGE = 1
    LIMITER = 2
    BARE = 3


class Answer(Record, frozen=True):
    """Status, type and body, with headers that only this answer has."""

    status: int
    content_type: str
    body: bytes = b""
    layer: Layer = Layer.CONTROLLER
    extra: tuple[tuple[str, str], ...] = ()


_encode = msgspec.json.Encoder().encode

# In JSON these stand only inside strings, so they can be replaced wherever they are.
_MARKUP = ((b"<", rb"\u003c"), (b">", rb"\u003e"), (b"&", rb"\u0026"))
_SEPARATORS = (("\u2028".encode(), rb"\u2028"), ("\u2029".encode(), rb"\u2029"))
_SEPARATOR_BEGINS = b"\xe2"


def encode(document: Any) -> bytes:
    """The bytes of a document. Source: behaviour/http-and-partnerships.md#b18."""
    raw = _encode(document)
    # To look for one byte takes next to no time; to look for several, or to replace, as long as to encode it all.
    for plain, escaped in _MARKUP:
        if plain in raw:
            raw = raw.replace(plain, escaped)
    if _SEPARATOR_BEGINS in raw:
        for plain, escaped in _SEPARATORS:
            raw = raw.replace(plain, escaped)
    return raw


class Dropped(ConnectionError):
    """The connection is to be closed without an answer: a fault of the world says so."""


class AnsweredInstead(Exception):
    """A fault of the world answers in place of the service."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(f"{answer.status} by a fault")


def inject_fault(context: RequestContext, world: World) -> None:
    """Let the first fault that fits strike: wait as long as it says; raises AnsweredInstead if it has an answer."""
    fault = context.fault = world.faults.strike(_struck(context, world)) if world.faults else None
    if fault is None:
        return
    if fault.latency:
        sleep(fault.latency)
    if fault.status is not None:
        context.findings = ()
        text = f"Fault {fault.id} of the sandbox\n".encode()
        raise AnsweredInstead(Answer(fault.status, PLAIN, text, layer=Layer.BARE))


def _struck(context: RequestContext, world: World) -> Struck:
    path = context.path
    return Struck(
        operation=context.info.operation,
        paths=(path,) if context.suffix is None else (path, f"{path}.{context.suffix}"),
        method=context.method,
        provider=lambda: _caller(context, world),
    )


def _caller(context: RequestContext, world: World) -> str | None:
    """Who shows a token, whom the fault may be for; the pipeline finds out later and refuses whom it does not know."""
    try:
        name: str = authenticate(world, world.state.records, context.header("HTTP_AUTHORIZATION")).name
    except (Unauthenticated, OutOfScope):
        return None
    return name


def faulty(fault: Fault | None, body: bytes, status: int, headers: Sequence[tuple[str, str]]) -> Response | None:
    """The response of a fault that breaks off what is sent, None without one."""
    if fault is None or not (fault.drop or fault.truncate):
        return None
    broken = dropped_connection() if fault.drop else truncated_body(body)
    return Response(broken, status, [*headers, ("Content-Length", str(len(body)))])


def dropped_connection() -> Iterator[bytes]:
    """A body in whose place the connection is closed, before a byte of the answer has gone out."""
    raise Dropped
    yield b""


def truncated_body(body: bytes) -> Iterator[bytes]:
    """The first half of a body, and then the connection is closed."""
    yield body[: len(body) // 2]
    raise Dropped
