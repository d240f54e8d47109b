"""A served sandbox under attack: raw sockets to it, and what its process takes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.served import Served, served

PATIENCE = 60.0  # until a test gives up, however busy the machine
DECLARATIONS = "/api/v3/participant-declarations"


@dataclass(frozen=True)
class Answer:
    """What came back on a connection; status 0 if it was closed without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


CLOSED = Answer(0, {}, b"")


class Target:
    """The server, and how much of each attack there is: `size` is 1 in the short form."""

    def __init__(self, server: Served, size: int = 1) -> None:
        self.server, self.size = server, size
        parts = urlsplit(server.url)
        self.host, self.port = str(parts.hostname), int(parts.port or 0)

    def connect(self) -> socket.socket:
        """A connection."""
        made = socket.create_connection((self.host, self.port), timeout=PATIENCE)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, *parts: bytes) -> Answer:
        """The answer to these bytes on a connection of their own, which may come before all are sent."""
        with self.connect() as connection:
            send_all(connection, parts)
            return answer_on(connection)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *headers: str,
        host: str | None = None,
        token: str | None = None,
    ) -> Answer:
        """The answer to a request that is sound but for what is given, on a connection of its own."""
        return self.send(self.request(method, path, body, *headers, host=host, token=token))

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *headers: str,
        host: str | None = None,
        token: str | None = None,
    ) -> bytes:
        """Its bytes."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'{self.host}:{self.port}'}"]
        if path.startswith("/api") and token != "":
            lines.append(f"Authorization: Bearer {token or self.server.token}")
        if body:
            lines.append(f"Content-Length: {len(body)}")
            if not any(it.lower().startswith("content-type") for it in headers):
                lines.append("Content-Type: application/json")
        return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body

    def control(self, method: str, path: str, document: Any = None) -> Answer:
        """The answer of the control plane."""
        body = b"" if document is None else json.dumps(document).encode()
        return self.ask(method, f"/_sandbox{path}", body)

    def memory(self) -> float:
        """Resident memory in megabytes."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def processor(self) -> float:
        """Seconds of processor that the process has used."""
        fields = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def people(self) -> list[str]:
        """The participants whom the provider trains."""
        listed = self.ask("GET", "/api/v3/participants/ecf?page[per_page]=100").json["data"]
        return [it["id"] for it in listed]

    def is_well(self) -> None:
        """Fail unless the server still answers what it should."""
        assert self.ask("GET", "/_sandbox/ready").status == 200
        assert self.ask("GET", "/api/v3/statements").status == 200


@contextmanager
def attacked(size: int = 1, *options: str) -> Iterator[Target]:
    """A server of its own for a case."""
    with served("--quiet", *options) as server:
        yield Target(server, size)


def send_all(connection: socket.socket, parts: Iterable[bytes]) -> None:
    """Send as much as the server takes: it may answer and close before the end."""
    try:
        for it in parts:
            connection.sendall(it)
    except (BrokenPipeError, ConnectionResetError):
        return


def answer_on(connection: socket.socket) -> Answer:
    """The next answer on a connection."""
    got = b""
    try:
        while (end := got.find(b"\r\n\r\n")) < 0:
            more = connection.recv(65_536)
            if not more:
                return CLOSED
            got += more
        status, headers = _head(got[:end])
        body = got[end + 4 :]
        length = int(headers.get("content-length", -1))
        while length < 0 or len(body) < length:
            more = connection.recv(65_536)
            if not more:
                break
            body += more
    except ConnectionResetError:
        return CLOSED
    return Answer(status, headers, body)


def is_closed(connection: socket.socket) -> bool:
    """Whether the server closes the connection: waits for that, or for whatever else comes, as long as it may."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def _head(raw: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = raw.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}
