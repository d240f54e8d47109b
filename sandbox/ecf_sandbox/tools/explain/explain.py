"""Explains one exchange of a world's journal: why it ended as it did, and what would pass.

What a service knows of its refusals beyond its rules is its `Advice`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from ecf_sandbox.api.router import router_of
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.operation import subject_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.target import split_target
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import in_short
from ecf_sandbox.tools.explain.dry_run import NotAnApiRequest, Serve, Trial
from ecf_sandbox.tools.explain.explanation import Explanation, Request, Suggestion
from ecf_sandbox.tools.explain.search import what_would_pass
from ecf_sandbox.tools.explain.statuses import sentence
from ecf_sandbox.tools.explain.suggestions import request_form, spelling
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import Asked, asked_of, json_of, request_of
from ecf_sandbox.tools.explain.verdicts import evaluation_of
from ecf_sandbox.tools.observer.expected import Expected, expected_of


def _nothing(*_of: object) -> Iterable[Any]:
    return ()


def _no_attempt(*_of: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a service knows of its refusals beyond its rules; without any, these alone explain.

    `reasons` of a refusal by rules, `why_absent` of a 404, `about_list` of a list, and what a write `changed` are
    sentences. `changes` are small changes to a request that may help; each is tried. `attempt` is what the rules would
    have judged where it did not come to that, and `unjudged` are the rules that then count as broken. To what the rules
    in `done_already` refuse there is nothing to send.
    """

    reasons: Callable[[Case, Edition], Iterable[str]] = _nothing
    why_absent: Callable[[Case, Edition, Turn[Any]], Iterable[str]] = _nothing
    about_list: Callable[[Trial, Request, Asked, Any, int], Iterable[str]] = _nothing
    changes: Callable[[Case], Iterable[ProposedChange]] = _nothing
    changed: Callable[[Exchange], Iterable[str]] = _nothing
    attempt: Callable[[Case, Turn[Any]], Any] = _no_attempt
    unjudged: frozenset[str] = frozenset()
    done_already: frozenset[str] = frozenset()


# Of the reasons, as many and as much as somebody reads.
MOST, LONGEST = 50, 2000
# Of a body in bytes: of a larger one no changes are tried, each of which costs as much as the request itself.
LARGEST = 100_000


def explain(world: World, exchange: Exchange, serve: Serve) -> Explanation:
    """Why an exchange of a world's journal ended as it did.

    `serve` puts the provider API in front of the private copy of the world on which changed requests are tried; the
    world itself is only read. What is offered was tried on the records as they were before the exchange.
    """
    return Explainer(world, exchange, serve).explanation()


