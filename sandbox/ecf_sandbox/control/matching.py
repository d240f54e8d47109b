"""Which exchanges of a journal are meant: by operation, path, status, rule, provider, time and body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from ecf_sandbox.api.operation_names import (
    METHODS,
    NamedOperation,
    OperationNames,
    has_query,
    in_api,
    nearest_path,
    operation_names,
    paths_fit,
    too_long,
)
from ecf_sandbox.control.problem import bad_request
from ecf_sandbox.scenario.player import differences
from ecf_sandbox.state.exchange_codec import json_value
from ecf_sandbox.state.journal import Exchange, Verdict
from ecf_sandbox.state.operation import NO_OPERATION
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.target import split_target
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import did_you_mean, nearest

NOTED = ("clock", "restore")  # what the control plane does to a world besides events
NO_PATH = f"requests for no path of the API have the operation {NO_OPERATION.operation!r}"
ANSWER_DIFFERS = "answer.not-as-documented"  # which a proxy finds
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|[xX]{2})")


class Match(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of an exchange; what is None is not asked.

    `operation` and `path` may hold `*` and `?`; `operation` may leave out the version, and `operations`, which nobody
    gives, are those that it means. `status` is a number or a class such as `4xx`; `rule` is one that
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
    operations: frozenset[str] | None = None

    def mismatches(self, it: Exchange) -> Iterator[str]:
        """How an exchange differs from what is asked, a sentence each; nothing if it matches."""
        if self.operation is not None and not self._is_of_operation(it.operation):
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

    def _is_of_operation(self, operation: str) -> bool:
        if self.operations is not None and operation in self.operations:
            return True
        return fnmatchcase(operation, self.operation or "*")

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


CONDITIONS = tuple(name for name in Match.__struct_fields__ if name != "operations")


def read_match(world: World, given: Any, place: str = "") -> Match:
    """The conditions that are given, by name; raises Problem with every name that this world does not know.

    `place` says where they stand in a request.
    """
    at = f"{place}: " if place else ""
    if not isinstance(given, Mapping):
        raise bad_request([f"{at}conditions by name are expected, such as operation and status"])
    if unknown := [name for name in given if name not in CONDITIONS]:
        raise bad_request([f"{at}there is no condition {did_you_mean(it, CONDITIONS)}" for it in unknown])
    try:
        it = msgspec.convert(given, Match)
    except msgspec.ValidationError as wrong:
        raise bad_request([f"{at}{wrong}"]) from None
    if problems := too_long(operation=it.operation, path=it.path):
        raise bad_request([f"{at}{it}" for it in problems])
    wanted = replace(it, since=_aware(it.since), until=_aware(it.until))
    if problems := list(unknown_names(world, wanted)):
        raise bad_request([f"{at}{it}" for it in problems])
    if wanted.operation is None:
        return wanted
    meant = operation_names(world.service).named(wanted.operation)
    return replace(wanted, operations=frozenset(it.name for it in meant))


def unknown_names(world: World, it: Match) -> Iterator[str]:
    """What a match asks for that no exchange of this world can have, a sentence each, with the nearest that it can.

    What stands in the journal is known, whatever it is.
    """
    journal = tuple(world.journal)
    yield from _unknown_operation(world, it, journal)
    rules = dict.fromkeys(rule.id for book in world.service.part("rulebooks") for rule in book.rules)
    for rule in (it.rule, it.judged):
        if rule is not None and rule not in rules:
            yield f"there is no rule {did_you_mean(rule, rules)}"
    if it.finding is not None:
        codes = dict.fromkeys([*finding_codes(world.service), *(each.code for one in journal for each in one.findings)])
        if it.finding not in codes:
            yield f"there is no finding {did_you_mean(it.finding, codes)}"
    if it.provider is not None:
        yield from unknown_provider(world, it.provider, (one.provider for one in journal))
    if it.status is not None and not _STATUS.fullmatch(str(it.status)):
        yield f"status must be a number from 100 to 599, or a class such as 4xx, not {str(it.status)!r}"
    if it.since is not None and it.until is not None and it.since >= it.until:
        yield "until must be later than since"


def finding_codes(service: Service) -> list[str]:
    """The codes of all findings that there are in requests for a service."""
    # Every command of the control plane would wait for what the checks import, and few ask for a finding.
    from ecf_sandbox.tools.observer.catalogue import checks_of

    return [it.code for it in checks_of(service)] + [ANSWER_DIFFERS]


def unknown_provider(world: World, name: str, heard: Iterable[str | None] = ()) -> Iterator[str]:
    """That nobody of that name asks in a world. One without records (a proxy's) knows only those it has heard."""
    there = world.service.tokens(world.state.records)
    if there and name not in (known := dict.fromkeys([*there, *filter(None, heard)])):
        yield f"there is no provider {did_you_mean(name, known)} in world {world.name}"


def _unknown_operation(world: World, it: Match, journal: Sequence[Exchange]) -> Iterator[str]:
    """What is wrong with operation, method and path, each alone or together."""
    names = operation_names(world.service)
    events = [f"event {name}" for name in world.service.events]
    meant: tuple[NamedOperation, ...] = names.operations
    if it.operation is not None:
        meant = names.named(it.operation)
        others = [NO_OPERATION.operation, *NOTED, *events, *(one.operation for one in journal if not one.method)]
        if any(fnmatchcase(name, it.operation) for name in others):
            if it.operation != "*":
                return
        elif not meant:
            yield f"there is no operation {_nearest_operation(names, it.operation, others)}"
            return
    method = None if it.method is None else it.method.upper()
    if method is not None and method not in METHODS and all(one.method != method for one in journal):
        yield f"there is no method {did_you_mean(method, METHODS)}"
        return
    if it.path is not None:
        heard = [one for one in journal if fnmatchcase(split_target(one.target).path, it.path)]
        there = [one for one in names.operations if paths_fit(one, it.path, suffixes=False)]
        if not heard and (has_query(it.path) or (not there and in_api(it.path))):
            yield f"path: no operation has {nearest_path(names.operations, it.path)} ({NO_PATH})"
            return
        by_name = {one.name for one in meant}
        if not there and not in_api(it.path):
            return
        known = by_name & {*(one.name for one in there), *(one.operation for one in heard)}
        if it.operation not in (None, "*") and not known:
            yield f"{it.operation} has no path {it.path!r}, but {nearest_path(meant, it.path)}"
            return
    if it.operation not in (None, "*") and method is not None and not any(one.takes(method) for one in meant):
        yield f"{it.operation} is {' or '.join(dict.fromkeys(one.method for one in meant))}, not {method}"


def _nearest_operation(names: OperationNames, given: str, others: Iterable[str]) -> str:
    if near := nearest(given, dict.fromkeys(others), least=0.8):
        return f"{given!r}; did you mean {near!r}?"
    return names.did_you_mean(given)


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def fits_status(status: int, wanted: str) -> bool:
    """Whether a status is the one wanted, or of the class wanted (`4xx`)."""
    return wanted == str(status) or (wanted[1:].lower() == "xx" and wanted[:1] == str(status)[:1])


def _sent(it: Exchange) -> Any:
    try:
        return json_value(it.request_body)
    except ValueError:
        return it.request_body.decode("utf-8", "replace")
