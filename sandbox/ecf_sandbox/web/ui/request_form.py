"""A request as a form, for whoever wants to see what another date, person or reason leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from ecf_sandbox.api.router import router_of
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import Asked, asked_of, attributes_of, with_attributes, with_query
from ecf_sandbox.web.ui.model import Field

SENT, WHOSE = "sent", "whose"
NOTHING = ("", "nothing")
_DATE_HEADER = "X-With-Server-Date"
Options = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What a service knows of the forms of its requests.

    `names` are the attributes that a write may have, by what its path asks for and its method; `labels` what they are
    called. `options` are the values of an attribute with what they are called, by its name and the action of the path;
    those of `dates` are days with a time. `meant` has, by resource, what the path names and the ids there are of it.
    """

    service: Service
    labels: Mapping[str, str]
    names: Callable[[Asked, str], tuple[str, ...]]
    options: Callable[[str, str | None, Any], Options]
    meant: Callable[[str, Any], tuple[str, Options] | None]
    dates: frozenset[str]

    def fields(self, request: Request, records: Any) -> tuple[Field, ...]:
        """The fields of a request's form, each with the value that it has."""
        return tuple(self._fields(request, records))

    def changed(self, request: Request, records: Any, given: Mapping[str, str]) -> Request:
        """The request with other values in some of its fields; names that are no fields of it are passed over."""
        known = {it.name: it for it in self.fields(request, records)}
        changes = {
            name: value
            for name, value in given.items()
            if name in known and value not in (known[name].value, known[name].exact)
        }
        if SENT in changes:
            headers = {name: value for name, value in request.headers.items() if name != _DATE_HEADER}
            moment = _moment(changes.pop(SENT))
            request = replace(request, headers=headers if moment is None else {**headers, _DATE_HEADER: moment})
        if WHOSE in changes:
            there = quote(changes.pop(WHOSE), safe="")
            request = replace(request, path=request.path.replace(known[WHOSE].value, there))
        if request.method == "GET":
            query = split_target(request.path).parameters
            kept = [(name, changes.get(name, value)) for name, value in query]
            return with_query(request, tuple((name, value) for name, value in kept if value)) if changes else request
        if not changes:
            return request
        attributes = attributes_of(request)
        attributes |= {name: self._wire(name, value, attributes) for name, value in changes.items()}
        return with_attributes(request, {name: value for name, value in attributes.items() if value != ""})

    def _fields(self, request: Request, records: Any) -> Iterator[Field]:
        asked = asked_of(router_of(self.service), request.method, request.path)
        if asked is None:
            return
        if asked.uuid:
            yield from self._whose(asked.resource, asked.uuid, records)
        if request.method == "GET":
            for name, value in asked.query:
                yield Field(name=name, label=name, kind="text", value=value)
        else:
            attributes = attributes_of(request)
            for name in self.names(asked, request.method):
                yield self._field(name, str(attributes.get(name, "")), asked.action, records)
        yield Field(name=SENT, label="Sent at (UTC)", kind="moment", value=_sent(request))

    def _whose(self, resource: str, id: str, records: Any) -> Iterator[Field]:
        """Whom or what the path names."""
        found = self.meant(resource, records)
        if found is None:
            return
        label, options = found[0], tuple(found[1])
        if id not in dict(options):
            options = ((id, f"the unknown id {id}"), *options)
        yield Field(name=WHOSE, label=label, kind="choice", value=id, options=options)

    def _field(self, name: str, value: str, action: str | None, records: Any) -> Field:
        if name in self.dates:
            return Field(name=name, label=self.labels[name], kind="date", value=value[:10], exact=value)
        options = tuple(self.options(name, action, records))
        if value not in dict(options):
            options = ((value, value or NOTHING[1]), *options)
        return Field(name=name, label=self.labels[name], kind="choice", value=value, options=options)

    def _wire(self, name: str, value: str, attributes: Mapping[str, Any]) -> object:
        """A field's value as the request's body has it: a date keeps the time of day that it had."""
        if name in self.dates and value and "T" not in value:
            return value + (str(attributes.get(name, ""))[10:] or "T12:00:00Z")
        return value


def same(values: Iterable[str]) -> list[tuple[str, str]]:
    """Options that are called what they are."""
    return [(it, it) for it in values]


def by_name(options: Options) -> list[tuple[str, str]]:
    """Options in the order of what they are called."""
    return sorted(options, key=lambda it: it[1])


def _sent(request: Request) -> str:
    """The server date as a field for moments has it: `2026-05-11T10:01:00`."""
    return request.headers.get(_DATE_HEADER, "").removesuffix("Z")[:19]


def _moment(value: str) -> str | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant(at if at.tzinfo else at.replace(tzinfo=UTC))
