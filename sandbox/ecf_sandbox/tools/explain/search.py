"""What would pass: small changes are made to a refused request, and each is tried, until some are accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.dry_run import NotAnApiRequest, Trial
from ecf_sandbox.tools.explain.explanation import Request, Suggestion
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange, applied

OFFERED = 3
DEEPEST = 3  # changes to one request at a time
TRIES = 250  # a request in this process takes about a millisecond
LARGEST = 11  # what costs more is no small change any more
SURE = 1  # the cost of what was surely meant; beside it nothing else is offered
GROWN = 12  # how many changed requests are changed once more

CaseOf = Callable[[Request, Exchange], Case]
Changes = Callable[[Case], Iterable[ProposedChange]]


class Attempted(Record, frozen=True, kw_only=True):
    """A changed request and what came of it."""

    changes: tuple[ProposedChange, ...]
    request: Request
    first: tuple[Request, ...]
    exchange: Exchange

    @property
    def cost(self) -> int:
        """How large the changes are together."""
        return sum(it.cost for it in self.changes)

    @property
    def aspects(self) -> frozenset[str]:
        """What the changes concern."""
        return frozenset(it.aspect for it in self.changes)

    @property
    def refused_by(self) -> frozenset[str]:
        """The rules that refuse it still."""
        return frozenset(it.rule for it in self.exchange.refusals)

    @property
    def passes(self) -> bool:
        """Whether it was accepted."""
        return self.exchange.status < 400


def what_would_pass(
    trial: Trial, request: Request, exchange: Exchange, case_of: CaseOf, changes: Changes
) -> list[Suggestion]:
    """At most three changes with which the request passes, the smallest first; else what takes a reason away."""
    start = Attempted(changes=(), request=request, first=(), exchange=exchange)
    grown, nearer = [start], []
    for _ in range(DEEPEST):
        tried = list(chain.from_iterable(_tried(trial, it, case_of, changes) for it in grown[:GROWN]))
        passing = [it for it in tried if it.passes and it.cost <= LARGEST]
        if passing:
            return [_suggestion(it) for it in _chosen(passing)]
        nearer += [it for it in tried if _nearer(it, start)]
        grown = sorted((it for it in tried if _got_further(it, start)), key=lambda it: it.cost)
    return [_suggestion(it) for it in sorted(nearer, key=lambda it: (len(it.refused_by), it.cost))[:1]]


def _tried(trial: Trial, start: Attempted, case_of: CaseOf, changes: Changes) -> Iterator[Attempted]:
    seen: set[bytes] = set()
    for change in sorted(changes(case_of(start.request, start.exchange)), key=lambda it: it.cost):
        if change.aspect in start.aspects or trial.count >= TRIES:
            continue
        request, first = applied(start.request, change), (*start.first, *change.first)
        if (key := repr((request, first)).encode()) in seen or (request, first) == (start.request, start.first):
            continue
        seen.add(key)
        try:
            exchange = trial.send(*first, request)
        except NotAnApiRequest:
            continue
        yield Attempted(changes=(*start.changes, change), request=request, first=first, exchange=exchange)


def _got_further(attempted: Attempted, start: Attempted) -> bool:
    """Whether a reason is gone; others may have come to light that had not been asked for before."""
    before, after = start.exchange, attempted.exchange
    if after.status == 422:
        return before.status != 422 or bool(start.refused_by - attempted.refused_by)
    if after.status == 400 == before.status:
        return before.response_body != after.response_body  # which names the first mistake only
    return after.status == 400 and before.status == 404


def _nearer(attempted: Attempted, start: Attempted) -> bool:
    """Whether nothing new refuses it, or only something that had not been asked for before."""
    if attempted.exchange.status != 422 or attempted.cost > LARGEST:
        return False
    fewer = attempted.refused_by < start.refused_by
    return fewer or (
        not attempted.refused_by & start.refused_by and len(attempted.refused_by) <= max(1, len(start.refused_by))
    )


def _chosen(passing: list[Attempted]) -> list[Attempted]:
    """The smallest of each kind before a second of the same kind, then by size."""
    ordered: list[Attempted] = []
    for it in sorted(passing, key=lambda it: it.cost):
        if all((it.request, it.first) != (other.request, other.first) for other in ordered):
            ordered.append(it)
    if all(change.cost <= SURE for change in ordered[0].changes):
        return ordered[:1]
    firsts = [it for n, it in enumerate(ordered) if it.aspects not in {other.aspects for other in ordered[:n]}]
    rest = [it for it in ordered if it not in firsts]
    return sorted((firsts + rest)[:OFFERED], key=lambda it: it.cost)


def _suggestion(attempted: Attempted) -> Suggestion:
    return Suggestion(
        words=" ".join(change.words for change in attempted.changes),
        request=attempted.request,
        first=attempted.first,
        still=tuple(refusal.rule for refusal in attempted.exchange.refusals),
    )
