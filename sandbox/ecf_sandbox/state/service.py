"""A service as a value: all that the rest of the sandbox needs to know of one API and its nouns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ecf_sandbox.state.editions import Edition

if TYPE_CHECKING:
    from datetime import datetime

    from ecf_sandbox.state.event import Event
    from ecf_sandbox.state.moments import NamedMoment
    from ecf_sandbox.state.record import Record
    from ecf_sandbox.state.records import Records
    from ecf_sandbox.state.turn import Turn


@dataclass(frozen=True, eq=False)
class Service:
    """One API: its editions, and its parts, which are loaded when they are first asked for.

    A part is named by `module:attribute`, or by `module:` alone.

    `editions` are by name, the first of them shown where nobody chose; `switches` say what each switch of an edition
    means. A service is a folder of the package, whose `service.py` has the value (`ecf_sandbox/services.py`).
    """

    name: str
    title: str
    editions: Mapping[str, Edition]
    switches: Mapping[str, str]
    parts: Mapping[str, str]
    _loaded: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def default_edition(self) -> Edition:
        """The edition that is shown where nobody chose one."""
        return next(iter(self.editions.values()))

    def part(self, name: str) -> Any:
        """A part of the service; raises KeyError for one that it has not got."""
        if name not in self._loaded:
            module, _, attribute = self.parts[name].partition(":")
            loaded = import_module(module)
            self._loaded[name] = getattr(loaded, attribute) if attribute else loaded
        return self._loaded[name]

    def load(self) -> None:
        """Load every part and every endpoint, for those who must not wait for them later."""
        for name in self.parts:
            self.part(name)
        for module in {it.endpoint.partition(":")[0] for it in self.routes if it.endpoint}:
            import_module(module)

    @property
    def routes(self) -> tuple[Any, ...]:
        """Every route (`api.routes.Route`), in the order in which they are listed."""
        found: tuple[Any, ...] = self.part("routes")
        return found

    @property
    def records_type(self) -> type[Records]:
        """The class of its records; an instance is without a row."""
        found: type[Records] = self.part("records")
        return found

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions of its API, the oldest first."""
        return tuple(sorted({version for route in self.routes for version in route.versions}))

    @property
    def newest(self) -> int:
        """The newest version of its API."""
        return self.versions[-1]

    def caller_of(self, records: Records, token: str) -> Any:
        """Who has a token: a row with `id` and `name`; None for no known token; raises OutOfScope for another kind."""
        return self.part("caller_of")(records, token)

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
        found: list[NamedMoment] = self.part("named_moments")(records, now)
        return found

    @property
    def falls_due(self) -> Callable[..., list[Any]]:
        """What happens by itself as time goes by: `falls_due(records, since, until, paying=…)` answers `Due`."""
        found: Callable[..., list[Any]] = self.part("falls_due")
        return found

    @property
    def events(self) -> Mapping[str, Event]:
        """What others than the callers of the API do, by name."""
        found: Mapping[str, Event] = self.part("events")
        return found

    def play(self, turn: Turn[Any], name: str, arguments: Mapping[str, object]) -> Record | None:
        """Make an event happen, and answer the row that it is about; raises BadEvent or DoesNotFit."""
        row: Record | None = self.part("play")(turn, name, arguments)
        return row

    def scenario_builder(self, seed: str) -> Any:
        """Whatever makes records of the sections of a scenario file; ids derive from the seed."""
        return self.part("scenario_builder")(seed)

    def clients_of(self, records: Records) -> dict[str, str]:
        """The token of each caller by a short name, as a saved scenario has them."""
        found: dict[str, str] = self.part("clients_of")(records)
        return found
