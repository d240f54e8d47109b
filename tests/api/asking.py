"""A small world behind the real application, and a short way to ask it things."""

from __future__ import annotations

from typing import Any

from sandbox.app import create_app
from sandbox.clock import frozen
from sandbox.domain.providers import DeliveryPartner, ProviderRelationship, Token, TokenKind
from sandbox.transport import InProcess, Reply
from sandbox.world import State, World
from sandbox.worlds import Worlds
from tests.builders import FIRST_DAY, a_country, a_participant, at, id_of

NOW = at("2025-02-10T12:00:00")
PARTNERS = tuple(id_of(f"partner {n}") for n in range(5))
TOKENS = (
    Token(value="alpha-token", provider_id="alpha"),
    Token(value="beta-token", provider_id="beta"),
    Token(value="nobody-token"),
    Token(value="learn-token", kind=TokenKind.ENGAGE_AND_LEARN),
)
BEARER = ("Authorization", "Bearer alpha-token")
JSON = ("Content-Type", "application/json")


def a_world() -> World:
    """Alpha may work with five delivery partners and trains one participant; the clock stands still."""
    partners = [
        DeliveryPartner(id=id, name=f"Partner {n} <&>", created_at=FIRST_DAY, updated_at=FIRST_DAY)
        for n, id in enumerate(PARTNERS)
    ]
    known = [
        ProviderRelationship(id=f"alpha {id}", provider_id="alpha", delivery_partner_id=id, cohort=2024)
        for id in PARTNERS
    ]
    records = a_country(*TOKENS, *partners, *known, *a_participant("ann"))
    return World("main", State(records=records, clock=frozen(NOW)))


class Asker:
    """Sends requests to the application over one world."""

    def __init__(self, world: World | None = None, rate_limit: int | None = None) -> None:
        self.world = world or a_world()
        self.flask = create_app(Worlds(self.world), rate_limit=rate_limit)
        self.send = InProcess(self.flask.wsgi_app)

    def __call__(
        self, target: str, *headers: tuple[str, str], method: str = "GET", body: bytes | None = None, token: bool = True
    ) -> Reply:
        return self.send(method, target, [*([BEARER] if token else []), *headers], body)


def keys(reply: Reply) -> set[str]:
    """The names of the headers of a reply."""
    return set(reply.headers)


def an_error(title: str, detail: str) -> dict[str, Any]:
    """The document of one error."""
    return {"errors": [{"title": title, "detail": detail}]}
