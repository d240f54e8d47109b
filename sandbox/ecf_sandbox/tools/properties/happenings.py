"""What may happen in a world at its present, beside what one client does: only what fits is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.scenario.references import resolve
from ecf_sandbox.state.properties import Choose, Happening, Request
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.arguments import Vocabulary
from ecf_sandbox.tools.properties.requests import named

KINDS = ("event", "event", "event", "event", "time", "request")
# A little time, so that clients who forget to overlap are found; enough for milestones, cut-offs and payments.
TIMES: tuple[Mapping[str, Any], ...] = (
    {"minutes": 1},
    {"hours": 1},
    {"days": 1},
    {"days": 30},
    {"to": "statement:next:cut-off"},
    {"to": "statement:next:payment"},
    {"days": 120},
)
_LAST_YEAR = 2030  # later nothing of what the DfE has published goes on
_TRIES = 4


@dataclass(frozen=True)
class Happenings:
    """What a service says may happen: `events` by name, those that are drawn more often several times.

    `sound` draws a request of the client of a name, for one of the `writes`; `id_of` is the id of such a client.
    """

    events: Sequence[str]
    vocabulary: Vocabulary
    writes: Sequence[str]
    sound: Callable[[World, str, str, Choose], Request | None]
    id_of: Callable[[Any, str], str]

    def draw(self, world: World, client: str, choose: Choose) -> Happening | None:
        """Something that can happen now beside what that client does; None if what was drawn does not fit."""
        drawers = {"event": self.draw_event, "time": self.draw_time, "request": self.draw_request}
        for _ in range(_TRIES):
            kind: str = choose(KINDS)
            found = drawers[kind](world, client, choose)
            if found is not None:
                return found
        return None

    def draw_event(self, world: World, client: str, choose: Choose) -> Happening | None:
        """An event that fits; None if what was drawn does not."""
        return self.event_that_fits(world, client, choose(self.events), choose)

    def event_that_fits(self, world: World, client: str, name: str, choose: Choose) -> Happening | None:
        """An event of that name that could happen now; None if what was drawn does not fit."""
        records = world.state.records
        event = world.service.events[name]
        told = self.vocabulary.arguments(records, world.now(), self.id_of(records, client), event, choose)
        if told is None or not _fits(world, name, told):
            return None
        return Happening(kind="event", name=name, told=told)

    def draw_time(self, world: World, client: str, choose: Choose) -> Happening | None:  # noqa: ARG002
        """Time that passes."""
        if world.now().year >= _LAST_YEAR:
            return None
        ahead = {it.name for it in world.service.named_moments(world.state.records, world.now())}
        return Happening(kind="time", told=choose([it for it in TIMES if it.get("to") is None or it["to"] in ahead]))

    def draw_request(self, world: World, client: str, choose: Choose) -> Happening | None:
        """A sound write of another client, with its ids as names; None if there is none to be made."""
        records = world.state.records
        others = [name for name in sorted(world.service.tokens(records)) if name != client]
        if not others:
            return None
        by: str = choose(others)
        request = self.sound(world, by, choose(self.writes), choose)
        if request is None:
            return None
        names = self.vocabulary.names(records)
        return Happening(
            kind="request",
            by=by,
            method=request.method,
            target=named(names, request.target),
            body=named(names, request.body),
        )


def _fits(world: World, name: str, told: Mapping[str, Any]) -> bool:
    """Whether an event could happen now; nothing of it is kept."""
    known = world.service.names(world.state.records)
    try:
        world.service.play(world.look(), name, resolve(dict(told), known))
    except (BadEvent, DoesNotFit, KeyError):
        return False
    return True
