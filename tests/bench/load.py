"""A client that asks less of the machine than any server here: sockets, ready-made requests, kept-alive connections."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Figures:
    """What a run of requests showed: requests per second, and milliseconds for the median and the slowest 1 %."""

    per_second: float
    p50: float
    p99: float


class Connection:
    """One kept-alive connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; its status and body."""
        self.socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head, body = got[:end].lower(), got[end + 4 :]
        mark = head.find(b"content-length:")
        assert mark >= 0, head
        length = int(head[mark + 15 :].split(b"\r", 1)[0])
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more


def request(
    url: str, path: str, *, token: str = "", method: str = "GET", body: bytes = b"", headers: str = ""
) -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    if headers:
        lines.append(headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def measure(url: str, make: Callable[[int], bytes], *, connections: int, count: int) -> Figures:
    """Send `count` requests over so many connections at once, the nth made by `make(n)`; each must succeed."""
    took: list[float] = []
    numbers = iter(range(count))
    lock = threading.Lock()
    failed: list[str] = []

    def work() -> None:
        connection, own = Connection(url), []
        while True:
            with lock:
                n = next(numbers, None)
            if n is None or failed:
                break
            started = time.perf_counter()
            status, body = connection.ask(make(n))
            own.append(time.perf_counter() - started)
            if status not in (200, 201):
                failed.append(f"{status}: {body[:300]!r}")
        took.extend(own)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if failed:
        raise AssertionError(f"the server refused a request of the benchmark: {failed[0]}")
    took.sort()
    return Figures(
        per_second=count / seconds,
        p50=statistics.median(took) * 1000,
        p99=took[min(len(took) - 1, int(len(took) * 0.99))] * 1000,
    )
