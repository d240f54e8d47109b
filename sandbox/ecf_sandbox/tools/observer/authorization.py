"""Checks on how a client says who it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.fast_path import USUAL_AUTHORIZATION
from ecf_sandbox.tools.observer.request import ObservedRequest

HEADER = "Authorization"
EXPECTED = "Bearer <token>"
_TAKEN = re.compile(r"\s*(?:Token|Bearer)\s", re.ASCII)
_IN_QUERY = re.compile(r"(?:^|[&;])((?:access_|bearer_|auth_)?token|api_?key|authorization|bearer)=", re.IGNORECASE)


@check(
    "authorization.unreadable",
    Severity.ERROR,
    message="The service finds no token in this header: the scheme has to be Bearer or Token, spelt exactly like that.",
    fix="Send Authorization: {expected}.",
)
def unreadable(sent: ObservedRequest) -> Iterator[Location]:
    """The Authorization header is `Bearer`, a space and the token."""
    header = sent.header("HTTP_AUTHORIZATION")
    if header is not None and not (_TAKEN.match(header) and header.split(None, 1)[1:]):
        yield Location(HEADER, _hidden(header), EXPECTED)


@check(
    "authorization.odd-spelling",
    Severity.WARNING,
    message="The service happens to accept a token written like this, but the guidance doesn't mention it.",
    fix="Send Authorization: {expected}.",
)
def odd_spelling(sent: ObservedRequest) -> Iterator[Location]:
    """The scheme is Bearer, followed by the token alone: no `token=`, no quotes, no list."""
    header = sent.header("HTTP_AUTHORIZATION") or ""
    if _TAKEN.match(header) and header.split(None, 1)[1:] and not USUAL_AUTHORIZATION.fullmatch(header):
        yield Location(HEADER, _hidden(header), EXPECTED)


@check(
    "authorization.token-in-query",
    Severity.ERROR,
    message="The service reads tokens from the Authorization header only, and a query ends up in logs.",
    fix="Leave {where} out of the query, and send Authorization: {expected}.",
)
def token_in_query(sent: ObservedRequest) -> Iterator[Location]:
    """A token is never part of a URL."""
    if found := _IN_QUERY.search(sent.query):
        yield Location(found[1], "…", EXPECTED)


def _hidden(header: str) -> str:
    """The header without the token, which is nobody's business."""
    scheme, _, rest = header.strip().partition(" ")
    if not rest:
        return "…" if scheme else ""
    shape = re.sub(r"[^\s,;=\"]+", "…", rest.removeprefix("token="))
    return f"{scheme} {'token=' if rest.startswith('token=') else ''}{shape}"


CHECKS = (unreadable, odd_spelling)
QUERY = (token_in_query,)
