"""Explains one exchange of a world's journal: why it ended as it did, and what would pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from ecf_sandbox.ecf.actions.change_schedule import gather as gather_change
from ecf_sandbox.ecf.actions.declarations import gather as gather_declaration
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.explain.changed import what_changed
from ecf_sandbox.ecf.explain.lists import about_list
from ecf_sandbox.ecf.explain.not_found import why_absent
from ecf_sandbox.ecf.explain.reasons import DONE_ALREADY, reasons
from ecf_sandbox.ecf.explain.suggestions import declarations, not_found, participants, partnerships, schedules, voiding
from ecf_sandbox.ecf.records import records_in
from ecf_sandbox.ecf.rules.declarations import date_malformed, date_missing
from ecf_sandbox.rulebook.values import Fields
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.operation import subject_of
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.explain.dry_run import Serve, Trial
from ecf_sandbox.tools.explain.explanation import Explanation, Request, Suggestion
from ecf_sandbox.tools.explain.search import what_would_pass
from ecf_sandbox.tools.explain.statuses import sentence
from ecf_sandbox.tools.explain.suggestions import request_form, spelling
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import asked_of, attributes_of, json_of, request_of
from ecf_sandbox.tools.explain.verdicts import evaluation_of

Changes = Callable[[Case], Iterator[ProposedChange]]
BY_OPERATION: Mapping[str, Changes] = {
    "createDeclaration": declarations.changes,
    "voidDeclaration": voiding.changes,
    "deferParticipant": participants.changes,
    "resumeParticipant": participants.changes,
    "withdrawParticipant": participants.changes,
    "changeParticipantSchedule": schedules.changes,
    "confirmPartnership": partnerships.changes,
    "updatePartnership": partnerships.changes,
    "patchPartnership": partnerships.changes,
}
# What has judged nothing is looked up again: the service turned it down before it asked the rules.
_NO_DATE = frozenset({date_missing.id, date_malformed.id})


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
        self.records = records_in(exchange.before)
        self.judgings = tuple(evaluation_of(it, self.records) for it in exchange.judged)
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
            reasons=tuple(dict.fromkeys(self._reasons())),
            judgings=self.judgings,
            suggestions=tuple(suggestions),
            no_suggestion=self._no_suggestion(suggestions),
            changed=tuple(what_changed(it)),
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
        again = self.trial.send(self.request) if self._can_be_sent() else it
        if again.status != it.status and it.status != 429:
            yield (
                f"Sent again to the same records it is answered {again.status}: a fault that was set on this world, "
                f"or its edition at the time, made this {it.status}."
            )
            return
        case = self._case(self.request, it)
        if it.status == 422:
            yield from reasons(case, self.trial.edition)
        elif it.status == 404:
            yield from why_absent(case, self.trial.edition, self.trial.look(it.moment))
        shown = _listed(it)
        if shown is not None and case.asked is not None and self.provider is not None:
            yield from about_list(self.trial, self.request, case.asked, self.provider, shown)

    def _suggestions(self) -> list[Suggestion]:
        it = self.exchange
        if it.status < 400 or it.status in (429, 500) or not it.method:
            return []
        if not self._can_be_sent() and not request_form.readable(self.request, it):
            return []
        return what_would_pass(self.trial, self.request, it, self._case, self._changes)

    def _no_suggestion(self, suggestions: list[Suggestion]) -> str | None:
        it = self.exchange
        if it.status != 422 or any(suggestion.passes for suggestion in suggestions):
            return None
        done = any(refusal.rule in DONE_ALREADY for refusal in it.refusals)
        if done or not it.method:
            return None
        tried = f"{self.trial.count} requests were tried"
        return f"No small change was found with which this would pass ({tried})."

    def _changes(self, case: Case) -> Iterable[ProposedChange]:
        if case.request is self.request and not self._can_be_sent():
            return request_form.readable(self.request, self.exchange)  # before that, it is another request
        by_operation = BY_OPERATION.get(case.operation)
        found = [request_form.changes(case), not_found.changes(case), spelling.changes(case)]
        if by_operation is not None and case.provider is not None and case.asked is not None:
            found.append(by_operation(case))
        return chain.from_iterable(found)

    def _case(self, request: Request, exchange: Exchange) -> Case:
        attempt, broken = self._attempt(request, exchange), frozenset(it.rule for it in exchange.refusals)
        return Case(
            operation=subject_of(exchange.operation),
            request=request,
            asked=asked_of(request.path),
            records=self.records,
            provider=self._provider(exchange),
            attempt=attempt,
            broken=broken if exchange.judged else broken | _NO_DATE,
            status=exchange.status,
            now=exchange.moment,
        )

    def _attempt(self, request: Request, exchange: Exchange) -> Any:
        """What the rules judged, or would have."""
        if exchange.judged:
            return exchange.judged[-1].attempt
        asked, provider = asked_of(request.path), self._provider(exchange)
        if asked is None or provider is None or exchange.status not in (400, 404):
            return None
        fields: Fields = {name: it for name, it in attributes_of(request).items() if not isinstance(it, dict | list)}
        turn = self.trial.look(exchange.moment)
        if asked.action == "change-schedule":
            return gather_change(turn, provider, asked.uuid, fields)
        if asked.resource == "declarations" and request.method == "POST" and fields:
            return gather_declaration(turn, provider, fields)
        return None

    def _provider(self, exchange: Exchange) -> Provider | None:
        return self.records.providers.one("name", exchange.provider) if exchange.provider else None

    def _can_be_sent(self) -> bool:
        """Whether the request is at hand as it was: a body that is no JSON cannot be sent again."""
        return not self.exchange.request_body or self.request.body is not None


def _listed(exchange: Exchange) -> int | None:
    """How many items the answer lists; None if it is no list."""
    if exchange.method != "GET" or exchange.status != 200:
        return None
    answer = json_of(exchange.response_body)
    rows = answer.get("data") if isinstance(answer, dict) else None
    return len(rows) if isinstance(rows, list) else None
