"""A client of a small cast over HTTP, each answer with its explanation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Explanation, Request
from ecf_sandbox.transport import InProcess, Reply, Transport

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
API = "/api/v3"
DECLARATIONS, PARTICIPANTS, PARTNERSHIPS = (
    f"{API}/participant-declarations",
    f"{API}/participants",
    f"{API}/partnerships",
)
ECT, MENTOR = "ecf-induction", "ecf-mentor"


def serve(world: World) -> Transport:
    """The provider API in front of a world."""
    return InProcess(create_app(Worlds(world)).wsgi_app)


@cache
def beginning() -> State:
    """The cast, at a moment that stands still."""
    file = Path(__file__).with_name("cast.yaml")
    return State(records=load_scenario(file, seed="explain").records(), clock=frozen(NOW))


class Explained:
    """Ambition Institute's client, which is told why; and a hand that makes schools and the DfE act."""

    def __init__(self) -> None:
        self.world = World("main", beginning(), seed="explain", service=SERVICE)
        self._send = serve(self.world)

    def send(
        self, method: str, path: str, type: str = "", *, at: str = "", token: str = "ambition-token", **attributes: Any
    ) -> Reply:
        """The answer to a request; one with a type has a body."""
        headers = [("Authorization", f"Bearer {token}")]
        body = None
        if type:
            headers.append(("Content-Type", "application/json"))
            body = json.dumps({"data": {"type": type, "attributes": attributes}}).encode()
        if at:
            headers.append(("X-With-Server-Date", at))
        return self._send(method, path, headers, body)

    def why(self) -> Explanation:
        """The explanation of the newest exchange."""
        return explain(self.world, self.last(), serve)

    def last(self) -> Exchange:
        exchange = self.world.journal.get(self.world.journal.count)
        assert exchange is not None
        return exchange

    def tried(self, *requests: Request) -> int:
        """The status of the last of these requests, sent to the records before the newest exchange."""
        return Trial(self.world, self.last(), serve).send(*requests).status

    def id(self, name: str) -> str:
        return SERVICE.names(self.world.state.records)[name]

    def declare(self, person: str, type: str, date: str, **more: Any) -> Explanation:
        given = {
            "participant_id": self.id(f"people.{person}"),
            "declaration_type": type,
            "declaration_date": date,
            "course_identifier": ECT,
            "evidence_held": "training-event-attended",
        }
        at = more.pop("at", "")
        told = {name: it for name, it in (given | more).items() if it is not None}
        self.send("POST", DECLARATIONS, "participant-declaration", at=at, **told)
        return self.why()

    def act(self, person: str, action: str, **more: Any) -> Explanation:
        given = {"course_identifier": ECT} | more
        self.send("PUT", f"{PARTICIPANTS}/{self.id(f'people.{person}')}/{action}", f"participant-{action}", **given)
        return self.why()

    def partner(self, cohort: str | None, school: str | None, partner: str | None) -> Explanation:
        given = {
            "cohort": cohort,
            "school_id": school and self.id(f"schools.{school}"),
            "delivery_partner_id": partner and self.id(f"delivery_partners.{partner}"),
        }
        self.send("POST", PARTNERSHIPS, "partnership", **{name: it for name, it in given.items() if it is not None})
        return self.why()

    def repartner(self, school: str, partner: str | None) -> Explanation:
        id = self.id(f"partnerships.{school}.2025.Ambition Institute")
        given = partner and self.id(f"delivery_partners.{partner}")
        self.send("PUT", f"{PARTNERSHIPS}/{id}", "partnership", delivery_partner_id=given)
        return self.why()

    def void(self, declaration: str, **more: Any) -> Explanation:
        self.send("PUT", f"{DECLARATIONS}/{self.id(f'declarations.{declaration}')}/void", **more)
        return self.why()

    def read(self, path: str, **more: Any) -> Explanation:
        self.send("GET", f"{API}/{path}", **more)
        return self.why()

    def event(self, name: str, at: datetime = NOW, **arguments: Any) -> None:
        with self.world.turn(at) as turn:
            SERVICE.play(turn, name, arguments)


def rules(it: Explanation) -> list[str]:
    """The rules that refused."""
    return [ruling.rule for judging in it.judgings for ruling in judging.broken]


def given(request: Request) -> dict[str, Any]:
    """The attributes of a request."""
    attributes: dict[str, Any] = request.body["data"]["attributes"]
    return attributes
