"""Clients in many worlds of one served sandbox: a turn is some twenty requests in one world, writes among them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from tests.bench.load import Connection, request
from tests.bench.servers import TOKEN

LIST = "/api/v3/participants/ecf?page[per_page]=100"
DECLARATIONS = "/api/v3/participant-declarations"
TYPES = {"started": "2025-10-01", "retained-1": "2026-02-01", "retained-2": "2026-07-01"}


@dataclass
class Worlds:
    """One client's connection and the worlds that are its own."""

    url: str
    names: tuple[str, ...]
    chance: random.Random
    requests: int = 0
    refused: int = 0
    people: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = Connection(self.url)
        self.people = [it["id"] for it in self._ask("GET", LIST, self.names[0])["data"]]

    def turn(self) -> None:
        """What a test does in a world, and how a world ends."""
        world = self.chance.choice(self.names)
        self._ask("GET", LIST, world)
        for _ in range(8):
            made = self._declare(world)
            if made is not None:
                self._ask("GET", f"{DECLARATIONS}/{made}", world)
                self._ask("PUT", f"{DECLARATIONS}/{made}/void", world)
        self._ask("GET", f"/api/v3/nothing/{self.chance.randrange(10**9)}", world)
        at = f"/_sandbox/worlds/{world}"
        self._ask("GET", f"{at}/journal?limit=5")
        self._ask("POST", f"{at}/events", body=self._event())
        act = self.chance.randrange(6)
        if act == 0:
            self._ask("POST", f"{at}/reset")
        elif act == 1:
            self._ask("DELETE", at)
        elif act == 2:
            self._ask("PUT", f"{at}/snapshots/kept")
            self._ask("POST", f"{at}/snapshots/kept/restore")
        elif act == 3:
            self._ask("GET", f"{at}/journal/1/explain")

    def forget(self) -> None:
        """Delete every world, and what is kept of those that were."""
        for world in self.names:
            self._ask("DELETE", f"/_sandbox/worlds/{world}")
        self._ask("DELETE", "/_sandbox/worlds/main/journal")
        self._ask("DELETE", "/_sandbox/journal/past")

    def _declare(self, world: str) -> str | None:
        type, day = self.chance.choice(list(TYPES.items()))
        attributes = {
            "participant_id": self.chance.choice(self.people),
            "declaration_type": type,
            "declaration_date": f"{day}T10:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": "other",
            f"unknown_{self.chance.randrange(10**6)}": "x" * 200,
        }
        document = {"data": {"type": "participant-declaration", "attributes": attributes}}
        answer = self._ask("POST", DECLARATIONS, world, document)
        return answer["data"]["id"] if "data" in answer else None

    def _event(self) -> dict[str, Any]:
        name = f"Somebody {self.chance.randrange(10**6)}"
        return {"event": "change_name", "with": {"participant_id": self.chance.choice(self.people), "full_name": name}}

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
