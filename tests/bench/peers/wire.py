"""A lean client that also reads answers in chunks, and connects anew where a server does not keep a connection."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from tests.bench.load import Figures


class Connection:
    """One connection, kept alive if the server does."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._at = (parts.hostname or "", parts.port or 80)
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; its status and body. Raises OSError."""
        if self._socket is None:
            self._socket = socket.create_connection(self._at, timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._rest = b""
        self._socket.sendall(request)
        head = self._until(b"\r\n\r\n").lower()
        status = int(head[9:12])
        if (mark := head.find(b"content-length:")) >= 0:
            body = self._exactly(int(head[mark + 15 :].split(b"\r", 1)[0]))
        elif b"transfer-encoding: chunked" in head:
            body = self._chunks()
        else:
            body = b"" if status in (204, 304) else self._to_the_end()
        if b"connection: close" in head:
            self.close()
        return status, body

    def close(self) -> None:
        """End it; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _more(self) -> bytes:
        assert self._socket is not None
        more = self._socket.recv(262_144)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._rest += self._more()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _exactly(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._rest += self._more()
        found, self._rest = self._rest[:length], self._rest[length:]
        return found

    def _chunks(self) -> bytes:
        found = b""
        while length := int(self._until(b"\r\n").partition(b";")[0], 16):
            found += self._exactly(length)
            self._until(b"\r\n")
        self._until(b"\r\n")
        return found

    def _to_the_end(self) -> bytes:
        try:
            while True:
                self._rest += self._more()
        except ConnectionError:
            found, self._rest = self._rest, b""
            self.close()
            return found


def measure(url: str, make: Callable[[int], bytes], *, connections: int, count: int) -> Figures:
    """Send `count` requests over so many connections at once, the nth made by `make(n)`; each must succeed."""
    took: list[float] = []
    failed: list[str] = []
    numbers = iter(range(count))
    lock = threading.Lock()

    def work() -> None:
        connection, own = Connection(url), []
        while not failed:
            with lock:
                n = next(numbers, None)
            if n is None:
                break
            request = make(n)
            started = time.perf_counter()
            try:
                status, body = connection.ask(request)
            except OSError as error:
                failed.append(str(error))
                break
            own.append(time.perf_counter() - started)
            if not 200 <= status < 300:
                failed.append(f"{status}: {body[:300]!r} for {request[:200]!r}")
        connection.close()
        took.extend(own)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    started = time.perf_counter()
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    seconds = time.perf_counter() - started
    if failed:
        raise AssertionError(f"a request of the benchmark failed: {failed[0]}")
    took.sort()
    slowest = took[min(len(took) - 1, int(len(took) * 0.99))]
    return Figures(per_second=count / seconds, p50=statistics.median(took) * 1000, p99=slowest * 1000)
