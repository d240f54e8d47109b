"""Plays the steps of a scenario, in this process or at a server, and says what differs from what was expected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.references import resolve
from ecf_sandbox.scenario.steps import Step
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.world import World
from ecf_sandbox.transport import Reply, Transport


def differences(expected: Any, got: Any, path: str = "") -> Iterator[str]:
    """How `got` fails to hold what is expected of it, a sentence each.

    Of an object only the members named are looked at; a list has as many items as expected, each holding what is
    expected of it; anything else is equal.
    """
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            yield f"{path or 'the answer'} is {shown(got)}, not an object"
            return
        for name, value in expected.items():
            if name in got:
                yield from differences(value, got[name], f"{path}/{name}")
            else:
                yield f"{path}/{name} is missing, expected {shown(value)}"
    elif isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            found = f"{len(got)} items" if isinstance(got, list) else shown(got)
            yield f"{path or 'the answer'} is {found}, expected {len(expected)} items"
            return
        for at, (wanted, it) in enumerate(zip(expected, got, strict=True)):
            yield from differences(wanted, it, f"{path}/{at}")
    elif expected != got or isinstance(expected, bool) is not isinstance(got, bool):
        yield f"{path or 'the answer'} is {shown(got)}, expected {shown(expected)}"


def holds(expected: Any, got: Any) -> bool:
    """Whether `got` holds all that is expected of it."""
    return next(differences(expected, got), None) is None


def shown(value: Any) -> str:
    """A value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


Happen = Callable[[str, Mapping[str, Any], datetime], Mapping[str, str]]
# What a query holds as it is; everything else that is no letter or digit is percent-encoded.
_QUERY = "/?&=[],:%+-._~"


class Outcome(Record, frozen=True, kw_only=True):
    """What became of a step: the answer if there was one, and how it differs from what was expected."""

    number: int
    step: Step
    status: int | None = None
    answer: Any = None
    differences: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differences


def play(
    steps: Sequence[Step],
    names: Mapping[str, str],
    tokens: Mapping[str, str],
    send: Transport,
    happen: Happen | None,
) -> Iterator[Outcome]:
    """Play the steps one after the other and answer the outcome of each.

    `names` are the ids of the scenario's things, `tokens` those of its providers; `happen` makes an event happen and
    answers the names that there are then, None where events cannot be made to (they are skipped, and say so).
    """
    known = dict(names)
    for number, step in enumerate(steps, 1):
        if step.event is not None:
            yield _happened(number, step, known, happen)
            continue
        try:
            reply = _sent(step, known, tokens, send)
        except KeyError as missing:
            yield Outcome(number=number, step=step, differences=(f"nothing was kept as {missing}",))
            continue
        answer = _json(reply.body)
        found = tuple(_judged(step, known, reply, answer))
        for name, path in step.keep.items():
            value = _dig(answer, path)
            if value is None:
                found += (f"there is no {path} to keep as {name} in {shown(answer)}",)
            else:
                known[f"kept.{name}"] = str(value)
        yield Outcome(number=number, step=step, status=reply.status, answer=answer, differences=found)


def _happened(number: int, step: Step, known: dict[str, str], happen: Happen | None) -> Outcome:
    if step.event is None or step.at is None or happen is None:
        return Outcome(number=number, step=step, skipped="events can't be played on that server")
    try:
        named = happen(step.event, resolve(step.arguments, known), step.at)
    except Exception as refused:
        return Outcome(number=number, step=step, differences=(f"{step.event} did not happen: {refused}",))
    # Somebody new can be named from now on; whoever had a name keeps it.
    known |= {name: id for name, id in named.items() if name not in known}
    return Outcome(number=number, step=step)


def _sent(step: Step, known: Mapping[str, str], tokens: Mapping[str, str], send: Transport) -> Reply:
    headers = list(step.headers.items())
    if step.by is not None:
        headers.append(("Authorization", f"Bearer {tokens[step.by]}"))
    if step.at is not None:
        headers.append(("X-With-Server-Date", instant(step.at)))
    body = None
    if step.body is not None:
        if not any(name.lower() == "content-type" for name in step.headers):
            headers.append(("Content-Type", "application/json"))
        text = step.body if isinstance(step.body, str) else json.dumps(resolve(step.body, known))
        body = text.encode()
    return send(step.method, quote(resolve(step.target, known), safe=_QUERY), headers, body)


def _judged(step: Step, known: Mapping[str, str], reply: Reply, answer: Any) -> Iterator[str]:
    if step.status is not None and reply.status != step.status:
        yield f"the status is {reply.status}, expected {step.status}: {shown(answer)}"
        return
    yield from _judged_body(step, reply)
    if step.answer is not None:
        yield from differences(resolve(step.answer, known), answer)
    items = answer.get("data") if isinstance(answer, dict) else None
    listed = items if isinstance(items, list) else []
    if step.count is not None and len(listed) != step.count:
        yield f"there are {len(listed)} items, expected {step.count}"
    for wanted in resolve(list(step.includes), known):
        if not any(holds(wanted, it) for it in listed):
            yield f"none of {len(listed)} items is {shown(wanted)}"
    for unwanted in resolve(list(step.excludes), known):
        if any(holds(unwanted, it) for it in listed):
            yield f"there is an item {shown(unwanted)}, which is not expected"
    if step.refused_by:
        refused = reply.headers.get("x-sandbox-rules")
        # Another server than ours does not say which rules refused; its texts are what is compared then.
        if refused is not None and sorted(refused.split(", ")) != sorted(step.refused_by):
            yield f"refused by {refused}, expected {', '.join(step.refused_by)}"


def _judged_body(step: Step, reply: Reply) -> Iterator[str]:
    if step.empty and reply.body:
        yield f"the answer is {shown(_json(reply.body))}, expected nothing"
    kind = reply.headers.get("content-type", "").partition(";")[0].strip()
    if step.content_type is not None and kind != step.content_type:
        yield f"the answer is of type {kind or 'none'}, expected {step.content_type}"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace") or None


def _dig(value: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def play_in(world: World, scenario: Scenario, send: Transport) -> Iterator[Outcome]:
    """Play a story in a world of this process, to whose application `send` leads."""

    def happen(event: str, arguments: Mapping[str, Any], at: datetime) -> Mapping[str, str]:
        with world.turn(at) as turn:
            world.service.play(turn, event, arguments)
        return world.service.names(world.state.records)

    return play(scenario.steps, scenario.service.names(scenario.records()), scenario.clients, send, happen)


def play_at(scenario: Scenario, send: Transport, token: str | None) -> Iterator[Outcome]:
    """Play a story against another server, with one token for every provider, else those of the scenario.

    Events are skipped there.
    """
    clients = dict.fromkeys(scenario.clients, token) if token else scenario.clients
    return play(scenario.steps, scenario.service.names(scenario.records()), clients, send, None)
