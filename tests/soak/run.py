"""Runs clients in turns or for minutes, and judges what the process held."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.served import Served, served
from tests.soak.load import NOW, Worlds

CLIENTS = 4
WITHIN = 0.05  # how far the last third may stray from its own middle


@dataclass(frozen=True)
class Soaked:
    """What came of it: resident megabytes at each mark, and the requests in between."""

    memory: tuple[float, ...]
    requests: int
    refused: int

    @property
    def last_third(self) -> tuple[float, ...]:
        """The marks of the last third."""
        return self.memory[-max(1, len(self.memory) // 3) :]

    @property
    def stray(self) -> float:
        """How far the last third strays: its span against its middle."""
        marks = sorted(self.last_third)
        return (marks[-1] - marks[0]) / marks[len(marks) // 2]

    @property
    def flat(self) -> bool:
        """Whether that is little enough."""
        return self.stray <= WITHIN


def soak(worlds: int, minutes: int, seed: int, progress: Callable[[int, float, float, int], None]) -> Soaked:
    """So many minutes of all clients at once; a mark each minute."""
    with served("--quiet", "--now", NOW, "--worlds", str(worlds + 1)) as server:
        clients = _clients(server, worlds, seed)
        end = threading.Event()
        failed: list[BaseException] = []

        def work(client: Worlds) -> None:
            try:
                while not end.is_set():
                    client.turn()
            except BaseException as error:
                failed.append(error)
                end.set()

        threads = [threading.Thread(target=work, args=(it,)) for it in clients]
        for it in threads:
            it.start()
        marks: list[float] = []
        for minute in range(1, minutes + 1):
            if end.wait(60):
                break
            marks.append(resident(server))
            progress(minute, marks[-1], counted(server), sum(it.requests for it in clients))
        end.set()
        for it in threads:
            it.join()
        _close(clients)
        if failed:
            raise failed[0]
        return _soaked(marks, clients)


def soak_by_count(worlds: int, rounds: int, turns: int, seed: int) -> Soaked:
    """Rounds of so many turns, one client after the other, each of which ends with forgetting every world.

    The short form: it has no clock, and what is kept on purpose is gone at each mark.
    """
    with served("--quiet", "--now", NOW, "--worlds", str(worlds + 1)) as server:
        clients = _clients(server, worlds, seed)
        held = []
        for _ in range(rounds):
            for turn in range(turns):
                clients[turn % len(clients)].turn()
            for client in clients:
                client.forget()
            held.append(resident(server))
        _close(clients)
        return _soaked(held, clients)


def _clients(server: Served, worlds: int, seed: int) -> list[Worlds]:
    names = [f"world-{n}" for n in range(worlds)]
    return [Worlds(server.url, tuple(names[n::CLIENTS]), random.Random(seed + n)) for n in range(CLIENTS)]


def _close(clients: Sequence[Worlds]) -> None:
    for it in clients:
        it.connection.socket.close()


def _soaked(marks: Sequence[float], clients: Sequence[Worlds]) -> Soaked:
    return Soaked(tuple(marks), sum(it.requests for it in clients), sum(it.refused for it in clients))


def resident(server: Served) -> float:
    """Resident megabytes of the process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def counted(server: Served) -> float:
    """Megabytes that the process says it keeps beside the records of its worlds."""
    told: dict[str, float] = json.loads(server.send("GET", "/_sandbox/worlds").body)["memory"]
    return told["held"] / 2**20
