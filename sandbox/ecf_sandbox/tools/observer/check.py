"""What a check is: one question about what a client sent, written once with its code, its policy and its texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ecf_sandbox.state.findings import Finding, Severity
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.observer.request import ObservedRequest

PAGE = "docs/findings.md"
_LONGEST = 120


class Location(NamedTuple):
    """One place in a request that breaks a check. `near` is what the texts of the check say of it besides."""

    where: str
    received: str = ""
    expected: str = ""
    near: str = ""


Look = Callable[[ObservedRequest], Iterable[Location]]


class Check(Record, frozen=True, kw_only=True):
    """One mistake to look for.

    `look` yields every spot where it was made, and its docstring is the policy; `message` and `fix` are templates over
    a spot (`{received}`).
    """

    code: str
    severity: Severity
    message: str
    fix: str
    look: Look

    @property
    def policy(self) -> str:
        """What a good client does, as a sentence."""
        return " ".join((self.look.__doc__ or "").split())

    @property
    def link(self) -> str:
        """Where the page of findings speaks of it."""
        return f"{PAGE}#{self.code}"

    def findings(self, sent: ObservedRequest) -> Iterator[Finding]:
        """Every finding of this check in a request."""
        for spot in self.look(sent):
            yield self._finding(spot._replace(received=_short(spot.received)))

    def _finding(self, spot: Location) -> Finding:
        told = spot._asdict()
        return Finding(
            code=self.code,
            severity=self.severity,
            where=_short(spot.where),
            received=spot.received,
            expected=spot.expected,
            message=self.message.format_map(told),
            fix=self.fix.format_map(told),
            link=self.link,
        )


def check(code: str, severity: Severity, *, message: str, fix: str) -> Callable[[Look], Check]:
    """Make a check of a function that yields the spots where a request breaks it. Its docstring is the policy."""

    def make(look: Look) -> Check:
        return Check(code=code, severity=severity, message=message, fix=fix, look=look)

    return make


def text_of(value: object) -> str:
    """A value of a query as a text: nothing for none at all, JSON for what has parts."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
