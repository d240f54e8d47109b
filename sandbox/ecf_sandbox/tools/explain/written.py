"""The explanation of a refusal as a line of a journal has it, so that it can be read without the server."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from time import monotonic
from typing import Any

import msgspec

from ecf_sandbox.state.archive import PastJournal
from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.journal import Exchange, Verdict
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.redact import (
    redacted_headers,
    redacted_json,
    redacted_parameters,
    redacted_target,
    redacted_text,
)
from ecf_sandbox.state.redacted_exchange import credentials_of, redacted_exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Serve
from ecf_sandbox.tools.explain.explanation import Evaluation, Explanation, Request, RuleResult, Suggestion
from ecf_sandbox.tools.explain.verdicts import evaluation_of

Json = dict[str, Any]


def shown_explanation(it: Explanation, exchange: Exchange, known: Collection[str]) -> Explanation:
    """An explanation without the credentials that the client sent, but for the `known` tokens of the sandbox itself.

    With those the requests that are offered work as they stand; they open nothing else.
    """
    shown, hidden = redacted_exchange(exchange, known), credentials_of(exchange, known)

    def text(said: str) -> str:
        return redacted_parameters(hidden.text(said))

    def offered(request: Request) -> Request:
        headers = redacted_exchange(replace(exchange, request_headers=tuple(request.headers.items())), known)
        path = redacted_target(hidden.text(request.path))
        return replace(
            request, path=path, headers=dict(headers.request_headers), body=hidden.json(redacted_json(request.body))
        )

    def suggestion(of: Suggestion) -> Suggestion:
        return replace(of, words=text(of.words), request=offered(of.request), first=tuple(map(offered, of.first)))

    def ruling(of: RuleResult) -> RuleResult:
        return replace(of, facts=tuple(replace(each, value=text(each.value)) for each in of.facts))

    def judging(of: Evaluation) -> Evaluation:
        return replace(of, rulings=tuple(map(ruling, of.rulings)))

    return replace(
        it,
        target=shown.target,
        summary=text(it.summary),
        judgings=tuple(map(judging, it.judgings)),
        reasons=tuple(map(text, it.reasons)),
        changed=tuple(map(text, it.changed)),
        suggestions=tuple(map(suggestion, it.suggestions)),
        findings=shown.findings,
    )


class Explainer:
    """Explains what was refused: always with the rules and the facts that they read.

    With `serve`, what would pass is tried as well, for at most so many `seconds` in all.
    """

    def __init__(self, serve: Serve | None = None, seconds: float | None = None) -> None:
        self._serve = serve
        self._until = None if seconds is None else monotonic() + seconds

    def lines(self, world: World, *, named: bool = False) -> str:
        """The journal of a world, one exchange to a line, each perhaps with the name of the world."""
        name = world.name if named else None
        begins = _unless_1(world.journal.begins) if named else None
        return as_json_lines(world.journal, explain=lambda it: self.explanation(world, it), world=name, begins=begins)

    def past_lines(self, worlds: Worlds, past: PastJournal) -> str:
        """The journal of a world that is no more, or was emptied."""

        def explain(it: Exchange) -> Json | None:
            kept = worlds.archive.explainable(past.end, it.number)
            return None if kept is None else self.explanation(*kept)

        return as_json_lines(
            past.exchanges,
            explain=explain,
            world=past.world,
            life=past.life,
            ended=past.ended,
            begins=_unless_1(past.begins),
        )

    def explanation(self, world: World, exchange: Exchange) -> Json | None:
        """The explanation of an exchange, None for one that has none."""
        if not exchange.method or exchange.status < 400 or exchange.status in (429, 500):
            return None
        if self._serve is not None and (self._until is None or monotonic() < self._until):
            # Only whoever asks for what would pass pays for what trying it takes.
            from ecf_sandbox.tools.explain.explain import explain

            return _whole(shown_explanation(explain(world, exchange, self._serve), exchange, ()))
        if not exchange.refusals:
            return None
        return {"broken": credentials_of(exchange).json(list(_broken(world, exchange))), "tried": False}


def _unless_1(begins: int) -> int | None:
    return None if begins == 1 else begins


def _broken(world: World, exchange: Exchange) -> Iterator[Json]:
    for judged in exchange.judged:
        for it in evaluation_of(judged, world.service, exchange.before.records).rulings:
            if it.verdict is Verdict.BROKEN:
                yield msgspec.to_builtins(it)


def _whole(it: Explanation) -> Json:
    return {
        "summary": redacted_text(it.summary),
        "reasons": [redacted_text(each) for each in it.reasons],
        "broken": [msgspec.to_builtins(ruling) for judging in it.judgings for ruling in judging.broken],
        "would_pass": [_suggestion(each) for each in it.suggestions],
        "no_suggestion": it.no_suggestion,
        "tried": True,
    }


def _suggestion(it: Suggestion) -> Json:
    """A suggestion without tokens."""
    written: Json = msgspec.to_builtins(replace(it, words=redacted_text(it.words)))
    for request in (written["request"], *written["first"]):
        request["headers"] = dict(redacted_headers(tuple(request["headers"].items())))
    return written
