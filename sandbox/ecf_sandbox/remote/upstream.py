"""The server that a proxy stands before, and the server that the proxy is."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

from ecf_sandbox.serving.connection import Channel, Task
from ecf_sandbox.serving.server import server_for
from ecf_sandbox.state.waiting import waiting

Headers = list[tuple[str, str]]

TIMEOUT = 60.0
# A longer body is passed on as it comes, and neither judged nor kept.
WHOLE = 8 * 2**20
_BLOCK = 2**16
_FOLD = re.compile(r"\r?\n[ \t]*")
# What concerns one connection only, and is not for the next.
_HOP_BY_HOP = frozenset(
    """
    connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer trailers
    transfer-encoding upgrade expect
    """.split()
)


class NoAnswer(Exception):
    """The server gave no answer, or none that can be read. `timed_out` says that it took too long."""

    def __init__(self, detail: str, *, timed_out: bool = False) -> None:
        self.timed_out = timed_out
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
    """An answer: `body` is all of it, or its beginning if there is a `rest`; `length` what the server said it is."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    length: int | None
    rest: Iterator[bytes] | None = None


class Upstream:
    """The server at a URL; raises ValueError if that is none. `timeout` (seconds) is for each wait on the network."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT, whole: int = WHOLE) -> None:
        try:
            parts = urlsplit(url)
            self._port = parts.port
        except ValueError as wrong:
            raise ValueError(f"{url!r} is not the address of a server: {wrong}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the address of a server, such as https://api.example.org")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError(f"{url!r}: an address of a server has no user, no query and no fragment")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.whole = whole
        self.authority = parts.netloc
        self._host, self._prefix = parts.hostname, parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    @property
    def in_clear(self) -> bool:
        """Whether what is sent can be read on the way."""
        return self._tls is None

    def ask(self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes | None) -> UpstreamResponse:
        """Send a request with these headers and answer what came; raises NoAnswer."""
        connection = self._connection()
        try:
            with waiting():
                self._send(connection, method, target, headers, body)
                return self._taken(connection, connection.getresponse())
        except TimeoutError:
            connection.close()
            raise NoAnswer(f"{self.url} did not answer within {self.timeout:g} seconds", timed_out=True) from None
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoAnswer(f"{self.url} gave no answer: {error or type(error).__name__}") from None

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return _Plain(self._host, self._port, timeout=self.timeout)
        return _Encrypted(self._host, self._port, timeout=self.timeout, context=self._tls)

    def _send(
        self,
        connection: HTTPConnection,
        method: str,
        target: str,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> None:
        at = self._prefix + target if target.startswith("/") else target
        connection.putrequest(method, at, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", self.authority)
        connection.putheader("Connection", "close")
        for name, value in headers:
            connection.putheader(name, value)
        # A server may answer before it has read everything, and read no further.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.endheaders(body)

    def _taken(self, connection: HTTPConnection, answer: HTTPResponse) -> UpstreamResponse:
        length = answer.getheader("Content-Length")
        said = int(length) if length and length.isascii() and length.isdigit() and not answer.chunked else None
        parts = _parts(answer)
        body = bytearray()
        for part in parts:
            body += part
            if len(body) > self.whole:
                break
        rest = _closing(connection, parts) if len(body) > self.whole else None
        if rest is None:
            connection.close()
        headers = end_to_end([(name, _FOLD.sub(" ", value)) for name, value in answer.getheaders()])
        return UpstreamResponse(answer.status, answer.reason, headers, bytes(body), said, rest)


def end_to_end(headers: Headers) -> Headers:
    """The headers that are meant for the other end: without those of the connection, framing included."""
    named = {
        part.strip().lower() for name, value in headers if name.lower() == "connection" for part in value.split(",")
    }
    dropped = _HOP_BY_HOP | named | {"content-length"}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _parts(answer: HTTPResponse) -> Iterator[bytes]:
    """The body in parts; raises IncompleteRead if there is less of it than was said."""
    said, got = answer.length, 0
    while part := answer.read(_BLOCK):
        got += len(part)
        yield part
    if said is not None and got < said:
        raise IncompleteRead(b"", said - got)


def _closing(connection: HTTPConnection, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, after which the connection is closed. Raises OSError, upon which the client's is cut off too."""
    try:
        yield from parts
    except HTTPException as error:
        raise OSError(str(error)) from None
    finally:
        connection.close()


class _AsSent(HTTPConnection):
    """A request line goes out as it came in: the standard library would refuse what is not ASCII."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode("latin-1")

    def _validate_path(self, url: str) -> None:
        """The server before us has read the target out of one line, between two blanks."""


class _Plain(_AsSent):
    """Without encryption."""


class _Encrypted(_AsSent, HTTPSConnection):
    """With it; the server's certificate is verified."""


# Each waits for the server behind; a test-suite may ask for many things at once.
THREADS = 32
_SIGNED = b"\r\nVia: waitress\r\n"


class _Task(Task):
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


class _Channel(Channel):
    task_class = _Task
    first = None  # whatever is asked is passed on, and the server behind says what it thinks of it


def proxy_server(app: Any, listening: socket.socket, *, threads: int = THREADS) -> Any:
    """A server that answers from `run()` on, in the thread that calls it."""
    server = server_for(app, listening, threads=threads, forwards=True)
    server.channel_class = _Channel
    return server
