"""What a check is: one question about what a client sent, written once with its code, its policy and its texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ecf_sandbox.state.findings import Finding, Severity
from ecf_sandbox.state.record import Record
from ecf_sandbox.suggest import in_short
from ecf_sandbox.tools.observer.request import ObservedRequest

PAGE = "docs/findings.md"
MOST = 50
_LONGEST = 120
_LONGEST_WORDS = 1000  # of what is expected, and what else is said


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
        """The findings of this check in a request, as many as somebody reads."""
        for spot in islice(self.look(sent), MOST):
            where, received, near = _short(spot.where), _short(spot.received), _short(spot.near, _LONGEST_WORDS)
            yield self._finding(Location(where, received, _short(spot.expected, _LONGEST_WORDS), near))

    def _finding(self, spot: Location) -> Finding:
        told = spot._asdict()
        return Finding(
            code=self.code,
            severity=self.severity,
            where=spot.where,
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


def _short(text: str, most: int = _LONGEST) -> str:
    return in_short(text, most)
