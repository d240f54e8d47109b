"""The report as a value: what every format is written from, and what its JSON looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from ecf_sandbox.moving.result import Moving
from ecf_sandbox.state.record import Record

FORMAT: Final = "ecf-sandbox/report"
VERSION: Final = 1

Outcome = Literal["shown", "partly shown", "not shown", "cannot be shown"]
Standing = Literal["broken", "judged", "never"]


class Source(Record, frozen=True, kw_only=True):
    """A journal: how much of it there is, and the world's present at its ends. `missing` exchanges are not in it."""

    name: str
    file: str | None
    exchanges: int
    missing: int
    first_at: str | None
    last_at: str | None


class Totals(Record, frozen=True, kw_only=True):
    """How much was asked. Rules refused `refused` requests; `elsewhere` of them reached no operation."""

    exchanges: int
    requests: int
    events: int
    undone: int
    refused: int
    elsewhere: int
    statuses: Mapping[str, int]
    providers: Mapping[str, int]


class Share(Record, frozen=True, kw_only=True):
    """How many there are, and how many of them were used."""

    known: int
    used: int


class Coverage(Record, frozen=True, kw_only=True):
    """The shares. `operations` are counted for each version; `parameters` and `values` for the operations asked."""

    operations: Mapping[str, Share]
    rules_judged: Share
    rules_broken: Share
    parameters: Share
    values: Share


class Times(Record, frozen=True, kw_only=True):
    """How often something was sent, and how often with success. `known` says whether a document has it."""

    name: str
    known: bool
    sent: int
    accepted: int


class Attribute(Record, frozen=True, kw_only=True):
    """An attribute of a body with the values that it had and could have had; ids and dates are not listed."""

    name: str
    known: bool
    sent: int
    values: tuple[Times, ...]


class OperationUsage(Record, frozen=True, kw_only=True):
    """An operation: how often it was asked, with what, and how it was answered (a status with 0 never came)."""

    name: str
    version: int
    summary: str
    routes: tuple[str, ...]
    asked: int
    accepted: int
    statuses: Mapping[str, int]
    parameters: tuple[Times, ...]
    parameter_values: tuple[Attribute, ...]
    attributes: tuple[Attribute, ...]


class Elsewhere(Record, frozen=True, kw_only=True):
    """A request that reached no operation of the documents."""

    method: str
    path: str
    status: int
    asked: int


class EventUsage(Record, frozen=True, kw_only=True):
    """Something done to a world from outside the provider API, and how often."""

    name: str
    times: int


class RuleSeen(Record, frozen=True, kw_only=True):
    """A rule, how often it was judged with what verdict, and some of the exchanges that broke it."""

    id: str
    standing: Standing
    policy: str
    actions: tuple[str, ...]
    editions: tuple[str, ...]
    message: str
    kept: int
    broken: int
    not_asked: int
    exchanges: tuple[str, ...]


class ReasonRead(Record, frozen=True, kw_only=True):
    """A rule that refused, what the provider was told, and the facts that the rule read."""

    rule: str
    policy: str
    detail: str
    facts: tuple[str, ...]


class RefusalSeen(Record, frozen=True, kw_only=True):
    """One request that rules refused, why, and what would have passed, as far as that is written with it.

    `test` is the test that sent it, where that is known.
    """

    exchange: str
    test: str | None
    method: str
    target: str
    status: int
    reasons: tuple[ReasonRead, ...]
    would_pass: tuple[str, ...]


class ShownBy(Record, frozen=True, kw_only=True):
    """A test whose requests show something, by its node id, and the world that they went to.

    `file` and `line` are where it stands below the root of the tests, as far as the journal says.
    """

    test: str
    world: str
    file: str | None
    line: int | None


class FindingSeen(Record, frozen=True, kw_only=True):
    """One mistake at one place of one operation, how often, and some of the exchanges and tests that made it.

    `line` is that of the first exchange in the `file` of its journal, if there is one.
    """

    code: str
    severity: str
    operation: str
    where: str
    count: int
    received: str
    expected: str
    message: str
    fix: str
    link: str
    exchanges: tuple[str, ...]
    tests: tuple[ShownBy, ...] = ()
    file: str | None
    line: int | None


class Sample(Record, frozen=True, kw_only=True):
    """A request and its answer, cut to a length, without tokens, with placeholders for persons.

    `at` and `moment` are moments of the world.
    """

    exchange: str
    at: str
    moment: str
    provider: str | None
    method: str
    target: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int
    response_headers: tuple[tuple[str, str], ...]
    response_body: str


class Item(Record, frozen=True, kw_only=True):
    """Something that a provider has to test, and what this run shows of it. `note` says what it shows and what not."""

    id: str
    area: str
    asks: str
    outcome: Outcome
    note: str
    exchanges: tuple[str, ...]
    sample: Sample | None


class Baseline(Record, frozen=True, kw_only=True):
    """The report against which findings are new; `known` of them were left out of this one."""

    file: str
    known: int


class Report(Record, frozen=True, kw_only=True):
    """Everything that a run shows of a service; `missing` exchanges are known to have happened, but not shown.

    `beside` are the reports of other services of which the run had worlds too. `moving` is what the client meets that
    moves to the service that replaced this one, if that was asked for.
    """

    format: Literal["ecf-sandbox/report"] = FORMAT
    version: Literal[1] = VERSION
    made_by: str
    service: str
    title: str
    journals: tuple[Source, ...]
    missing: int = 0
    totals: Totals
    coverage: Coverage
    findings: tuple[FindingSeen, ...]
    baseline: Baseline | None = None
    rules: tuple[RuleSeen, ...]
    operations: tuple[OperationUsage, ...]
    elsewhere: tuple[Elsewhere, ...]
    refusals: tuple[RefusalSeen, ...] = ()
    events: tuple[EventUsage, ...]
    checklist: tuple[Item, ...]
    moving: Moving | None = None
    beside: tuple[Report, ...] = ()

    @property
    def every(self) -> tuple[Report, ...]:
        """The report itself, then those beside it."""
        return (self, *self.beside)

    def worst(self, severity: str) -> int:
        """How many findings have that severity."""
        return sum(it.severity == severity for it in self.findings)
