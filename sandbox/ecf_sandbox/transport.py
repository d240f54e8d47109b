"""Ways to send a request: straight into an application of this process, or over a socket to any server."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

Headers = Sequence[tuple[str, str]]
TIMEOUT = 30.0
# Where an environment of ours has the headers that a server drops because of their names, as they were sent.
DROPPED_HEADERS = "sandbox.dropped_headers"
# Of the body of a request, in bytes: the largest document of the API has some hundred, and what stands before the
# service lets a few MB through. An export of 10,000 participants has 45 MB.
MOST_BODY, MOST_IMPORT = 4 * 2**20, 128 * 2**20
# Of what stands before the body: the server reads no more of a request.
MOST_HEAD = 2**18
# Where an environment of ours has the limit, if that is another.
BODY_LIMIT = "sandbox.body_limit"
_IMPORT = re.compile(r"/+_sandbox/worlds/[^/]*/import/?")
# RFC 9110, 5.1 and 5.5, as the server reads them.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# The server takes these in itself: an application learns the length of a body that it has.
_OF_THE_CONNECTION = frozenset({"CONTENT_LENGTH", "TRANSFER_ENCODING"})


class BodyTooLarge(Exception):
    """A body that is not read (413)."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body of this request is too large: at most {limit:,} bytes are read.")


def body_limit(path: str, limit: int = MOST_BODY) -> int:
    """How many bytes the body of a request to a path may have."""
    return max(limit, MOST_IMPORT) if _IMPORT.fullmatch(path) else limit


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, headers with their names in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    """Sends a request for `target` (path with raw query) and answers the reply."""

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply: ...


class InProcess:
    """Straight into a WSGI application, as a server would hand a request over, without a socket."""

    def __init__(self, app: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send one request; one with a header that no server lets through is answered as ours answers it."""
        try:
            environ = environ_of(method, target, headers, body or b"")
        except BadHeader as wrong:
            return Reply(400, {"content-type": "text/plain; charset=utf-8"}, f"Bad Request\r\n\r\n{wrong}".encode())
        answered: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:  # noqa: ARG001
            answered[:] = [int(status.split(" ", 1)[0]), {name.lower(): value for name, value in headers}]

        parts = self.app(environ, start_response)
        try:
            raw = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return Reply(answered[0], answered[1], raw)


class OverHttp:
    """Over a socket, to the server at a URL; each request on a connection of its own."""

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:  # brackets that hold no address of IPv6
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the address of a server, such as http://127.0.0.1:8000")
        # Imported here, as below, because the server sends no requests, and everybody waits for its start.
        from http.client import HTTPConnection, HTTPSConnection

        self._make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path.rstrip("/")
        self._timeout = timeout

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send one request; raises OSError when there is no answer, or none in HTTP, and ValueError for no address."""
        from http.client import HTTPException, InvalidURL

        connection = self._make(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(method, self._prefix + target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except InvalidURL as wrong:
            raise ValueError(str(wrong)) from None
        except HTTPException as error:
            # What speaks another protocol, or breaks off: http.client's own exceptions are no OSError.
            raise ConnectionError(str(error) or type(error).__name__) from error
        finally:
            connection.close()


class BadHeader(ValueError):
    """A header that HTTP does not know: its name is no token, or its value has a control character."""


def environ_of(method: str, target: str, headers: Headers, body: bytes) -> dict[str, Any]:
    """A request as WSGI (PEP 3333) describes it and our server hands it over; what is not ASCII travels as UTF-8.

    Raises BadHeader.
    """
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "REQUEST_URI": target,
        "SERVER_NAME": "sandbox",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    dropped: list[tuple[str, str]] = []
    for name, value in headers:
        sent = value.encode(errors="surrogateescape").decode("latin-1").strip(" \t")
        if not is_header(name, sent):
            raise BadHeader(f"Invalid header: {name!r}")
        if "_" in name:  # which WSGI could not tell from a dash, so servers drop it: nobody can pose as another header
            dropped.append((name, sent))
            continue
        key = name.upper().replace("-", "_")
        if key not in _OF_THE_CONNECTION:
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            environ[key] = f"{environ[key]}, {sent}" if key in environ else sent
    return environ | {DROPPED_HEADERS: tuple(dropped)} if dropped else environ


def is_header(name: str, value: str) -> bool:
    """Whether HTTP knows such a header; of its value only control characters are none."""
    return _NAME.fullmatch(name) is not None and _CONTROL.search(value) is None


def as_sent(value: bytes) -> str:
    """The value of a header for `Headers`, whatever its bytes."""
    return value.decode(errors="surrogateescape")
