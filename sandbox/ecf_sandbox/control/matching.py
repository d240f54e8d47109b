"""Which exchanges of a journal are meant: by operation, path, status, rule, provider, time and body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from ecf_sandbox.scenario.player import differences
from ecf_sandbox.state.journal import Exchange, Verdict
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.target import split_target


class Match(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of an exchange; what is None is not asked.

    `operation` and `path` may hold `*` and `?`; `status` is a number or a class such as `4xx`; `rule` is one that
    refused, `judged` one that was asked; `finding` is a code of the observer; `since` (included) and `until` (left
    out) bound the moment of the world at which it came, aware; `body` is a subset of the JSON that was sent.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: str | int | None = None
    rule: str | None = None
    judged: str | None = None
    finding: str | None = None
    provider: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    body: Any = None

    def mismatches(self, it: Exchange) -> Iterator[str]:
        """How an exchange differs from what is asked, a sentence each; nothing if it matches."""
        if self.operation is not None and not fnmatchcase(it.operation, self.operation):
            yield f"operation is {it.operation}, not {self.operation}"
        if self.method is not None and it.method != self.method.upper():
            yield f"method is {it.method or 'none'}, not {self.method.upper()}"
        path = split_target(it.target).path
        if self.path is not None and not fnmatchcase(path, self.path):
            yield f"path is {path}, not {self.path}"
        if self.status is not None and not fits_status(it.status, str(self.status)):
            yield f"status is {it.status}, not {self.status}"
        if self.provider is not None and it.provider != self.provider:
            yield f"provider is {it.provider}, not {self.provider}"
        yield from self._misses_of_rules(it)
        codes = [found.code for found in it.findings]
        if self.finding is not None and self.finding not in codes:
            yield f"findings are {', '.join(codes) or 'none'}, not {self.finding}"
        if (self.since and it.at < self.since) or (self.until and it.at >= self.until):
            yield f"it came at {it.at.isoformat()}"
        if self.body is not None:
            yield from (f"body: {wrong}" for wrong in differences(self.body, _sent(it)))

    def _misses_of_rules(self, it: Exchange) -> Iterator[str]:
        refused_by = [refusal.rule for refusal in it.refusals]
        if self.rule is not None and self.rule not in refused_by:
            yield f"refused by {', '.join(refused_by) or 'no rule'}, not by {self.rule}"
        asked = {verdict.rule for verdict in it.judgements if verdict.verdict is not Verdict.NOT_ASKED}
        if self.judged is not None and self.judged not in asked:
            yield f"{self.judged} was not asked"

    def fits(self, it: Exchange) -> bool:
        """Whether an exchange is as asked."""
        return next(self.mismatches(it), None) is None


def fits_status(status: int, wanted: str) -> bool:
    """Whether a status is the one wanted, or of the class wanted (`4xx`)."""
    return wanted == str(status) or (wanted[1:].lower() == "xx" and wanted[:1] == str(status)[:1])


def _sent(it: Exchange) -> Any:
    try:
        return json.loads(it.request_body)
    except ValueError:
        return it.request_body.decode("utf-8", "replace")
