"""One world for one test: its tokens and names, its clock, what happens in it, and what was asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from ecf_sandbox.control.clock import advance_clock
from ecf_sandbox.control.journal import nearest
from ecf_sandbox.control.matching import CONDITIONS, Match, read_match
from ecf_sandbox.control.perform import perform
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.scenario.world import too_early
from ecf_sandbox.state.clock import Clock, frozen
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Happening
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.testing.client import EcfClient
from ecf_sandbox.testing.properties.playing import play
from ecf_sandbox.testing.settings import BadSetting, moment
from ecf_sandbox.tools.explain.written import Explainer
from ecf_sandbox.transport import Headers, Reply, Transport

if TYPE_CHECKING:
    import httpx
    import requests


class BadMatch(ValueError):
    """A question about the journal that no exchange can fit. Says which name is wrong, and what there is instead."""


class Named(Mapping[str, str]):
    """The ids of one kind of thing by name, as they are now; an unknown name is a KeyError with the nearest."""

    def __init__(self, kind: str, world: World) -> None:
        self._kind = kind
        self._world = world

    def __getitem__(self, name: str) -> str:
        found = self._all().get(f"{self._kind}.{name}")
        if found is None:
            raise KeyError(f"{self._kind}: there is no {did_you_mean(name, self)}")
        return found

    def __iter__(self) -> Iterator[str]:
        prefix = f"{self._kind}."
        return (name.removeprefix(prefix) for name in self._all() if name.startswith(prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{self._kind} by name: {', '.join(self)}>"

    def _all(self) -> dict[str, str]:
        return self._world.state.records.cached(self._world.service.part("names"))


class Tokens(dict[str, str]):
    """Tokens by the name of their provider; an unknown name is a KeyError with the nearest."""

    def __missing__(self, name: str) -> str:
        raise KeyError(f"there is no provider {did_you_mean(name, self)}")


def match_of(world: World, operation: str | None, **like: Any) -> Match:
    """What is asked of an exchange; raises BadMatch for a name that this world does not know, with the nearest.

    The operation may leave out its version: `createDeclaration` for `v3 createDeclaration`.
    """
    if unknown := [it for it in like if it not in CONDITIONS]:
        raise TypeError(f"an exchange has no {did_you_mean(unknown[0], CONDITIONS)}")
    try:
        return read_match(world, {"operation": operation, **like})
    except Problem as wrong:
        raise BadMatch(wrong.detail) from None


def matching(journal: Iterable[Exchange], wanted: Match) -> list[Exchange]:
    """The exchanges that match and were not taken back, the oldest first."""
    return [it for it in journal if not it.undone and wanted.fits(it)]


def not_as_expected(journal: tuple[Exchange, ...], wanted: Match, found: int, times: int | None) -> str:
    """That there were not as many as expected, with those that came nearest if there were none."""
    count = "at least one" if times is None else str(times)
    lines = [f"{count} expected of {_describe(wanted)}; there were {found}"]
    for miss in () if found else nearest(journal, wanted):
        lines.append(
            f"  nearly: {miss['method']} {miss['target']} {miss['status']}, but {'; '.join(miss['differences'])}"
        )
    return "\n".join(lines)


def in_a_line(exchange: Exchange) -> str:
    """An exchange as people read it: number, method, path, status and the rules that refused."""
    if not exchange.method:
        return f"{exchange.number:>3}  {exchange.operation}"
    rules = ", ".join(dict.fromkeys(refusal.rule for refusal in exchange.refusals))
    request = f"{exchange.method:<6} {exchange.target}"
    return f"{exchange.number:>3}  {request}  {exchange.status}{f'  {rules}' if rules else ''}"


def _describe(wanted: Match) -> str:
    asked = {name: getattr(wanted, name) for name in CONDITIONS}
    return ", ".join(f"{name} {value}" for name, value in asked.items() if value is not None) or "anything"


_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
# Answers in process whatever the host; this one can belong to nobody.
IN_PROCESS = "http://ecf-sandbox.test"


class TransportHost(Protocol):
    """Where a world lives: how it is asked in process, and the server's address."""

    @property
    def send(self) -> Transport: ...
    @property
    def url(self) -> str: ...
    def past(self, world: str) -> list[Exchange]:
        """What was asked of the worlds of that name that are no more, or that another took the place of."""


