"""The default scenario in the default edition, over HTTP, with its people and schools by name."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.events.registry import play
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, Reply
from tests.tools.contract.checked import Checked

NOW = datetime.fromisoformat("2026-10-12T09:00:00+00:00")


@cache
def beginning() -> State:
    return State(records=load_scenario("default", seed="guidance").records(), clock=frozen(NOW))


class Client:
    """A provider's client, and a hand that makes schools and the DfE act."""

    def __init__(self, *, judged: bool = True) -> None:
        self.world = World("main", beginning(), seed="guidance", service=ECF)
        straight = InProcess(create_app(Worlds(self.world)).wsgi_app)
        self.send = Checked(straight) if judged else straight

    def __call__(
        self, method: str, path: str, body: Any = None, *, at: str = "", token: str = "ambition-token"
    ) -> tuple[Reply, Any]:
        headers = [("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")]
        if at:
            headers.append(("X-With-Server-Date", at))
        raw = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        reply = self.send(method, path, headers, raw)
        try:
            return reply, json.loads(reply.body)
        except ValueError:
            return reply, None

    def get(self, path: str, **options: Any) -> Any:
        reply, document = self("GET", path, **options)
        assert reply.status == 200, (reply, path)
        return document

    def id(self, name: str) -> str:
        return names(self.world.state.records)[name]

    def event(self, name: str, at: str, **arguments: Any) -> None:
        with self.world.turn(datetime.fromisoformat(at)) as turn:
            play(turn, name, arguments)


@pytest.fixture
def client() -> Client:
    return Client()


def attributes(type: str, **given: Any) -> dict[str, Any]:
    """A request body as the guidance writes it."""
    return {"data": {"type": type, "attributes": given}}


def declaration(client: Client, person: str, type: str, date: str, **more: Any) -> dict[str, Any]:
    """The guidance's example of a declaration, for somebody of the scenario."""
    return attributes(
        "participant-declaration",
        participant_id=client.id(f"people.{person}"),
        declaration_type=type,
        declaration_date=date,
        course_identifier="ecf-induction",
        **more,
    )


def errors(document: Any) -> list[tuple[str, str]]:
    return [(it["title"], it["detail"]) for it in document["errors"]]
