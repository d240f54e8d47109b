"""What a peer is: how it is started at a port, and its request of each kind."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.peers.wire import Connection

KINDS = ("show", "list of 100", "create", "reset")
STARTING = 120.0


@dataclass(frozen=True)
class Peer:
    """A server to measure. `command` starts it at a port; `requests` makes the nth request of a kind at a URL.

    A kind that it has not is left out. `first` is what its start is measured with, by default one thing; `starting` is
    the command for that, where it is another. `prepare` fills it once it answers; `about` says what is asked of it.
    """

    name: str
    version: str
    about: str
    command: Callable[[int], Sequence[str]]
    requests: Callable[[str], Mapping[str, Callable[[int], bytes]]]
    first: Callable[[str], bytes]
    starting: Callable[[int], Sequence[str]] | None = None
    prepare: Callable[[str], None] = lambda _: None


class Running:
    """A peer that answers."""

    def __init__(self, peer: Peer, process: subprocess.Popen[Any], url: str, took: float) -> None:
        self.peer, self.process, self.url, self.took = peer, process, url, took
        self.make: Mapping[str, Callable[[int], bytes]] = {}
        self.sent = dict.fromkeys(KINDS, 0)

    def fill(self) -> None:
        """Prepare it for being asked."""
        self.peer.prepare(self.url)
        self.make = self.peer.requests(self.url)

    def memory(self) -> float:
        """Resident megabytes, of the process and of those that it started."""
        return sum(_resident(it) for it in _family(self.process.pid))


@contextmanager
def running(peer: Peer, *, as_usual: bool = False) -> Iterator[Running]:
    """The peer, from its start to its first answer and until the block ends; `as_usual`: as one starts it by hand."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as said:
        command = peer.starting if as_usual and peer.starting else peer.command
        started = time.perf_counter()
        process = subprocess.Popen(command(port), stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            _first_answer(process, url, peer.first(url))
            yield Running(peer, process, url, time.perf_counter() - started)
        except TimeoutError as error:
            said.seek(0)
            raise TimeoutError(f"{peer.name} {error}: {said.read()[-500:]!r}") from None
        finally:
            for it in reversed(_family(process.pid)):
                _end(it)
            process.wait(30)


def _first_answer(process: subprocess.Popen[Any], url: str, request: bytes) -> None:
    give_up = time.perf_counter() + STARTING
    while time.perf_counter() < give_up:
        if process.poll() is not None:
            raise TimeoutError(f"ended with {process.returncode}")
        connection = Connection(url)
        try:
            status, body = connection.ask(request)
            if status >= 400:
                raise TimeoutError(f"answers {status} at first: {body[:200]!r}")
            return
        except OSError:
            time.sleep(0.002)
        finally:
            connection.close()
    raise TimeoutError("does not answer")


def _free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


def _family(process: int) -> list[int]:
    """A process and all that it started, the oldest first."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(each for it in children for each in _family(int(it)))]


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def _end(process: int) -> None:
    try:
        os.kill(process, 9)
    except ProcessLookupError:
        return
