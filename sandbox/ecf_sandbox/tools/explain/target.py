"""What a request asks for: the resource, the id and the action of its path, its query and its attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

from ecf_sandbox.api.router import Router
from ecf_sandbox.api.routes import Kind
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.state.exchange_codec import json_value
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.explain.explanation import Request

KEPT_HEADERS = ("Authorization", "Content-Type", "X-With-Server-Date", "X-Sandbox-World")
NOT_ACCEPTABLE = 406  # the one answer for which it may matter what the client accepts
_QUERY = "[],:"
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class Asked(Record, frozen=True, kw_only=True):
    """A request of the provider API, taken apart.

    `resource` is what the path is about, and `action` what it does to that, if it does anything. `id` is the id in the
    path as it was typed, `uuid` the same in its one spelling, None for what is no id.
    """

    version: int
    path: str
    resource: str
    id: str | None
    action: str | None
    query: tuple[tuple[str, str], ...]

    @property
    def uuid(self) -> str | None:
        """The id in its canonical spelling."""
        return uuid_of(self.id)


def asked_of(router: Router, method: str, target: str) -> Asked | None:
    """What a target (path and query) asks for, by another method if it has not this one; None for an unknown path."""
    split = split_target(target)
    match = router.match(split.path, method) or next(iter(router.matches(split.path)), None)
    if match is None or match.route.kind is Kind.PRIVATE:
        return None
    return Asked(
        version=match.info.version,
        path=split.path,
        resource=match.route.resource,
        id=None if match.id is None else unquote(match.id),
        action=(match.route.action or None) if match.info.is_write else None,
        query=split.parameters,
    )


def request_of(exchange: Exchange) -> Request:
    """The request of an exchange as one that can be sent again; its body only if that is JSON."""
    headers = dict(exchange.request_headers)
    kept = (*KEPT_HEADERS, *(["Accept"] if exchange.status == NOT_ACCEPTABLE else []))
    if not exchange.request_body and headers.get("Content-Type", "").startswith("application/json"):
        del headers["Content-Type"]  # says nothing where there is no body
    return Request(
        method=exchange.method,
        path=sendable(exchange.target),
        headers={name: headers[name] for name in kept if name in headers},
        body=json_of(exchange.request_body),
    )


def sendable(target: str) -> str:
    """The target of an exchange as it can be sent again; raises UnicodeEncodeError for what never came over WSGI."""
    split = split_target(target)
    # The path of WSGI has one character for a byte; one that holds escapes still was never decoded.
    sent = split.path if "%" in split.path else quote(split.path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
    query = quote(split.query.encode("latin-1"), safe=_PRINTABLE)
    return f"{sent}?{query}" if query else sent


def json_of(body: bytes) -> Any:
    """The value of a JSON text in UTF-8, None for what is none."""
    try:
        return json_value(body)
    except ValueError:
        return None


def attributes_of(request: Request) -> dict[str, Any]:
    """The members of `data.attributes`, as far as there are any."""
    data = request.body.get("data") if isinstance(request.body, Mapping) else None
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    return dict(attributes) if isinstance(attributes, Mapping) else {}


def with_attributes(request: Request, attributes: Mapping[str, Any]) -> Request:
    """The request with other attributes and the rest of its body as it is."""
    body = dict(request.body) if isinstance(request.body, Mapping) else {}
    data = dict(body["data"]) if isinstance(body.get("data"), Mapping) else {}
    headers = {**request.headers, "Content-Type": "application/json"}
    return replace(request, headers=headers, body={**body, "data": {**data, "attributes": dict(attributes)}})


def with_query(request: Request, query: tuple[tuple[str, str], ...]) -> Request:
    """The request with another query."""
    path = split_target(request.path).path
    return replace(request, path=f"{path}?{urlencode(query, safe=_QUERY)}" if query else path)
