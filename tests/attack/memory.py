"""What a client can make the sandbox keep, and the resident memory of its process then.

    python -m tests.attack.memory [NAME ...] [--scale 1.0] [-- OPTIONS OF serve]
    python -m tests.attack.memory lists_in_worlds --scale 0.1 -- --scenario large

Each attack has a sandbox of its own, in a process of its own. `--scale` multiplies how many requests are sent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tests.bench.load import Connection, request
from tests.served import Served, served

DECLARATIONS = "/api/v3/participant-declarations"
# What a sandbox of the default scenario takes with modules, records and threads.
ALLOWED_BESIDE = 160


def resident(process_id: int) -> float:
    """Resident memory of a process in megabytes."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"process {process_id} says nothing of its memory")


class Client:
    """One connection, which opens itself again when the server has closed it."""

    def __init__(self, server: Served) -> None:
        self._server = server
        self._connection = Connection(server.url)
        self.body = b""  # of the last answer

    def __call__(self, path: str, *, method: str = "GET", body: bytes = b"", headers: str = "", world: str = "") -> int:
        """Send a request for a world; the status of its answer."""
        token = f"{self._server.token}~{world}" if world else self._server.token
        raw = request(self._server.url, path, token=token, method=method, body=body, headers=headers)
        try:
            status, self.body = self._connection.ask(raw)
            return status
        except (ConnectionError, AssertionError):
            self.close()
            self._connection = Connection(self._server.url)
            return 0

    def close(self) -> None:
        """Close the connection."""
        self._connection.socket.close()


def long_headers(send: Client, scale: float) -> Iterator[None]:
    """Requests with 250 kB of headers, as many as a journal keeps."""
    for n in range(int(1000 * scale)):
        send("/api/v3/statements?page[per_page]=1", headers=f"X-Padding: {n:06}{'x' * 250_000}")
        yield


def long_paths(send: Client, scale: float) -> Iterator[None]:
    """Requests for paths of 250 kB, each another."""
    for n in range(int(1300 * scale)):
        send(f"/api/v3/{n:06}{'x' * 250_000}")
        yield


def long_ids(send: Client, scale: float) -> Iterator[None]:
    """The same where the path is one that there is, with an id that there is not."""
    for n in range(int(1300 * scale)):
        send(f"/api/v3/participants/ecf/{n:06}{'x' * 250_000}")
        yield


def unknown_attributes(send: Client, scale: float) -> Iterator[None]:
    """Declarations with 2,000 attributes that nobody knows, each of them another."""
    for n in range(int(1000 * scale)):
        attributes = {f"unknown-{n}-{it}": it for it in range(2000)}
        send(DECLARATIONS, method="POST", body=json.dumps({"data": {"attributes": attributes}}).encode())
        yield


def long_values(send: Client, scale: float) -> Iterator[None]:
    """Declarations whose values are texts of 100 kB, with one letter that makes each take four bytes in memory."""
    for n in range(int(1000 * scale)):
        value = f"{n}\U0001f600{'x' * 100_000}"
        attributes = dict.fromkeys(("participant_id", "declaration_type", "course_identifier"), value)
        send(DECLARATIONS, method="POST", body=json.dumps({"data": {"attributes": attributes}}).encode())
        yield


def long_tokens(send: Client, scale: float) -> Iterator[None]:
    """Tokens of 100 kB under a rate limit, each another: what is counted by token."""
    send("/_sandbox/worlds/main/rate-limit", method="PUT", body=b'{"requests": 5}')
    for n in range(int(2000 * scale)):
        send("/api/v3/statements", headers=f"Authorization: Bearer {n}{'x' * 100_000}")
        yield


def lists_in_worlds(send: Client, scale: float) -> Iterator[None]:
    """In each of a thousand worlds lists of everybody, before and after a write that makes them anew."""
    for n in range(int(1000 * scale)):
        world = f"w{n}"
        for name in ("Jane One", "Jane Two"):
            for version in (1, 3):
                send(f"/api/v{version}/participants/ecf?page[per_page]=3000", world=world)
            rename_somebody(send, world, name)
        yield


def lists_in_one_world(send: Client, scale: float) -> Iterator[None]:
    """In one world all lists, and between them a write that makes the lists anew."""
    for n in range(int(1000 * scale)):
        for version in (1, 3):
            send(f"/api/v{version}/participants/ecf?page[per_page]=3000")
        rename_somebody(send, "main", f"Jane {n}")
        yield


def snapshots(send: Client, scale: float) -> Iterator[None]:
    """Snapshots with lists kept in each."""
    for n in range(int(1000 * scale)):
        send(f"/_sandbox/worlds/main/snapshots/s{n}", method="PUT")
        send("/api/v3/participants/ecf?page[per_page]=3000")
        rename_somebody(send, "main", f"Jane {n}")
        yield


def documents(send: Client, scale: float) -> Iterator[None]:
    """The documents with the examples of many worlds."""
    for n in range(int(40 * scale)):
        for name in ("v1", "v3"):
            send(f"/_sandbox/openapi/{name}.json", world=f"w{n}")
            yield


def worlds_deleted(send: Client, scale: float) -> Iterator[None]:
    """Worlds that are made, asked with long headers, and deleted."""
    for n in range(int(200 * scale)):
        world = f"w{n}"
        for it in range(8):
            send("/api/v3/statements", headers=f"X-Padding: {it:06}{'x' * 250_000}", world=world)
        send(f"/_sandbox/worlds/{world}", method="DELETE")
        yield


def rename_somebody(send: Client, world: str, name: str) -> None:
    """Let somebody change their name: every list of participants is another from then on."""
    send(f"/_sandbox/worlds/{world}/names?find=people.")
    id = next(iter(json.loads(send.body)["names"].values()))
    body = json.dumps({"event": "change_name", "with": {"participant_id": id, "full_name": name}}).encode()
    assert send(f"/_sandbox/worlds/{world}/events", method="POST", body=body) < 300, send.body


ATTACKS: dict[str, Callable[[Client, float], Iterator[None]]] = {
    it.__name__: it
    for it in (
        *(long_headers, long_paths, long_ids, unknown_attributes, long_values, long_tokens),
        *(lists_in_worlds, lists_in_one_world, snapshots, documents, worlds_deleted),
    )
}


def attack(name: str, scale: float = 1.0, *options: str) -> tuple[float, float]:
    """Resident memory in megabytes of a sandbox at its start, and the most that an attack made it take."""
    with served(*options) as server, closing(Client(server)) as send:
        send("/api/v3/statements")
        before = most = resident(server.process.pid)
        for _ in ATTACKS[name](send, scale):
            most = max(most, resident(server.process.pid))
    return before, most


def main() -> None:
    """Print a line for each attack."""
    own, _, options = " ".join(sys.argv[1:]).partition("-- ")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *ATTACKS], help="which attacks; all if none is named")
    parser.add_argument("--scale", type=float, default=1.0)
    told = parser.parse_args(own.split())
    for name in told.names or ATTACKS:
        before, most = attack(name, told.scale, *options.split())
        print(f"{name:<20} {before:>8.0f} MB at the start {most:>8.0f} MB at most", flush=True)


if __name__ == "__main__":
    main()
