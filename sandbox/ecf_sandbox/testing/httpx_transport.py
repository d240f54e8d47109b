"""Lets `httpx` ask a world of this process: transports, synchronous and asynchronous, and clients made ready."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.testing.requests_adapter import Askable, NotInstalled
from ecf_sandbox.transport import as_sent

try:
    import httpx
except ImportError:
    raise NotInstalled("httpx") from None


class EcfTransport(httpx.BaseTransport):
    """Answers the requests of a client from a world: `httpx.Client(transport=EcfTransport(ecf_world))`.

    A fault that closes the connection is an `httpx.RemoteProtocolError`. There is no timeout.
    """

    def __init__(self, world: Askable) -> None:
        self._world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return _answer(self._world, request, request.read())


class EcfAsyncTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient`; the event loop waits while the sandbox answers."""

    def __init__(self, world: Askable) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return _answer(self._world, request, await request.aread())


def client(world: Askable, headers: Mapping[str, str], base_url: str) -> httpx.Client:
    """A client that sends these headers and never leaves the process, whatever the host."""
    return httpx.Client(transport=EcfTransport(world), headers=dict(headers), base_url=base_url, trust_env=False)


def async_client(world: Askable, headers: Mapping[str, str], base_url: str) -> httpx.AsyncClient:
    """The same, asynchronous."""
    transport = EcfAsyncTransport(world)
    return httpx.AsyncClient(transport=transport, headers=dict(headers), base_url=base_url, trust_env=False)


def _answer(world: Askable, request: httpx.Request, body: bytes) -> httpx.Response:
    headers = [(name.decode("latin-1"), as_sent(value)) for name, value in request.headers.raw]
    try:
        reply = world.send(request.method, request.url.raw_path.decode("ascii"), headers, body)
    except ConnectionError as dropped:
        raise httpx.RemoteProtocolError(
            "the connection was closed before the end of the answer", request=request
        ) from dropped
    return httpx.Response(reply.status, headers=reply.headers, content=reply.body, request=request)
