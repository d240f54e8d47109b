"""Counts what exchanges used of what there is: operations, statuses, parameters, values of attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.tools.report.operations import KnownOperation
from ecf_sandbox.tools.report.privacy import Masks
from ecf_sandbox.tools.report.report import (
    Attribute,
    Coverage,
    Elsewhere,
    EventUsage,
    OperationUsage,
    RuleSeen,
    Share,
    Times,
    Totals,
)

HEADERS = ("X-With-Server-Date", "If-None-Match")
_IN_FORM = "data[attributes]["
_LONGEST = 80


def query(it: JournalEntry) -> list[tuple[str, str]]:
    """The names and values of its query, decoded, in order."""
    return list(it.split.parameters)


def parameters(it: JournalEntry) -> dict[str, str]:
    """The parameters of its query, the last value of each, and those headers that say what is wanted."""
    sent = {name.lower(): value for name, value in it.request.headers}
    return {name: sent[name.lower()] for name in HEADERS if name.lower() in sent} | dict(query(it))


def attributes(it: JournalEntry) -> dict[str, Any]:
    """`data.attributes` of its body, be that JSON or a form; empty if there are none."""
    body = it.request.body
    if isinstance(body, str):
        pairs = parse_qsl(body, keep_blank_values=True)
        return {name[len(_IN_FORM) : -1]: value for name, value in pairs if name.startswith(_IN_FORM)}
    inside = body.get("data") if isinstance(body, dict) else None
    found = inside.get("attributes") if isinstance(inside, dict) else None
    return found if isinstance(found, dict) else {}


def shown(value: Any) -> str:
    """A value as a report names it: text as it is, anything else as JSON; cut if it is long."""
    if not isinstance(value, str):
        value = msgspec.json.encode(value).decode()
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def items(it: JournalEntry) -> list[Any] | None:
    """The things that its answer lists; None if it is no list."""
    body = it.response.body
    found = body.get("data") if isinstance(body, dict) else None
    return found if isinstance(found, list) else None


def answered(it: JournalEntry) -> dict[str, Any]:
    """`data.attributes` of its answer; empty if there are none."""
    body = it.response.body
    inside = body.get("data") if isinstance(body, dict) else None
    found = inside.get("attributes") if isinstance(inside, dict) else None
    return found if isinstance(found, dict) else {}


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with the name that it stands under."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, it = waiting.pop()
        if isinstance(it, str):
            yield name, it
        elif isinstance(it, dict):
            waiting += it.items()
        elif isinstance(it, list):
            waiting += [(name, each) for each in it]


def totals(heard: Sequence[JournalEntry], known: Iterable[KnownOperation]) -> Totals:
    """How much was asked in all."""
    names = {it.name for it in known}
    requests = [it for it in heard if it.asked]
    return Totals(
        exchanges=len(heard),
        requests=len(requests),
        events=len(heard) - len(requests),
        undone=sum(it.undone for it in heard),
        refused=sum(bool(it.refusals) for it in requests),
        elsewhere=sum(it.operation not in names for it in requests),
        statuses=_counted(str(it.response.status) for it in requests),
        providers=_counted(it.provider for it in requests if it.provider is not None),
    )


def operations(heard: Sequence[JournalEntry], known: Iterable[KnownOperation]) -> tuple[OperationUsage, ...]:
    """Every operation with what was used of it."""
    by_name: dict[str, list[JournalEntry]] = {}
    for it in heard:
        by_name.setdefault(it.operation, []).append(it)
    return tuple(_operation(it, [each for each in by_name.get(it.name, ()) if each.asked]) for it in known)


def elsewhere(heard: Sequence[JournalEntry], known: Iterable[KnownOperation], masks: Masks) -> tuple[Elsewhere, ...]:
    """The requests that reached no operation, by method, path and status."""
    names = {it.name for it in known}
    lost = Counter((it.method, it.path, it.response.status) for it in heard if it.asked and it.operation not in names)
    return tuple(
        Elsewhere(method=method, path=masks.addresses(path), status=status, asked=asked)
        for (method, path, status), asked in sorted(lost.items())
    )


def events(heard: Sequence[JournalEntry]) -> tuple[EventUsage, ...]:
    """What was done from outside the provider API."""
    return tuple(
        EventUsage(name=name, times=times)
        for name, times in _counted(it.operation for it in heard if not it.asked).items()
    )


def coverage(found: Sequence[OperationUsage], rules: Sequence[RuleSeen]) -> Coverage:
    """The shares of what there is that were used."""
    asked = [it for it in found if it.asked]
    attributes = [each for it in asked for each in (*it.attributes, *it.parameter_values)]
    versions = sorted({it.version for it in found}, reverse=True)
    return Coverage(
        operations={f"v{it}": _share(each.asked for each in found if each.version == it) for it in versions},
        rules_judged=_share(it.standing != "never" for it in rules),
        rules_broken=_share(it.standing == "broken" for it in rules),
        parameters=_share(each.sent for it in asked for each in it.parameters if each.known),
        values=_share(value.sent for each in attributes for value in each.values if value.known),
    )


def _operation(known: KnownOperation, heard: Sequence[JournalEntry]) -> OperationUsage:
    given = [(it, parameters(it)) for it in heard]
    statuses = {str(status): 0 for status in known.statuses} | _counted(str(it.response.status) for it in heard)
    return OperationUsage(
        name=known.name,
        version=known.version,
        summary=known.summary,
        routes=known.routes,
        asked=len(heard),
        accepted=sum(it.accepted for it in heard),
        statuses=dict(sorted(statuses.items())),
        parameters=_times(given, known.parameters),
        parameter_values=tuple(
            _attribute(name, True, given, values) for name, values in known.parameters.items() if values
        ),
        attributes=_attributes(heard, known.attributes),
    )


def _attributes(heard: Sequence[JournalEntry], known: Mapping[str, tuple[str, ...]]) -> tuple[Attribute, ...]:
    given = [(it, attributes(it)) for it in heard]
    names = [*known, *sorted({name for _, sent in given for name in sent} - set(known))]
    return tuple(_attribute(name, name in known, given, known.get(name, ())) for name in names)


def _attribute(
    name: str, known: bool, given: Sequence[tuple[JournalEntry, Mapping[str, object]]], values: Sequence[str]
) -> Attribute:
    sent = [(it, shown(told[name])) for it, told in given if name in told]
    listed = known and not name.endswith(("_id", "_date"))
    counted = [(it, (value,)) for it, value in sent] if listed else []
    return Attribute(name=name, known=known, sent=len(sent), values=_times(counted, values))


def _times(given: Iterable[tuple[JournalEntry, Iterable[str]]], known: Iterable[str]) -> tuple[Times, ...]:
    """How often each name was among what exchanges were given: the known in their order, then others."""
    sent: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for it, names in given:
        sent.update(list(names))
        if it.accepted:
            accepted.update(list(names))
    known = tuple(known)
    return tuple(
        Times(name=name, known=name in known, sent=sent[name], accepted=accepted[name])
        for name in (*known, *sorted(sent.keys() - set(known)))
    )


def _share(used: Iterable[object]) -> Share:
    each = [bool(it) for it in used]
    return Share(known=len(each), used=sum(each))


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
