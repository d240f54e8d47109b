"""Lets `requests` ask a world of this process: an adapter to mount on a session, or a session made ready."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urlsplit

from ecf_sandbox.transport import Headers, Reply, as_sent


class Askable(Protocol):
    """A world, or anything else that answers requests in this process."""

    def send(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send a request for `target` (path with raw query) and answer the reply."""


class NotInstalled(ImportError):
    """A package is missing. Says how to install it."""

    def __init__(self, package: str) -> None:
        super().__init__(f"the package {package!r} is not installed; run: pip install {package}")


try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPResponse
except ImportError:
    raise NotInstalled("requests") from None


class EcfAdapter(HTTPAdapter):
    """Answers the requests of a session from a world: `session.mount("https://", EcfAdapter(ecf_world))`.

    A fault that closes the connection is a `requests.ConnectionError`. There is no timeout.
    """

    def __init__(self, world: Askable) -> None:
        super().__init__()
        self._world = world

    def send(self, request: requests.PreparedRequest, *_arguments: Any, **_options: Any) -> requests.Response:
        """Send one request."""
        parts = urlsplit(request.url or "")
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = [(_text(name), _text(value)) for name, value in request.headers.items()]
        try:
            reply = self._world.send(request.method or "GET", str(target), headers, _bytes(request.body))
        except ConnectionError as dropped:
            raise requests.ConnectionError(dropped, request=request) from dropped
        raw = HTTPResponse(
            body=BytesIO(reply.body),
            headers=reply.headers,
            status=reply.status,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)


def session(world: Askable, headers: Mapping[str, str]) -> requests.Session:
    """A session that sends these headers and never leaves the process, whatever the host."""
    made = requests.Session()
    made.trust_env = False
    made.headers.update(headers)
    adapter = EcfAdapter(world)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


def _text(it: str | bytes) -> str:
    return as_sent(it if isinstance(it, bytes) else it.encode("latin-1"))  # as `requests` sends it


def _bytes(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return bytes(body.read()) if hasattr(body, "read") else b"".join(body)
