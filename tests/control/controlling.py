"""A sandbox over the default scenario at a frozen moment, and a short way to control it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.memory import Memory
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.builders import at

NOW = at("2026-10-12T09:00:00")
TOKEN = "ambition-token"


@cache
def beginning() -> State:
    return State(records=load_scenario("default", seed="sandbox").records(), clock=frozen(NOW))


class Sandbox:
    """The application, asked as a provider and as whoever controls it."""

    def __init__(self, *, edition: Edition = GUIDANCE, control_token: str | None = None, limit: int = 1000) -> None:
        self.world = World("main", replace(beginning()), edition=edition, scenario="default", service=ECF)
        self.worlds = Worlds(self.world, limit=limit, memory=Memory())
        self.send = InProcess(create_app(self.worlds, control_token=control_token).wsgi_app)
        self.names = names(self.world.state.records)

    def control(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and document of an answer of the control plane."""
        raw = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        reply = self.send(method, f"/_sandbox{path}", [(k.replace("_", "-"), v) for k, v in headers.items()], raw)
        text = reply.headers["content-type"]
        return reply.status, json.loads(reply.body) if "json" in text and "jsonl" not in text else reply.body.decode()

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """The document of an answer that must be a success."""
        status, document = self.control(method, path, body)
        assert status < 300, document
        return document

    def provider(self, method: str, path: str, attributes: Any = None, *, token: str = TOKEN) -> tuple[int, Any]:
        """Status and document of an answer of the provider API."""
        body = None if attributes is None else json.dumps({"data": {"attributes": attributes}}).encode()
        headers = [("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")]
        reply = self.send(method, f"/api/v3{path}", headers, body)
        return reply.status, json.loads(reply.body or b"null")

    def declare(self, person: str = "Jane Smith", token: str = TOKEN, **changes: Any) -> tuple[int, Any]:
        """A started declaration that is sound for Jane Smith."""
        sound = {
            "participant_id": self.names[f"people.{person}"],
            "declaration_type": "started",
            "declaration_date": "2025-10-06T09:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": "other",
        }
        return self.provider("POST", "/participant-declarations", sound | changes, token=token)

    @property
    def records(self) -> Any:
        return self.world.state.records
