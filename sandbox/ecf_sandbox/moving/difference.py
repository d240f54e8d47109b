"""What a difference between two services is, and what is known of an exchange that it may be found in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from csv import DictReader
from csv import Error as CsvError
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import Any

from ecf_sandbox.api.routes import CSV
from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.target import split_target


class Kind(StrEnum):
    """What sort of thing differs."""

    PATH_GONE = "path gone"
    ATTRIBUTE_GONE = "attribute gone"
    ATTRIBUTE_NEW = "attribute new"
    VALUE_GONE = "value gone"
    RULE_NEW = "rule new"
    RULE_LIFTED = "rule lifted"
    STATUS_OTHER = "status other"
    TEXT_OTHER = "text other"
    FORM_OTHER = "form other"
    MEANING_OTHER = "meaning other"


class Step(StrEnum):
    """A change that a client can make without thinking about its rules, in the order in which they are tried."""

    PATHS = "paths"
    HEADERS = "headers"
    VALUES = "names and values"


STEPS = tuple(Step)


class Request(Record, frozen=True, kw_only=True):
    """A request as it is sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header; None without one."""
        return next((value for it, value in self.headers if it.lower() == name.lower()), None)


class Played(Record, frozen=True, kw_only=True):
    """How the new service answered a request."""

    status: int
    rules: tuple[str, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it succeeded."""
        return self.status < 300


class Seen(Record, frozen=True, kw_only=True):
    """An exchange with the old service, with what became of its request in the new one.

    `operation` is the `operationId` of the old service's documents, `template` its path there. `played` has the answers
    to it as it was sent, and then with each step taken; nothing if it was not played, and `unplayed` says why. `gone`
    is how many people this list lacks that an earlier whole list had; `milestone` has the first and last day of what is
    declared, by the new service; `school_led` says that the school was last shown to be led by itself, and `kept` that
    the participant in the path was shown before, and has trained with the provider.
    """

    entry: JournalEntry
    operation: str
    template: str
    id: str | None
    request: Request
    sent: Mapping[str, Any] = {}
    played: tuple[Played, ...] = ()
    unplayed: str = ""
    gone: int = 0
    milestone: tuple[date, date | None] | None = None
    school_led: bool = False
    kept: bool = False

    @property
    def status(self) -> int:
        """The status that the old service answered; an answer that had not changed counts as the answer itself."""
        return 200 if self.entry.response.status == 304 else self.entry.response.status

    @property
    def accepted(self) -> bool:
        """Whether the old service carried it out."""
        return self.entry.accepted

    @property
    def rules(self) -> frozenset[str]:
        """The rules by which the old service refused it."""
        return frozenset(it.rule for it in self.entry.refusals)

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """Title and detail of each error that the old service answered."""
        return errors_in(self.entry.response.body)

    @property
    def last(self) -> Played | None:
        """The answer to it with all steps taken."""
        return self.played[-1] if self.played else None

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The names and values of its query."""
        return split_target(self.request.target).parameters

    def attributes(self) -> Iterable[Mapping[str, Any]]:
        """The attributes of each resource of its answer, and the columns of each row of CSV."""
        if self.entry.operation.endswith(CSV) and isinstance(self.entry.response.body, str):
            yield from _rows(self.entry.response.body)
        yield from attributes_of(self.entry.response.body)


def _rows(written: str) -> Iterable[Mapping[str, Any]]:
    try:
        yield from ({name: it for name, it in row.items() if name} for row in DictReader(StringIO(written)))
    except CsvError:
        return  # what was kept of it ends within a field


Places = Callable[[Seen], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference, as a client meets it. `source` is the line of the specification that says so.

    It is found in a request that `change` alters, which the `step` takes; where `places` names places of request or
    answer; and by what rules say: `refuses` are rules of the new service that the old one has not got, `lifts` rules of
    the old one that the new one has not got, `rephrases` rules of the old one that the new one words otherwise, and
    `restates` those that it answers with another status, all of them only `when` that is so. What is found by `places`
    breaks only if `breaks`.
    """

    id: str
    kind: Kind
    source: str
    old: str
    new: str
    remedy: str
    step: Step | None = None
    change: Callable[[Request], Request] | None = None
    places: Places | None = None
    breaks: bool = False
    refuses: frozenset[str] = frozenset()
    lifts: frozenset[str] = frozenset()
    rephrases: frozenset[str] = frozenset()
    restates: frozenset[str] = frozenset()
    when: Callable[[Seen], bool] | None = None


def resources(body: Any) -> list[Mapping[str, Any]]:
    """The resources of an answer, be it one or a list."""
    data = body.get("data") if isinstance(body, Mapping) else None
    found = data if isinstance(data, list) else [data]
    return [it for it in found if isinstance(it, Mapping)]


def attributes_of(body: Any) -> Iterable[Mapping[str, Any]]:
    """The attributes of each resource of an answer."""
    return (found for it in resources(body) if isinstance(found := it.get("attributes"), Mapping))


def errors_in(body: Any) -> tuple[tuple[str, str], ...]:
    """Title and detail of each error of an answer; a bare `error` is a title."""
    if not isinstance(body, Mapping):
        return ()
    if isinstance(body.get("error"), str):
        return ((body["error"], ""),)
    found = body.get("errors")
    listed = found if isinstance(found, list) else []
    return tuple((str(it.get("title")), str(it.get("detail"))) for it in listed if isinstance(it, Mapping))


THE_PATH = "the path"


def changed_places(before: Request, after: Request) -> list[str]:
    """Where two forms of a request differ, in the words of a reader: the path, headers, parameters, attributes."""
    old, new = split_target(before.target), split_target(after.target)
    found = [THE_PATH] if old.path != new.path else []
    was, now = dict(before.headers), dict(after.headers)
    found += [f"header {it}" for it in was if was[it] != now.get(it)]
    if old.query != new.query:
        kept = list(new.parameters)
        found += [name for name, value in old.parameters if (name, value) not in kept]
    if before.body != after.body:
        found.append("the body")
    return found
