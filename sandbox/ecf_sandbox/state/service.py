"""A service as a value: all that the rest of the sandbox needs to know of one API and its nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.event import play_event

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ecf_sandbox.api.routes import Route
    from ecf_sandbox.rulebook.rule import Rulebook
    from ecf_sandbox.state.event import Event
    from ecf_sandbox.state.moments import NamedMoment
    from ecf_sandbox.state.parts import Caller, FallsDue
    from ecf_sandbox.state.properties import Draw, Invariant
    from ecf_sandbox.state.record import Record
    from ecf_sandbox.state.records import Records
    from ecf_sandbox.state.turn import Turn

T = TypeVar("T")


def resolve_name(name: str) -> Any:
    """What `module:attribute` names, or the module alone for `module:`; imported if it has not been yet."""
    module, _, attribute = name.partition(":")
    loaded = import_module(module)
    return getattr(loaded, attribute) if attribute else loaded


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody: the id and name, every id by which a request may mean them, and the columns that say whose a row is."""

    id: str
    name: str
    ids: frozenset[str]
    columns: frozenset[str]

    def has(self, row: Any) -> bool:
        """Whether a row says whose it is, and means them."""
        return any(getattr(row, name, None) in self.ids for name in self.columns)


class NoSuchPart(KeyError):
    """A service has not got a part that somebody needs."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class Service:
    """One API: its editions, and its parts, which are loaded when they are first asked for.

    A part is named by `module:attribute`, or by `module:` alone. Here is how to ask for those whose types are known to
    every layer; of the others the layer that has the type knows how (`scenario.builder.builder_of`). A service needs
    `routes`, `records`, `caller_of`, `tokens`, `names` and `documents`, and for scenario files `scenarios`,
    `scenario_sections` and `scenario_builder`; without any other, what that is for is left out, or read out of its
    documents and rulebooks.

    `editions` are by name, the first of them shown where nobody chose; `switches` say what each switch of an edition
    means; `client` is what a client of the API is called. A service is a folder of the package, whose `service.py` has
    the value (`ecf_sandbox/services.py`).
    """

    name: str
    title: str
    editions: Mapping[str, Edition]
    switches: Mapping[str, str]
    parts: Mapping[str, str]
    client: str = "client"
    _loaded: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def default_edition(self) -> Edition:
        """The edition that is shown where nobody chose one."""
        return next(iter(self.editions.values()))

    def part(self, name: str) -> Any:
        """A part of the service; raises NoSuchPart for one that it has not got."""
        found = self._loaded.get(name)
        if found is None:
            if name not in self.parts:
                raise NoSuchPart(f"the service {self.name} has no part {name!r}: add it to the parts of its value")
            found = self._loaded[name] = resolve_name(self.parts[name])
        return found

    def part_or(self, name: str, default: T) -> T:
        """A part that a service may do without, or the default."""
        found: T = self.part(name) if name in self.parts else default
        return found

    def once(self, compute: Callable[[Service], T]) -> T:
        """What `compute(self)` answers, computed once for as long as the service lives."""
        if compute not in self._loaded:
            self._loaded[compute] = compute(self)
        answer: T = self._loaded[compute]
        return answer

    def load(self) -> None:
        """Load every part and every endpoint, for those who must not wait for them later."""
        for name in self.parts:
            self.part(name)
        for module in {it.endpoint.partition(":")[0] for it in self.routes if it.endpoint}:
            import_module(module)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every route, in the order in which they are listed."""
        found: tuple[Route, ...] = self.part("routes")
        return found

    @property
    def records_type(self) -> type[Records]:
        """The class of its records; an instance is without a row."""
        found: type[Records] = self.part("records")
        return found

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions of its API, the oldest first."""
        return self.once(_versions)

    @property
    def newest(self) -> int:
        """The newest version of its API."""
        return self.versions[-1]

    def caller_of(self, records: Records, token: str) -> Caller | None:
        """Who has a token; None for no known token; raises OutOfScope for one of another kind."""
        found: Caller | None = self.part("caller_of")(records, token)
        return found

    def tokens(self, records: Records) -> dict[str, str]:
        """A token of each caller, by name."""
        found: dict[str, str] = self.part("tokens")(records)
        return found

    def names(self, records: Records) -> dict[str, str]:
        """Every name that stands for an id, with the id."""
        found: dict[str, str] = self.part("names")(records)
        return found

    def named_moments(self, records: Records, now: datetime) -> list[NamedMoment]:
        """The moments ahead that have a name, in the order of time."""
        moments = self.part_or("named_moments", None)
        found: list[NamedMoment] = moments(records, now) if moments else []
        return found

    @property
    def falls_due(self) -> FallsDue:
        """What happens by itself as time goes by."""
        return self.part_or("falls_due", _nothing_due)

    @property
    def events(self) -> Mapping[str, Event]:
        """What others than the callers of the API do, by name."""
        return self.part_or("events", {})

    def play(self, turn: Turn[Any], name: str, arguments: Mapping[str, object]) -> Record | None:
        """Make an event happen, and answer the row that it is about; raises BadEvent or DoesNotFit."""
        return play_event(self.events, turn, name, arguments)

    @property
    def draw_happening(self) -> Draw:
        """Draws what may happen in a world beside what one client does; of a service without it nothing ever does."""
        return self.part_or("draw_happening", _nothing_drawn)

    @property
    def client_invariants(self) -> tuple[Invariant, ...]:
        """What must hold of every client of the API."""
        return self.part_or("client_invariants", ())

    @property
    def client_lists(self) -> Mapping[str, str]:
        """The paths at which the API shows what a client may know, by the name under which a client says so."""
        return self.part_or("client_lists", {})

    @property
    def rulebooks(self) -> tuple[Rulebook[Any], ...]:
        """The rules of each action."""
        return self.part_or("rulebooks", ())

    @property
    def scenarios(self) -> Path:
        """The folder of the scenarios that come with it."""
        found: Path = self.part("scenarios")
        return found

    @property
    def documents(self) -> Mapping[str, Path]:
        """The files of its OpenAPI documents, by version (`v3`), the oldest first."""
        found: Mapping[str, Path] = self.part("documents")
        return found

    @property
    def scenario_sections(self) -> Any:
        """What a scenario file says that a world begins with: a `scenario.section.Section`, which the builder reads."""
        return self.part("scenario_sections")

    def names_after(self, event: str, arguments: Mapping[str, object]) -> Iterable[str]:
        """The names that stand for ids only since an event happened, in a story that is read and not yet played."""
        names = self.part_or("names_after", None)
        found: Iterable[str] = names(event, arguments) if names else ()
        return found

    def clients_of(self, records: Records) -> dict[str, str]:
        """The token of each caller by a short name, as a saved scenario has them."""
        short = self.part_or("clients_of", None)
        if short is None:
            return {name.lower().replace(" ", "-"): token for name, token in self.tokens(records).items()}
        found: dict[str, str] = short(records)
        return found


def _nothing_due(*_of: object, **_how: object) -> list[Any]:
    return []


def _nothing_drawn(world: object, client: str, choose: object) -> None:  # noqa: ARG001
    return None


def _versions(service: Service) -> tuple[int, ...]:
    return tuple(sorted({version for route in service.routes for version in route.versions}))
