"""Ways to send a request: straight into an application of this process, or over a socket to any server."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection, InvalidURL
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

Headers = Sequence[tuple[str, str]]
TIMEOUT = 30.0


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
        """Send one request."""
        answered: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:  # noqa: ARG001
            answered[:] = [int(status.split(" ", 1)[0]), {name.lower(): value for name, value in headers}]

        parts = self.app(environ_of(method, target, headers, body or b""), start_response)
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
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the address of a server, such as http://127.0.0.1:8000")
        self._make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path.rstrip("/")
        self._timeout = timeout

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send one request; raises OSError when there is no answer, or none in HTTP, and ValueError for no address."""
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


def environ_of(method: str, target: str, headers: Headers, body: bytes) -> dict[str, Any]:
    """A request as WSGI (PEP 3333) describes it; what is not ASCII travels as UTF-8."""
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
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value.encode().decode("latin-1")
    return environ
