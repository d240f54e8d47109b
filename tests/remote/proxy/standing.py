"""A server that says byte for byte what a test wants, and a proxy before it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.remote.proxy import Proxy
from ecf_sandbox.remote.recorder import JournalFile, Recorder
from ecf_sandbox.remote.upstream import WHOLE, Upstream, proxy_server
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.transport import InProcess, OverHttp, Reply

SOUND = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"


class Scripted:
    """Answers every request with `says` and closes; `heard` are the requests, as they came over the socket.

    What says nothing at all keeps the connection open and silent.
    """

    def __init__(self) -> None:
        self.says: bytes | None = SOUND
        self.heard: list[bytes] = []
        self._came = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._silent: list[socket.socket] = []
        Thread(target=self._answer, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # else whoever waits in accept() keeps it open
        self._listening.close()
        for it in self._silent:
            it.close()

    def wait_for_request(self) -> None:
        assert self._came.wait(30)

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.heard.append(_whole_request(connection))
                self._came.set()
                if self.says is None:
                    self._silent.append(connection)
                else:
                    connection.sendall(self.says)
                    connection.close()


def _whole_request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [it.partition(b":")[2] for it in head.split(b"\r\n") if it.lower().startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        part = connection.recv(65536)
        body, got = body + part, got + part
    return got


@dataclass
class Standing:
    """A proxy that listens at `url`, and ways to ask it."""

    url: str
    proxy: Proxy

    def ask(
        self, method: str, target: str, headers: Any = (), body: bytes | None = None
    ) -> tuple[int, str, list[tuple[str, str]], bytes]:
        """Status, reason, headers in small letters and body, as they come over the socket."""
        parts = urlsplit(self.url)
        connection = Odd(parts.hostname, parts.port, timeout=30)
        connection.putrequest(method, target, skip_accept_encoding=True)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer: HTTPResponse = connection.getresponse()
        got = answer.read()
        connection.close()
        return answer.status, answer.reason, [(name.lower(), value) for name, value in answer.getheaders()], got

    @property
    def send(self) -> OverHttp:
        return OverHttp(self.url)

    @property
    def exchanges(self) -> list[Any]:
        return list(self.proxy.notes.world.journal)

    def control(self, method: str, path: str) -> Reply:
        return OverHttp(self.url)(method, f"/_sandbox{path}")


class Odd(HTTPConnection):
    """Sends targets that are not ASCII."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode("latin-1")

    def _validate_path(self, url: str) -> None: ...


@contextmanager
def standing_before(
    url: str, *, timeout: float = 10, whole: int = WHOLE, journal: Path | None = None
) -> Iterator[Standing]:
    """A proxy before the server at a URL, until the block ends."""
    file = None if journal is None else JournalFile(journal)
    proxy = Proxy(Upstream(url, timeout=timeout, whole=whole), Recorder(url, SERVICE, file))
    with ThreadServer(proxy, make=proxy_server) as server:
        yield Standing(server.url, proxy)


def in_process(url: str) -> InProcess:
    """A proxy before the server at a URL, asked without a socket."""
    return InProcess(Proxy(Upstream(url), Recorder(url, SERVICE)))


def framed(status: bytes, headers: list[tuple[str, str]], body: bytes, framing: str) -> bytes:
    """An answer as it goes over the socket."""
    lines = [f"{name}: {value}".encode("latin-1") for name, value in headers]
    if framing == "length":
        lines.append(f"Content-Length: {len(body)}".encode())
    elif framing == "chunks":
        lines.append(b"Transfer-Encoding: chunked")
        parts = [body[at : at + 1000] for at in range(0, len(body), 1000)] + [b""]
        body = b"".join(b"%x\r\n%s\r\n" % (len(it), it) for it in parts)
    return b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", body])


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]
