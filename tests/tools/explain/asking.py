"""The default scenario over HTTP, each answer with its explanation."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Explanation, Request
from ecf_sandbox.transport import InProcess, Transport
from tests.guidance.conftest import Client, attributes, declaration

DECLARATIONS = "/api/v3/participant-declarations"
PARTICIPANTS = "/api/v3/participants/ecf"
PARTNERSHIPS = "/api/v3/partnerships/ecf"
ECT = {"course_identifier": "ecf-induction"}


def serve(world: World) -> Transport:
    """The provider API in front of a world."""
    return InProcess(create_app(Worlds(world)).wsgi_app)


class Explained(Client):
    """A client that is told why."""

    def last(self) -> Exchange:
        exchange = self.world.journal.get(self.world.journal.count)
        assert exchange is not None
        return exchange

    def why(self) -> Explanation:
        """The explanation of the newest exchange."""
        return explain(self.world, self.last(), serve)

    def declaring(self, person: str, type: str, date: str, at: str = "", **more: Any) -> Explanation:
        self("POST", DECLARATIONS, declaration(self, person, type, date, **more), at=at)
        return self.why()

    def acting(self, person: str, action: str, **more: Any) -> Explanation:
        path = f"{PARTICIPANTS}/{self.id(f'people.{person}')}/{action}"
        self("PUT", path, attributes(f"participant-{action}", **{**ECT, **more}))
        return self.why()

    def confirming(self, cohort: str, school_id: str, delivery_partner_id: str) -> Explanation:
        given = {"cohort": cohort, "school_id": school_id, "delivery_partner_id": delivery_partner_id}
        self("POST", PARTNERSHIPS, attributes("ecf-partnership", **given))
        return self.why()

    def reading(self, path: str, **options: Any) -> Explanation:
        self("GET", path, **options)
        return self.why()

    def tried(self, *requests: Request) -> int:
        """The status of the last of these requests, sent to the records before the newest exchange."""
        return Trial(self.world, self.last(), serve).send(*requests).status


def rules(it: Explanation) -> list[str]:
    """The rules that refused."""
    return [ruling.rule for judging in it.judgings for ruling in judging.broken]


def given(request: Request) -> dict[str, Any]:
    """The attributes of a request."""
    attributes: dict[str, Any] = request.body["data"]["attributes"]
    return attributes
