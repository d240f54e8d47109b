"""Writes a request and its answer into the journal of its world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ecf_sandbox.api.response import Answer
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange, Judged, Judgement, Verdict, changes_of
from ecf_sandbox.state.place import Place
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN

_VERDICTS = {True: Verdict.BROKEN, False: Verdict.KEPT, None: Verdict.NOT_ASKED}


class Trace:
    """What is learnt of a request on its way: the world, the operation, the turn, what was sent and what refused it."""

    __slots__ = (
        "asked",
        "before",
        "body",
        "findings",
        "id",
        "operation",
        "place",
        "provider",
        "refused",
        "rows",
        "told",
        "turn",
        "unreadable",
        "uuid",
        "world",
    )

    def __init__(self, place: Place) -> None:
        self.place = place
        self.operation = place.operation
        self.world: World | None = None
        self.before: State | None = None
        self.turn: Turn | None = None
        self.provider: str | None = None
        self.refused: Refused | None = None
        self.body = b""
        self.id: str | None = None
        self.uuid: str | None = None
        self.asked: Mapping[str, Any] | None = None
        self.told: Mapping[str, Any] | None = None
        self.unreadable = ""
        self.findings: tuple[Finding, ...] | None = None
        self.rows: int | None = None


def note(
    trace: Trace, environ: Mapping[str, Any], answer: Answer, headers: Sequence[tuple[str, str]]
) -> Exchange | None:
    """Keep an exchange; None for a request that did not get as far as a world."""
    world, before, turn = trace.world, trace.before, trace.turn
    if world is None or before is None:
        return None
    present = world.now()
    query = environ.get("QUERY_STRING")
    kept = turn is not None and answer.status < 400
    return world.journal.note(
        lambda number: Exchange(
            number=number,
            operation=trace.operation,
            method=environ["REQUEST_METHOD"],
            target=f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"],
            at=present,
            moment=turn.now if turn else present,
            provider=trace.provider,
            request_headers=_headers(environ),
            request_body=trace.body,
            status=answer.status,
            response_headers=tuple(headers),
            response_body=answer.body,
            judgements=_judgements(turn) if turn and turn.judged else (),
            refusals=tuple(trace.refused.refusals) if trace.refused else (),
            changes=changes_of(before.records, turn.records, turn.saved) if kept and turn and turn.saved else (),
            before=before,
            judged=_judged(turn) if turn and turn.judged else (),
            findings=trace.findings or (),
            rows=trace.rows,
        )
    )


def help_beside(trace: Trace, exchange: Exchange | None) -> list[tuple[str, str]]:
    """The headers that say more than the service would: they never change the answer itself.

    `X-Sandbox-Request-Id` is the number in the journal, `X-Sandbox-Rules` names the rules that refused,
    `X-Sandbox-Findings` counts what the observer found; where there is something to explain, `Link` leads to it.
    """
    if exchange is None:
        return []
    headers = [("X-Sandbox-Request-Id", str(exchange.number))]
    if trace.world is not None and trace.world.name != MAIN:
        headers.append(("X-Sandbox-World", trace.world.name))
    if exchange.refusals:
        headers.append(("X-Sandbox-Rules", ", ".join(it.rule for it in exchange.refusals)))
    if exchange.findings:
        headers.append(("X-Sandbox-Findings", str(len(exchange.findings))))
    if trace.world is not None and (exchange.findings or exchange.refusals):
        explained = f"/_sandbox/worlds/{trace.world.name}/journal/{exchange.number}/explain"
        headers.append(("Link", f'<{explained}>; rel="help"'))
    return headers


def _headers(environ: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    sent = [(_spelt(key), value) for key, value in environ.items() if key.startswith("HTTP_")]
    content_type = environ.get("CONTENT_TYPE")
    return (*sent, ("Content-Type", content_type)) if content_type else tuple(sent)


@lru_cache(maxsize=256)
def _spelt(key: str) -> str:
    return key[5:].replace("_", "-").title()


def _judged(turn: Turn) -> tuple[Judged, ...]:
    return tuple(Judged(rulebook=book, attempt=attempt, verdicts=verdicts) for book, attempt, verdicts in turn.judged)


def _judgements(turn: Turn) -> tuple[Judgement, ...]:
    return tuple(
        Judgement(rule=rule.id, verdict=_VERDICTS[broken])
        for _, _, verdicts in turn.judged
        for rule, broken in verdicts
    )
