"""An exchange as it is shown: without the credentials that its client sent, wherever they stand in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.redact import (
    IN_A_HEADER,
    IN_A_TARGET,
    Credentials,
    Header,
    header_words,
    is_secret,
    long_enough,
    parameter_values,
    redacted_body,
    redacted_headers,
    redacted_parameters,
    redacted_target,
    secret_values,
)


def redacted_exchange(it: Exchange, known: Collection[str] = ()) -> Exchange:
    """The same without credentials. `known` are tokens that are no secrets, such as those of the sandbox itself."""
    hidden = credentials_of(it, known)
    return replace(
        it,
        target=redacted_target(hidden.text(it.target)),
        request_headers=_headers(it.request_headers, hidden, known),
        request_body=hidden.body(redacted_body(it.request_body)),
        response_headers=_headers(it.response_headers, hidden, known),
        response_body=hidden.body(redacted_body(it.response_body)),
        findings=tuple(_finding(each, hidden) for each in it.findings),
    )


def credentials_of(it: Exchange, known: Collection[str] = ()) -> Credentials:
    """What the client sent in headers and parameters that are there for credentials, but for those that are known."""
    return Credentials(each for each in set(long_enough(_credentials(it))) if each.partition("~")[0] not in known)


def _credentials(it: Exchange) -> Iterator[str]:
    for name, value in it.request_headers:
        if is_secret(name):
            yield from filter(None, (value.partition(" ")[2].strip(), value if " " not in value else ""))
            for part in header_words(value):
                yield from (part.partition("~")[0], part.partition("=")[2].strip('"'))
        else:  # such as Referer, which has the address of a page
            yield from parameter_values(value, IN_A_HEADER)
    yield from parameter_values(it.target, IN_A_TARGET)
    yield from secret_values(it.request_body)


def _headers(headers: Iterable[Header], hidden: Credentials, known: Collection[str]) -> tuple[Header, ...]:
    return tuple(
        (name, value)
        if is_secret(name) and _token(value) in known
        else (name, hidden.text(value))
        if not is_secret(name)
        else redacted_headers([(name, value)])[0]
        for name, value in headers
    )


def _token(value: str) -> str:
    return value.rpartition(" ")[2].partition("~")[0]


def _finding(it: Finding, hidden: Credentials) -> Finding:
    told: dict[str, Any] = msgspec.structs.asdict(it)
    texts = {name: redacted_parameters(hidden.text(value)) for name, value in told.items() if name != "severity"}
    return msgspec.structs.replace(it, **texts)