class Explainer:
    """One exchange with all that is looked up to explain it."""

    def __init__(self, world: World, exchange: Exchange, serve: Serve) -> None:
        self.exchange = exchange
        self.trial = Trial(world, exchange, serve)
        self.request = request_of(exchange)
        self.records = exchange.before.records
        self.service = world.service
        self.advice: Advice = world.service.part_or("advice", Advice())
        self.router = router_of(world.service)
        self.judgings = tuple(evaluation_of(it, self.service, self.records) for it in exchange.judged)
        self._callers: dict[str, Any] = {}
        self.provider = self._provider(exchange)

    def explanation(self) -> Explanation:
        """The whole of it."""
        it = self.exchange
        suggestions = self._suggestions()
        return Explanation(
            number=it.number,
            operation=it.operation,
            method=it.method,
            target=it.target,
            status=it.status,
            summary=self._summary(),
            reasons=tuple(in_short(it, LONGEST) for it in islice(dict.fromkeys(self._reasons()), MOST)),
            judgings=self.judgings,
            suggestions=tuple(suggestions),
            no_suggestion=self._no_suggestion(suggestions),
            changed=tuple(self.advice.changed(it)),
            findings=it.findings,
        )

    def _summary(self) -> str:
        it, broken = self.exchange, [rule for judging in self.judgings for rule in judging.broken]
        if it.refusals:
            action = self.judgings[-1].action if self.judgings else it.operation
            count = "one rule" if len(it.refusals) == 1 else f"{len(it.refusals)} rules"
            names = ", ".join(rule.rule for rule in broken) or ", ".join(rule.rule for rule in it.refusals)
            return f"The request to {action} was refused by {count}: {names}."
        shown = _listed(it)
        if shown is not None:
            return f"The list has {shown} {'item' if shown == 1 else 'items'}."
        return sentence(it)

    def _reasons(self) -> Iterator[str]:
        it = self.exchange
        if not it.method:  # done from outside the provider API: there is no request to send again
            return
        again = self._again()
        if again.status != it.status and it.status != 429:
            yield (
                f"Sent again to the same records it is answered {again.status}: a fault that was set on this world, "
                f"or its edition at the time, made this {it.status}."
            )
            return
        case = self._case(self.request, it)
        if it.status == 422 or _found_broken(it):
            yield from _unjudged(it)
            yield from self.advice.reasons(case, self.trial.edition)
        elif it.status == 400:
            yield from _attributes(case)
        elif it.status == 404:
            yield from _unknown(case)
            yield from self._elsewhere()
            yield from self.advice.why_absent(case, self.trial.edition, self.trial.look(it.moment))
        shown = _listed(it)
        if shown is not None and case.asked is not None and self.provider is not None:
            yield from self.advice.about_list(self.trial, self.request, case.asked, self.provider, shown)

    def _elsewhere(self) -> Iterator[str]:
        """That the path is one of another service; a client may have moved, or not yet."""
        path, method = split_target(self.request.path).path, self.request.method
        if _fits(self.service, method, path):
            return
        for name in service_names():
            other = self.service if name == self.service.name else service_named(name)
            if other is not self.service and _fits(other, method, path):
                yield (
                    f"It is a path of another service, {other.title}, and this world is of {self.service.title}. "
                    f"A world of that one: ecf-sandbox serve --service {name}, or: world create NAME --service {name}."
                )

    def _again(self) -> Exchange:
        """What comes of it when it is sent once more, if that can be done."""
        try:
            return self.trial.send(self.request) if self._can_be_sent() else self.exchange
        except NotAnApiRequest:
            return self.exchange

    def _suggestions(self) -> list[Suggestion]:
        it = self.exchange
        if it.status < 400 or it.status in (429, 500) or not it.method:
            return []
        if len(it.request_body) > LARGEST:
            return []
        if not self._can_be_sent() and not request_form.readable(self.request, it):
            return []
        return what_would_pass(self.trial, self.request, it, self._case, self._changes)

    def _no_suggestion(self, suggestions: list[Suggestion]) -> str | None:
        it = self.exchange
        if it.status != 422 or any(suggestion.passes for suggestion in suggestions):
            return None
        done = any(refusal.rule in self.advice.done_already for refusal in it.refusals)
        if done or not it.method:
            return None
        if len(it.request_body) > LARGEST:
            return f"No change was tried, since the body has more than {LARGEST:,} bytes."
        tried = "1 request was tried" if self.trial.count == 1 else f"{self.trial.count} requests were tried"
        return f"No small change was found with which this would pass ({tried})."

    def _changes(self, case: Case) -> Iterable[ProposedChange]:
        if case.request is self.request and not self._can_be_sent():
            return request_form.readable(self.request, self.exchange)  # before that, it is another request
        return chain(request_form.changes(case), self.advice.changes(case), spelling.changes(case))

    def _case(self, request: Request, exchange: Exchange) -> Case:
        broken = frozenset(it.rule for it in exchange.refusals) | _found_broken(exchange)
        operation = subject_of(exchange.operation)
        info = match.info if (match := self.router.match(split_target(request.path).path, request.method)) else None
        case = Case(
            service=self.service,
            expected=expected_of(self.service, info.version, info.method, info.path) if info else Expected(),
            operation=operation,
            request=request,
            asked=asked_of(self.router, request.method, request.path),
            records=self.records,
            provider=self._provider(exchange),
            attempt=exchange.judged[-1].attempt if exchange.judged else None,
            broken=broken if exchange.judged else broken | self.advice.unjudged,
            status=exchange.status,
            now=exchange.moment,
        )
        if exchange.judged:
            return case
        return replace(case, attempt=self.advice.attempt(case, self.trial.look(exchange.moment)))

    def _provider(self, exchange: Exchange) -> Any:
        """The row of the caller whom the exchange names."""
        name = exchange.provider
        if name is None:
            return None
        if name not in self._callers:
            token = self.service.tokens(self.records).get(name)
            self._callers[name] = None if token is None else self.service.caller_of(self.records, token)
        return self._callers[name]

    def _can_be_sent(self) -> bool:
        """Whether the request is at hand as it was: a body that is no JSON cannot be sent again."""
        return not self.exchange.request_body or self.request.body is not None


def _attributes(case: Case) -> Iterator[str]:
    """That a body has none of the attributes that the operation knows, which some services do not take."""
    known = {name: None for variant in case.expected.variants for name in variant}
    if known and case.request.body is not None and not known.keys() & case.scalars.keys():
        yield f"None of the attributes of this operation stands in data.attributes: {', '.join(known)}."


def _found_broken(exchange: Exchange) -> frozenset[str]:
    """The rules that a judgement found broken; some services answer one or the other of them as a bad request."""
    return frozenset(rule.id for judged in exchange.judged for rule, broken in judged.verdicts if broken)


def _unjudged(exchange: Exchange) -> Iterator[str]:
    """What no rule judges and was found when it was to be written, of which a service may not tell its client."""
    judged = {rule.id for it in exchange.judged for rule in it.rulebook.rules}
    return (it.detail for it in exchange.refusals if it.rule not in judged and exchange.judged)


def _listed(exchange: Exchange) -> int | None:
    """How many items the answer lists; None if it is no list."""
    if exchange.method != "GET" or exchange.status != 200:
        return None
    answer = json_of(exchange.response_body)
    rows = answer.get("data") if isinstance(answer, dict) else None
    return len(rows) if isinstance(rows, list) else None


def _fits(service: Service, method: str, path: str) -> bool:
    """Whether a service has an operation there; what stands where an id may is one."""
    found = router_of(service).match(path, method)
    return found is not None and (found.id is None or uuid_of(found.id) is not None)


def _unknown(case: Case) -> Iterator[str]:
    """That a path or an operation is unknown."""
    if case.asked is None:
        yield f"Unknown path: {case.request.path.partition('?')[0]}."
    elif case.asked.id is None or case.provider is None:
        yield f"Unknown operation: {case.request.method} {case.asked.path}."
