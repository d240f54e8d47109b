"""A small world behind the real application, and a short way to ask it things: every answer is held against OpenAPI."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship, Token, TokenKind
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, Reply
from tests.builders import FIRST_DAY, a_country, a_participant, at, id_of
from tests.tools.contract.checked import Checked

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
    records = with_uuids(a_country(*TOKENS, *partners, *known, *a_participant("ann")))
    return World("main", State(records=records, clock=frozen(NOW)), service=ECF)


def with_uuids(records: Records) -> Records:
    """The same records with a uuid for every name that stands for one, but for those of the providers."""
    return Records().save(*(with_uuid(row) for table in Records.TABLES.values() for row in getattr(records, table)))


def with_uuid(row: Record) -> Record:
    """The same row, likewise."""
    names = [it for it in row.__struct_fields__ if it == "id" or it.endswith("_id")]
    named = {it: getattr(row, it) for it in names if it != "provider_id" and not isinstance(row, Provider)}
    return replace(row, **{it: id_of(name) for it, name in named.items() if name and uuid_of(name) is None})


class Asker:
    """Sends requests to the application over one world."""

    def __init__(self, world: World | None = None, rate_limit: int | None = None, *, judged: bool = True) -> None:
        self.world = world or a_world()
        self.flask = create_app(Worlds(self.world), rate_limit=rate_limit)
        straight = InProcess(self.flask.wsgi_app)
        self.send = Checked(straight) if judged else straight

    def __call__(
        self, target: str, *headers: tuple[str, str], method: str = "GET", body: bytes | None = None, token: bool = True
    ) -> Reply:
        return self.send(method, target, [*([BEARER] if token else []), *headers], body)


def keys(reply: Reply) -> set[str]:
    """The names of the headers of a reply, but for those with which the observer speaks up."""
    return set(reply.headers) - {"x-sandbox-findings", "link"}


def an_error(title: str, detail: str) -> dict[str, Any]:
    """The document of one error."""
    return {"errors": [{"title": title, "detail": detail}]}
