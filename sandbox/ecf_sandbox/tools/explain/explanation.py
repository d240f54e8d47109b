"""What an explanation consists of: plain values that are printed as text or sent as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Verdict
from ecf_sandbox.state.record import Record

if TYPE_CHECKING:
    pass


class Fact(Record, frozen=True, kw_only=True):
    """Something that a rule looked at: its name in the attempt, and its value as a person reads it."""

    name: str
    value: str


class RuleResult(Record, frozen=True, kw_only=True):
    """One rule and what became of it; `message` is what the provider is told, filled in if the rule was broken.

    `why_not` says why a rule was not asked: something failed before it, or the edition has not got it.
    """

    rule: str
    verdict: Verdict
    policy: str
    field: str
    message: str
    source: str
    facts: tuple[Fact, ...] = ()
    why_not: str | None = None


class Evaluation(Record, frozen=True, kw_only=True):
    """All rules of one action, in the order in which they are asked."""

    action: str
    rulings: tuple[RuleResult, ...]

    @property
    def broken(self) -> tuple[RuleResult, ...]:
        """Those that refused."""
        return tuple(it for it in self.rulings if it.verdict is Verdict.BROKEN)


class Request(Record, frozen=True, kw_only=True):
    """A request that is ready to be sent; `path` includes the query, `body` is what becomes its JSON."""

    method: str
    path: str
    headers: dict[str, str] = {}
    body: Any = None


class Suggestion(Record, frozen=True, kw_only=True):
    """A change with which the request was tried, and what came of it.

    `first` are requests to send before it. `still` names the rules that go on refusing: with none the request passes.
    """

    words: str
    request: Request
    first: tuple[Request, ...] = ()
    still: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether nothing refuses any more."""
        return not self.still


class Explanation(Record, frozen=True, kw_only=True):
    """Why an exchange ended as it did.

    `summary` is one sentence, `reasons` what else there is to say; `suggestions` are what would pass, the smallest
    change first, and `no_suggestion` says why there is none. `changed` tells what a write did, `findings` are what the
    observer found in the request. `number` is that of the journal, None for a request that was only tried.
    """

    number: int | None
    operation: str
    method: str
    target: str
    status: int
    summary: str
    reasons: tuple[str, ...] = ()
    judgings: tuple[Evaluation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    no_suggestion: str | None = None
    changed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
