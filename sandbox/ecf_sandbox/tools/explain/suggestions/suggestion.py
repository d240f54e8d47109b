"""One small change to a request, and the case that it is meant for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rulebook.rule import Rule
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import Asked, attributes_of, with_attributes
from ecf_sandbox.tools.observer.expected import Expected

LEFT_OUT = object()  # in place of an attribute that is taken away


class ProposedChange(Record, frozen=True, kw_only=True):
    """A change in words, and how large it is: the cost decides which is offered first.

    `aspect` is what it concerns; one request is changed in one aspect once. `attributes` are set or LEFT_OUT, `at` is
    the moment to send it at, `header_dropped` a header to do without, `instead` another request altogether, and
    `first` what is sent before.
    """

    aspect: str
    words: str
    cost: int
    attributes: Mapping[str, Any] = {}
    at: datetime | None = None
    header_dropped: str | None = None
    instead: Request | None = None
    first: tuple[Request, ...] = ()


class Case(Record, frozen=True, kw_only=True):
    """A request that was turned down, and all that is known about it.

    `service` is the one that was asked, and `expected` what its documents know of the operation. `operation` is what
    the path led to (`createDeclaration`), `attempt` what the rules judged (None if it did not come to that), `broken`
    the ids of the rules that refused, `status` that of the answer, `now` what the request took for the present (UTC).
    """

    service: Service
    expected: Expected
    operation: str
    request: Request
    asked: Asked | None
    records: Any
    provider: Any
    attempt: Any
    broken: frozenset[str]
    status: int
    now: datetime

    @property
    def version(self) -> int:
        """The version of the API that was asked."""
        return self.asked.version if self.asked else self.service.newest

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes as they were sent."""
        return attributes_of(self.request)

    @property
    def scalars(self) -> dict[str, Any]:
        """Those of the attributes that a service reads: the value of none is a list or an object."""
        return {name: it for name, it in self.attributes.items() if not isinstance(it, dict | list)}

    @property
    def provider_id(self) -> str:
        """Who asks; nobody has the empty id."""
        return self.provider.id if self.provider else ""

    def broke(self, *rules: Rule[Any]) -> bool:
        """Whether one of these rules refused."""
        return any(it.id in self.broken for it in rules)

    def also(self, method: str, path: str, type: str | None = None, **attributes: Any) -> Request:
        """Another request by the same provider at the same moment."""
        headers = {name: value for name, value in self.request.headers.items() if name != "Content-Type"}
        if type is None:
            return Request(method=method, path=path, headers=headers)
        headers["Content-Type"] = "application/json"
        return Request(
            method=method, path=path, headers=headers, body={"data": {"type": type, "attributes": attributes}}
        )


def applied(request: Request, change: ProposedChange) -> Request:
    """The request with the change made."""
    if change.instead is not None:
        return change.instead
    if change.attributes:
        merged = {**attributes_of(request), **change.attributes}
        request = with_attributes(request, {name: it for name, it in merged.items() if it is not LEFT_OUT})
    if change.at is not None:
        request = replace(request, headers={**request.headers, "X-With-Server-Date": instant(change.at)})
    if change.header_dropped is not None:
        kept = {name: value for name, value in request.headers.items() if name != change.header_dropped}
        request = replace(request, headers=kept)
    return request
