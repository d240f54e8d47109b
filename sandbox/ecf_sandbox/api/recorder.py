"""Writes a request and its answer into the journal of its world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.response import Answer
from ecf_sandbox.state.journal import Exchange, JudgedAttempt, changes_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import State
from ecf_sandbox.state.worlds import MAIN, RECREATED
from ecf_sandbox.transport import DROPPED_HEADERS


def open_exchange(context: RequestContext) -> None:
    """Number a write while its world is locked, so that the numbers have the order of the writes.

    The journal keeps what it changed from here on; the answer comes with `record_exchange`.
    """
    world, turn, before = context.entered, context.turn, context.before
    if before is None:
        return
    context.changes = changes_of(before.records, turn.records, turn.saved) if turn.saved else ()
    sent = _sent(context, before, world.now())
    context.opened = world.journal.open(
        lambda number: Exchange(
            number=number,
            **sent,
            status=0,
            response_headers=(),
            response_body=b"",
            refusals=(),
        )
    )


def record_exchange(
    context: RequestContext, answer: Answer, headers: Sequence[tuple[str, str]], took: float
) -> Exchange | None:
    """Keep a request and its answer, which took so many seconds; None for one that did not get as far as a world."""
    world, before, turn = context.world, context.before, context.reached_turn
    if world is None or before is None:
        return None
    present = world.now()
    answered: dict[str, Any] = {
        "status": answer.status,
        "response_headers": tuple(headers),
        "response_body": answer.body,
        "judged": _judged(turn) if turn and turn.judged else (),
        "refusals": tuple(context.refused.refusals) if context.refused else (),
        "findings": context.findings or (),
        "rows": context.rows,
        "took": took,
    }
    if context.opened is not None:
        return world.journal.complete(replace(context.opened, at=present, **answered))
    sent = _sent(context, before, present)
    return world.journal.note(lambda number: Exchange(number=number, **sent, **answered))


def _sent(context: RequestContext, before: State, present: datetime) -> dict[str, Any]:
    """What is known of a request before there is an answer."""
    turn = context.reached_turn
    return {
        "operation": context.info.operation,
        "method": context.method,
        "target": context.target,
        "at": present,
        "moment": turn.now if turn else present,
        "provider": context.caller,
        "request_headers": _headers(context.environ),
        "request_body": context.body,
        "changes": context.changes,
        "before": before,
    }


def sandbox_headers(context: RequestContext, exchange: Exchange | None) -> list[tuple[str, str]]:
    """The headers that say more than the service would: they never change the answer itself.

    `X-Sandbox-Request-Id` is the number in the journal, `X-Sandbox-Rules` names the rules that refused,
    `X-Sandbox-Findings` counts what the observer found; where there is something to explain, `Link` leads a browser to
    the page of the exchange and a program to the explanation. `X-Sandbox-World-Recreated` says that the world is not
    the one that its client knew.
    """
    if exchange is None:
        return []
    headers = [("X-Sandbox-Request-Id", str(exchange.number))]
    if context.world is not None and context.world.name != MAIN:
        headers.append(("X-Sandbox-World", context.world.name))
    if context.world is not None and context.world.recreated:
        headers.append((RECREATED, context.world.recreated))
    if exchange.refusals:
        headers.append(("X-Sandbox-Rules", ", ".join(it.rule for it in exchange.refusals)))
    if exchange.findings:
        headers.append(("X-Sandbox-Findings", str(len(exchange.findings))))
    if context.world is not None and (exchange.findings or exchange.status >= 400):
        place = f"worlds/{context.world.name}/journal/{exchange.number}"
        root = context.environ.get("SCRIPT_NAME", "")
        headers.append(("Link", f'<{root}/ui/{place}>; rel="related"; type="text/html"'))
        headers.append(("Link", f'<{root}/_sandbox/{place}/explain>; rel="help"'))
    return headers


def _headers(environ: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    sent = [(_spelt(key), value) for key, value in environ.items() if key[:5] == "HTTP_"]
    if content_type := environ.get("CONTENT_TYPE"):
        sent.append(("Content-Type", content_type))
    return (*sent, *environ.get(DROPPED_HEADERS, ()))


def _spelt(key: str) -> str:
    return _usually_spelt(key) if len(key) < _USUAL else key[5:].replace("_", "-").title()


# Longer names do not come again, and would be remembered with their length.
_USUAL = 64


@lru_cache(maxsize=256)
def _usually_spelt(key: str) -> str:
    return key[5:].replace("_", "-").title()


def _judged(turn: Turn[Any]) -> tuple[JudgedAttempt, ...]:
    return tuple(
        JudgedAttempt(rulebook=book, attempt=attempt, verdicts=verdicts) for book, attempt, verdicts in turn.judged
    )
