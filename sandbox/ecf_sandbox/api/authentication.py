"""Who is calling: the token in the `Authorization` header."""

from __future__ import annotations

import re

from ecf_sandbox.ecf.domain.providers import Provider, TokenKind
from ecf_sandbox.state.records import Records

_SCHEME = re.compile(r"(?:Token|Bearer)\s+")
_ENDS = re.compile(r"[,;\t]")


class Unauthenticated(Exception):
    """No token, or one that nobody has (401)."""


class OutOfScope(Exception):
    """A token that opens something else (403)."""


def provider_of(records: Records, authorization: str) -> Provider:
    """The provider whose token the header carries; raises Unauthenticated or OutOfScope."""
    given = token_in(authorization)
    token = records.tokens.get(given)
    if token is None and given:
        token = records.tokens.get(given.partition("~")[0])  # what follows names a world
    if token is None:
        raise Unauthenticated
    provider = records.providers.get(token.provider_id)
    if provider is None or token.kind is not TokenKind.LEAD_PROVIDER:
        raise OutOfScope
    return provider


def token_in(authorization: str) -> str | None:
    """The token of `Bearer t`, `Token t`, `Bearer token="t"`: the first thing that a comma, `;` or tab ends.

    Source: behaviour/http-and-partnerships.md#b3.
    """
    authorization = authorization.strip()
    scheme = _SCHEME.match(authorization)
    if scheme is None:
        return None
    first = next(filter(None, _ENDS.split(authorization[scheme.end() :])), "")
    return first.removeprefix("token=").removeprefix('"').removesuffix('"')
