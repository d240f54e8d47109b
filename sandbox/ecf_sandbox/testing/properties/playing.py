"""Happenings played in a world, told in a sentence, and written as steps of a scenario file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ecf_sandbox.control.clock import advance_clock
from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.faults import set_fault
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.references import resolve, worded
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Happening
from ecf_sandbox.state.record import Record, plain
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.transport import Transport

WORLD_HEADER = "X-Sandbox-World"
Json = dict[str, Any]


class Played(Record, frozen=True, kw_only=True):
    """A happening that came about, and the exchanges that it left in the journal; a fault leaves none."""

    happening: Happening
    exchanges: tuple[Exchange, ...] = ()


def play(world: World, happening: Happening, send: Transport) -> Played | None:
    """Let something happen at the present of a world, whose application `send` leads to; None where it does not fit.

    It is played by its names, so that a happening of a longer history does for a shorter one what it did, or nothing.
    """
    before = world.journal.count
    try:
        _PLAYERS[happening.kind](world, happening, send)
    except (Problem, KeyError):
        return None
    since = tuple(it for it in world.journal if it.number > before)
    refused = happening.kind == "request" and any(it.status >= 400 for it in since)
    return None if refused else Played(happening=happening, exchanges=since)


def _event(world: World, it: Happening, _: Transport) -> None:
    play_in(world, it.name, dict(it.told))


def _time(world: World, it: Happening, _: Transport) -> None:
    advance_clock(world, **it.told)


def _fault(world: World, it: Happening, _: Transport) -> None:
    set_fault(world, **it.told)


def _request(world: World, it: Happening, send: Transport) -> None:
    """Another client's request. One that is refused changes nothing, but stands in the journal as any does."""
    records = world.state.records
    known = records.cached(world.service.part("names"))
    headers = [("Authorization", f"Bearer {world.service.tokens(records)[it.by]}"), (WORLD_HEADER, world.name)]
    body = None
    if it.body is not None:
        headers.append(("Content-Type", "application/json"))
        body = json.dumps(resolve(plain(it.body), known)).encode()
    send(it.method, resolve(it.target, known), headers, body)


_PLAYERS = {"event": _event, "time": _time, "fault": _fault, "request": _request}


def sentence(service: Service, happening: Happening) -> str:
    """What happens, in a sentence."""
    return _SENTENCES[happening.kind](service, happening)


def _of_event(service: Service, it: Happening) -> str:
    what = service.events[it.name].summary.partition(":")[0].rstrip(".")
    told = ", ".join(worded(str(value)) for value in it.told.values() if value not in (None, True, False))
    return f"{what}: {told}." if told else f"{what}."


def _of_time(_: Service, it: Happening) -> str:
    if "to" in it.told:
        return f"Time passes, up to {it.told['to']}."
    units = " ".join(f"{count} {unit[:-1] if count == 1 else unit}" for unit, count in it.told.items())
    return f"{units} {'passes' if units.startswith('1 ') else 'pass'}."


def _of_request(_: Service, it: Happening) -> str:
    attributes = it.body["data"]["attributes"].values() if it.body else ()
    told = f", with {', '.join(worded(str(value)) for value in attributes)}" if attributes else ""
    return f"{it.by} sends {it.method} {worded(it.target)}{told}."


def _of_fault(_: Service, it: Happening) -> str:
    return f"The network fails: {fault_in_words(it.told)}."


_SENTENCES: Mapping[str, Callable[[Service, Happening], str]] = {
    "event": _of_event,
    "time": _of_time,
    "request": _of_request,
    "fault": _of_fault,
}


def fault_in_words(told: Mapping[str, Any]) -> str:
    """What a fault does to the request that it strikes."""
    if told.get("drop") and told.get("status"):
        return "the connection is closed before the request has arrived"
    if told.get("drop"):
        return "the connection is closed after the service has acted, before it has answered"
    if told.get("truncate"):
        return "the answer breaks off in the middle"
    return f"the answer is {told['status']}" if told.get("status") else f"the answer takes {told.get('latency')} s"


def is_step(it: Exchange) -> bool:
    """Whether it is a step of a scenario file: a fault is none; of time that passed, what changed something is."""
    return bool(it.method) or (it.operation.startswith("event ") and bool(it.changes or it.part_of is None))


def event_step(it: Exchange) -> Json:
    """The step of an event."""
    told = json.loads(it.request_body or b"{}")
    step = {"at": instant(it.moment), "event": it.operation.removeprefix("event ")}
    return step | ({"with": told} if told else {})


def numbered_steps(played: Played, clients: Mapping[str, str]) -> Iterator[tuple[int, Json]]:
    """The steps of a scenario file that do the same, with the numbers of their exchanges.

    `clients` are the names that it has for the providers, by their own names.
    """
    for it in filter(is_step, played.exchanges):
        yield it.number, _request_step(played.happening, it, clients) if it.method else event_step(it)


def _request_step(happening: Happening, it: Exchange, clients: Mapping[str, str]) -> Json:
    step: Json = {"at": instant(it.moment), "by": clients[happening.by], "send": f"{it.method} {happening.target}"}
    if happening.body is not None:
        step["body"] = plain(happening.body)
    return step | {"expect": it.status}


def in_lines(story: Iterable[str]) -> Iterator[str]:
    """A story, each sentence with its number."""
    return (f"{number:>3}. {it}" for number, it in enumerate(story, 1))