class EcfWorld:
    """A world of its own: what is done here is seen nowhere else.

    `token` is the first provider's and `tokens` has each provider's by name; they end in `~` and the world's name, so
    that any client which sends one lands in this world. `people`, `schools`, `delivery_partners`, `statements`,
    `partnerships` and `declarations` give ids by name, as things are at the moment; an unknown name is a KeyError
    with the nearest. `named` does so for any kind of thing, also of another service. `world` is what lies beneath.
    """

    def __init__(self, world: World, home: TransportHost, first_token: str) -> None:
        self.world = world
        self.name = world.name
        self._home = home
        suffix = f"~{world.name}"
        self.token = first_token + suffix
        self._first_token = first_token
        self.tokens = Tokens(
            {name: token + suffix for name, token in world.service.tokens(world.state.records).items()}
        )
        self.people = Named("people", world)
        self.schools = Named("schools", world)
        self.delivery_partners = Named("delivery_partners", world)
        self.statements = Named("statements", world)
        self.partnerships = Named("partnerships", world)
        self.declarations = Named("declarations", world)

    def named(self, kind: str) -> Named:
        """The ids of one kind of thing (`people`) by name, as things are at the moment."""
        return Named(kind, self.world)

    @property
    def url(self) -> str:
        """The address of the server, such as `http://127.0.0.1:40123`; it is started when first asked for."""
        return self._home.url

    @property
    def provider(self) -> str:
        """The name of the provider whose token is `token`."""
        caller = self.world.service.caller_of(self.world.state.records, self._first_token)
        return "" if caller is None else caller.name

    @property
    def edition(self) -> str:
        """The name of the edition whose behaviour the world shows."""
        return self.world.edition.name

    @property
    def now(self) -> datetime:
        """The world's present (aware, UTC)."""
        return self.world.now()

    def headers(self, provider: str | None = None) -> dict[str, str]:
        """The headers that let a provider into this world: the first one, or the one of that name."""
        return {"Authorization": f"Bearer {self.token if provider is None else self.tokens[provider]}"}

    def event(self, name: str, *, at: str | datetime | None = None, **arguments: object) -> Record | None:
        """Make a school, an induction tutor or the DfE act, now or at a moment; answers the row that it is about.

        Raises BadEvent for an unknown event or wrong arguments, DoesNotFit if it could not have happened.
        """
        told = {key: it.isoformat() if isinstance(it, date) else it for key, it in arguments.items()}
        rows: list[Record | None] = []
        perform(
            self.world,
            f"event {name}",
            told,
            lambda turn: rows.append(self.world.service.play(turn, name, told)),
            self.now if at is None else moment(at),
        )
        return rows[0]

    def happens(self, happening: Happening) -> bool:
        """Let something happen that was drawn (`strategies.happenings`); whether it fits what is there now."""
        return play(self.world, happening, self._home.send) is not None

    def at(self, when: str | datetime) -> FrozenClock:
        """Stop the world's clock at a moment: from now on, or for the length of a `with` block. Nothing falls due.

        Raises BadSetting for a moment before what the world's scenario describes.
        """
        before, goal = self.world.state.clock, moment(when)
        if wrong := too_early(f"the scenario {self.world.scenario}", goal, self.world.earliest(), self.world.service):
            raise BadSetting(wrong)
        self.world.set_clock(frozen(goal))
        return FrozenClock(self.world, before)

    def advance(self, by: timedelta | None = None, *, to: str | None = None, **units: float) -> datetime:
        """Let time pass: a timedelta, what makes one (`days=3`), or up to a moment, which may be a named one.

        What falls due on the way happens: statements are cut off, and paid when going to `statement:next:payment`.
        Answers the new present; raises Problem for a moment that is unknown or not ahead, TypeError for another unit.
        """
        if wrong := [it for it in units if it not in _UNITS]:
            raise TypeError(f"advance() takes no {did_you_mean(wrong[0], _UNITS)}")
        step = by if by is not None else timedelta(**units)
        advance_clock(self.world, to=to, seconds=step.total_seconds())
        return self.now

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """Every exchange since the beginning, or the last reset, the oldest first."""
        return tuple(self.world.journal)

    @property
    def whole_journal(self) -> tuple[Exchange, ...]:
        """Every exchange of the test, those before a reset, a deletion or an import included."""
        return (*self._home.past(self.name), *self.world.journal)

    def explanation(self, exchange: Exchange) -> dict[str, Any] | None:
        """The rules that refused an exchange, and the facts that they read; None where nothing refused it."""
        return Explainer().explanation(self.world, exchange)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the observer found in the requests of the test: mistakes that the real service lets pass."""
        return tuple(finding for it in self.whole_journal for finding in it.findings)

    def asked(self, operation: str | None = None, **like: Any) -> list[Exchange]:
        """The exchanges that match: by operation, method, path, status (`4xx`), rule, judged, provider or body.

        Raises BadMatch, a ValueError, for a name that there is not.
        """
        return matching(self.journal, match_of(self.world, operation, **like))

    def verify(self, operation: str | None = None, times: int | None = None, **like: Any) -> list[Exchange]:
        """Insist that there were such exchanges, exactly `times` if given; raises AssertionError.

        Raises BadMatch, a ValueError, for a name that there is not.
        """
        wanted = match_of(self.world, operation, **like)
        found = matching(self.journal, wanted)
        if (times is None and not found) or (times is not None and len(found) != times):
            raise AssertionError(not_as_expected(self.journal, wanted, len(found), times))
        return found

    def reset(self) -> None:
        """Back to how the world began: records, clock and ids, with an empty journal and no faults."""
        self.world.reset()

    def send(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """Send a request straight into the application, for this world: a token need not name it.

        Raises ValueError for a header that names another world; a token that does is refused by the sandbox.
        """
        others = [it for it in headers if it[0].lower() != "x-sandbox-world"]
        for name, value in headers:
            if name.lower() == "x-sandbox-world" and value != self.name:
                raise ValueError(f"this client is for world {self.name!r}, and the request names {value!r}")
        return self._home.send(method, target, [*others, ("X-Sandbox-World", self.name)], body)

    @property
    def client(self) -> EcfClient:
        """A client of this world that takes and gives JSON, without a socket."""
        return EcfClient(self.send, self.headers)

    def requests_session(self, provider: str | None = None) -> requests.Session:
        """A `requests.Session` with a provider's token; whatever the host, it asks this world without a socket."""
        from ecf_sandbox.testing.requests_adapter import session

        return session(self, self.headers(provider))

    def httpx_client(self, provider: str | None = None) -> httpx.Client:
        """An `httpx.Client` with a provider's token; whatever the host, it asks this world without a socket."""
        from ecf_sandbox.testing.httpx_transport import client

        return client(self, self.headers(provider), IN_PROCESS)

    def httpx_async_client(self, provider: str | None = None) -> httpx.AsyncClient:
        """The same as an `httpx.AsyncClient`."""
        from ecf_sandbox.testing.httpx_transport import async_client

        return async_client(self, self.headers(provider), IN_PROCESS)

    def __repr__(self) -> str:
        return f"<world {self.name}, {self.edition} edition, {self.now:%Y-%m-%d %H:%M:%SZ}>"


class FrozenClock:
    """The clock is stopped already; as a context manager it gives the world its clock back at the end."""

    def __init__(self, world: World, before: Clock) -> None:
        self._world = world
        self._before = before

    def __enter__(self) -> datetime:
        return self._world.now()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._world.set_clock(self._before)
