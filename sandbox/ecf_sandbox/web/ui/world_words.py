"""A world in words: which one an address means, what stands at the top of its pages, what happened in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from weakref import WeakKeyDictionary

from flask import abort, request

from ecf_sandbox.state.journal import Exchange, records_after
from ecf_sandbox.state.redacted_exchange import redacted_exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import NoSuchWorld, Worlds
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.web.ui.model import ServicePages
from ecf_sandbox.web.ui.sections import Look
from ecf_sandbox.web.ui.words import moment, sentence
from ecf_sandbox.web.ui.world_pages import Line, Origin, SectionLink, WorldHead

# Gone with the world: one of the same name that is made later is no variation.
Origins = WeakKeyDictionary[World, Origin]
_CLOCK, _EVENT = "clock", "event "


def found_world(worlds: Worlds, name: str) -> World:
    """The world of that name; raises NotFound, since looking at a page makes none."""
    try:
        return worlds.get(name)
    except NoSuchWorld:
        abort(404, sentence(f"there is no world {did_you_mean(name, worlds.names())}"))


def pages_in(world: World) -> ServicePages:
    """What the service of a world has for pages."""
    found: ServicePages = world.service.part("pages")
    return found


def head_of(world: World, origins: Origins) -> WorldHead:
    """The top of every page of a world."""
    pages = pages_in(world)
    return WorldHead(
        name=world.name,
        now=world.now(),
        service=world.service.title,
        client=world.service.client,
        others=pages.wording.others,
        another=pages.wording.another,
        edition=world.edition.name,
        scenario=world.scenario,
        sections=tuple(SectionLink(name=it.name, title=it.title, key=it.key) for it in pages.sections),
        origin=origins.get(world),
    )


def look_at(world: World) -> Look:
    """A world as the address asks to see it."""
    return Look(turn=world.look(), happened=tuple(world.journal), query=query_of())


def query_of() -> dict[str, str]:
    """What the query of the address says, without what is empty."""
    return {name: value.strip() for name, value in request.args.items() if value.strip()}


def line_of(pages: ServicePages, it: Exchange) -> Line:
    """An exchange in a line."""
    return Line(
        number=it.number,
        at=it.moment,
        actor=pages.actor_of(None if it.method else it.operation.removeprefix(_EVENT), it.provider),
        deed=deed_in(pages, redacted_exchange(it)),
        method=it.method,
        status=it.status,
        refused=it.status >= 400,
        rules=tuple(refusal.rule for refusal in it.refusals),
        findings=len(it.findings),
        undone=it.undone,
    )


def deed_in(pages: ServicePages, it: Exchange) -> str:
    """What was done, in words; a clock is moved alike in every service."""
    if it.operation == _CLOCK and not it.method:
        since, until = clock_move(it)
        return f"The clock goes from {moment(since)} to {moment(until)}"
    return pages.deed(it, records_after(it))


def clock_move(it: Exchange) -> tuple[datetime, datetime]:
    """Whence and whither a clock was moved."""
    told = json.loads(it.request_body)
    return datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["to"])


def last_thing(world: World) -> Exchange | None:
    """The newest thing that was done to a world and not taken back; what fell due belongs to the clock that moved.

    What only was read, or was refused, did nothing.
    """
    done = [it for it in world.journal if not it.undone and (it.changes or not it.method)]
    last = done[-1] if done else None
    if last is None or last.part_of is None:
        return last
    return world.journal.get(last.part_of) or last


def fallen_due(world: World, moved: Exchange) -> Iterator[Exchange]:
    """The events that a move of the clock played, which follow it in the journal."""
    for number in range(moved.number + 1, world.journal.count + 1):
        it = world.journal.get(number)
        if it is None or it.undone or (it.method and not it.changes):
            continue  # what others read meanwhile
        if it.part_of != moved.number:
            return
        yield it
