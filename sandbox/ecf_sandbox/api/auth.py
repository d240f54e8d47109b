"""Before a request is admitted: the world that it is for, the token that it shows, the moment that it happens at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ecf_sandbox.api.addressed import MARK, world_of_headers
from ecf_sandbox.dates.usual import read_usual
from ecf_sandbox.rulebook.refusals import BadRequest, Unauthenticated
from ecf_sandbox.rulebook.values import stripped
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds

if TYPE_CHECKING:
    from ecf_sandbox.state.parts import Caller

_SCHEME = re.compile(r"(?:Token|Bearer)\s+", re.ASCII)
_ENDS = re.compile(r"[,;\t]")
_USUAL_TOKEN = re.compile(r"(?:Token|Bearer) ([A-Za-z0-9._~-]+)")


def authenticate(world: World, records: Records, authorization: str | None) -> Caller:
    """Who shows the token of an `Authorization` header.

    Raises Unauthenticated, or OutOfScope for a token that opens something else.
    """
    given = token_in(authorization or "") or ""
    # What follows the mark names a world, unless the whole of it is a token.
    for token in dict.fromkeys((given, given.partition(MARK)[0])):
        if token and (caller := world.service.caller_of(records, token)) is not None:
            return caller
    raise Unauthenticated


def token_in(authorization: str) -> str | None:
    """The token of `Bearer t`, `Token t`, `Bearer token="t"`: the first thing that a comma, `;` or tab ends.

    Source: behaviour/http-and-partnerships.md#b3.
    """
    if usual := _USUAL_TOKEN.fullmatch(authorization):
        return usual[1]
    authorization = stripped(authorization)
    scheme = _SCHEME.match(authorization)
    if scheme is None:
        return None
    first = next(filter(None, _ENDS.split(authorization[scheme.end() :])), "")
    return first.removeprefix("token=").removeprefix('"').removesuffix('"')


def world_for(worlds: Worlds, environ: Mapping[str, Any]) -> World:
    """The world of a request, forked from the baseline of `main` on first use.

    Raises BadWorldName, and NotUnderstood where two worlds are named.
    """
    named = world_named_in(environ)
    return worlds.get_or_fork(named) if named else worlds.main


def world_named_in(environ: Mapping[str, Any]) -> str | None:
    """The name of the world that a request is for, if it names one; raises NotUnderstood where it names two."""
    header, authorization = environ.get("HTTP_X_SANDBOX_WORLD"), environ.get("HTTP_AUTHORIZATION", "")
    if header is None and MARK not in authorization:
        return None
    return world_of_headers(header, token_in(authorization) if MARK in authorization else None)


# The last second that there is, less what a turn needs for its stamps.
LAST = datetime.max.replace(microsecond=0, tzinfo=UTC)


def server_date(header: str | None, now: datetime) -> datetime | None:
    """The moment of an `X-With-Server-Date` header, None if it has no effect; raises BadRequest if it is unreadable.

    Source: behaviour/http-and-partnerships.md#b16. The service crashes where this refuses.
    """
    if not header:
        return None
    if (usual := read_usual(header)) is not None:
        return usual
    # Imported here because its patterns take a twentieth of the start, and few dates need it.
    from ecf_sandbox.dates.readers import UnreadableDate, read_server_date

    try:
        found = read_server_date(header.encode("latin-1").decode(errors="replace"), now)
        return None if found is None else min(found, LAST)
    except UnreadableDate as wrong:
        raise BadRequest("Bad request", str(wrong)) from None
