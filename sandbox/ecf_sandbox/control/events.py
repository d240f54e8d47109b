"""Events: what schools, induction tutors and the DfE do, made to happen in a world."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ecf_sandbox.control.operation import known_world, operation
from ecf_sandbox.control.perform import Json, perform, shown_change
from ecf_sandbox.control.problem import Problem, bad_request, not_known
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.scenario.references import references, resolve
from ecf_sandbox.state.event import Event
from ecf_sandbox.state.record import Record, plain
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN, Worlds

OfWorld = Annotated[str, "the world, whose service has them"]


@operation("GET", "/events", command="event list")
def list_events(worlds: Worlds, world: OfWorld = MAIN) -> Json:
    """List every event of a world's service with its parameters."""
    return {"events": [shown_event(it) for it in known_world(worlds, world).service.events.values()]}


@operation("GET", "/events/{event}", command="event show")
def show_event(worlds: Worlds, event: Annotated[str, "the name of the event"], world: OfWorld = MAIN) -> Json:
    """Show what an event of a world's service means, and its parameters."""
    events = known_world(worlds, world).service.events
    if event not in events:
        raise not_known("event", event, events)
    return shown_event(events[event])


@operation("POST", "/worlds/{world}/events", command="event play", makes_world=True)
def make_happen(
    world: World,
    event: Annotated[str, "the name of the event"],
    with_: Annotated[dict[str, Any] | None, "its arguments, by name; ${people.Jane Smith} stands for an id"] = None,
    at: Annotated[datetime | None, "when it happens; the world's present if left out"] = None,
) -> Json:
    """Make an event happen. One that is impossible in the state of the world is refused with the reason."""
    if event not in world.service.events:
        raise not_known("event", event, world.service.events)
    return play_in(world, event, with_ or {}, at)


def play_in(world: World, event: str, told: dict[str, Any], at: datetime | None = None) -> Json:
    """Make an event happen in a world, at a moment (aware, UTC) or its present; answers what changed.

    Raises Problem if there is no such event, its arguments are wrong, or it could not have happened.
    """
    rows: list[Record | None] = []

    def act(turn: Turn[Any]) -> None:
        rows.append(world.service.play(turn, event, _resolved(world, told)))

    moment = at or world.now()
    try:
        exchange = perform(world, f"event {event}", told, act, moment)
    except BadEvent as wrong:
        raise bad_request(wrong.problems) from None
    except DoesNotFit as refused:
        raise Problem("does-not-fit", 409, f"{event} could not have happened: {refused}") from None
    return {
        "event": event,
        "at": instant(moment),
        "number": exchange.number,
        "row": None if rows[0] is None else plain(rows[0]),
        "changes": [shown_change(it) for it in exchange.changes],
    }


def shown_event(it: Event) -> Json:
    """An event as JSON."""
    parameters = [
        {"name": told.name, "kind": told.type_name, "meaning": told.description, "required": told.required}
        for told in it.parameters
    ]
    return {"name": it.name, "summary": it.description, "parameters": parameters}


def _resolved(world: World, told: dict[str, Any]) -> dict[str, Any]:
    if next(references(told), None) is None:
        return told
    known = world.service.names(world.state.records)
    try:
        resolved: dict[str, Any] = resolve(told, known)
    except KeyError as missing:
        raise not_known("name", str(missing.args[0]), known) from None
    return resolved
