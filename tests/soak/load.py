"""Clients in many worlds of one served sandbox: a turn is some twenty requests in one world, writes among them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from tests.bench.load import Connection, request
from tests.bench.services import TOKEN

NOW = "2026-10-12T09:00:00Z"
LISTS = {"ecf": "/api/v3/participants/ecf?page[per_page]=100", "rect": "/api/v3/participants?page[per_page]=100"}
# What the event calls somebody's new name.
NAMES = {"ecf": "full_name", "rect": "name"}
DECLARATIONS = "/api/v3/participant-declarations"
TYPES = {"started": "2025-10-01", "retained-1": "2026-02-01", "retained-2": "2026-07-01"}


@dataclass(frozen=True)
class Kind:
    """Worlds of one service, and who is in each of them."""

    service: str
    worlds: frozenset[str]
    people: tuple[str, ...]


@dataclass
class Worlds:
    """One client's connection and the worlds that are its own, every second of them of another service than main."""

    url: str
    names: tuple[str, ...]
    chance: random.Random
    requests: int = 0
    refused: int = 0
    made: set[str] = field(default_factory=set)
    kinds: tuple[Kind, ...] = ()

    def __post_init__(self) -> None:
        self.connection = Connection(self.url)
        self.kinds = tuple(
            self._kind(service, frozenset(self.names[n :: len(LISTS)])) for n, service in enumerate(LISTS)
        )

    def turn(self) -> None:
        """What a test does in a world, and how a world ends."""
        world = self.chance.choice(self.names)
        kind = next(it for it in self.kinds if world in it.worlds)
        self._make(world, kind.service)
        self._ask("GET", LISTS[kind.service], world)
        for _ in range(8):
            made = self._declare(world, kind)
            if made is not None:
                self._ask("GET", f"{DECLARATIONS}/{made}", world)
                self._ask("PUT", f"{DECLARATIONS}/{made}/void", world)
        self._ask("GET", f"/api/v3/nothing/{self.chance.randrange(10**9)}", world)
        at = f"/_sandbox/worlds/{world}"
        self._ask("GET", f"{at}/journal?limit=5")
        self._ask("POST", f"{at}/events", body=self._event(kind))
        act = self.chance.randrange(6)
        if act == 0:
            self._ask("POST", f"{at}/reset")
        elif act == 1:
            self._delete(world)
        elif act == 2:
            self._ask("PUT", f"{at}/snapshots/kept")
            self._ask("POST", f"{at}/snapshots/kept/restore")
        elif act == 3:
            self._ask("GET", f"{at}/journal/1/explain")

    def forget(self) -> None:
        """Delete every world, and what is kept of those that were."""
        for world in self.names:
            self._delete(world)
        self._ask("DELETE", "/_sandbox/worlds/main/journal")
        self._ask("DELETE", "/_sandbox/journal/past")

    def _kind(self, service: str, worlds: frozenset[str]) -> Kind:
        world = min(worlds)
        self._make(world, service)
        people = tuple(it["id"] for it in self._ask("GET", LISTS[service], world)["data"])
        return Kind(service=service, worlds=worlds, people=people)

    def _make(self, world: str, service: str) -> None:
        if world not in self.made:
            self.made.add(world)
            self._ask("POST", "/_sandbox/worlds", body={"name": world, "service": service, "now": NOW})

    def _delete(self, world: str) -> None:
        self.made.discard(world)
        self._ask("DELETE", f"/_sandbox/worlds/{world}")

    def _declare(self, world: str, kind: Kind) -> str | None:
        type, day = self.chance.choice(list(TYPES.items()))
        attributes = {
            "participant_id": self.chance.choice(kind.people),
            "declaration_type": type,
            "declaration_date": f"{day}T10:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": "other",
            f"unknown_{self.chance.randrange(10**6)}": "x" * 200,
        }
        document = {"data": {"type": "participant-declaration", "attributes": attributes}}
        answer = self._ask("POST", DECLARATIONS, world, document)
        return answer["data"]["id"] if "data" in answer else None

    def _event(self, kind: Kind) -> dict[str, Any]:
        name = f"Somebody {self.chance.randrange(10**6)}"
        told = {"participant_id": self.chance.choice(kind.people), NAMES[kind.service]: name}
        return {"event": "change_name", "with": told}

    def _ask(self, method: str, path: str, world: str | None = None, body: Any = None) -> Any:
        raw = b"" if body is None else json.dumps(body).encode()
        api = path.startswith("/api")
        named = f"X-Sandbox-World: {world}" if world else ""
        sent = request(self.url, path, token=TOKEN if api else "", method=method, body=raw, headers=named)
        status, answer = self.connection.ask(sent)
        self.requests += 1
        self.refused += status >= 400
        assert status < 500, (method, path, status, answer[:300])
        return json.loads(answer) if answer.startswith(b"{") else {}  # else a page, or nothing
