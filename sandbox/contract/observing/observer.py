"""The observer: decides which families of checks a request is worth, so that a sound one costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sandbox.contract.observing import attributes, authorization, bodies, filters, headers, history, places, queries
from sandbox.contract.observing.check import Check
from sandbox.contract.observing.sent import Sent, Traced
from sandbox.findings import Finding

if TYPE_CHECKING:
    from sandbox.world import State, World

_NEWEST = 3


def findings_in(
    traced: Traced, world: World, before: State, environ: Mapping[str, Any], suffix: str | None
) -> tuple[Finding, ...]:
    """Every finding of every check in one request; `before` is the state of the world that it met."""
    odd = _odd_head(traced, environ, suffix)
    if not odd and traced.place.shows and not traced.asked and not traced.body and not _retired(traced):
        return ()
    sent = Sent(traced, world, before, environ, suffix)
    return tuple(finding for check in _worth_asking(traced, sent, odd=odd) for finding in check.findings(sent))


def _odd_head(traced: Traced, environ: Mapping[str, Any], suffix: str | None) -> bool:
    """Whether there is anything to look at in the path or the headers, or the request got nowhere."""
    return (
        traced.id != traced.uuid
        or suffix is not None
        or traced.provider is None
        or traced.place.version != _NEWEST
        or not _usual(environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_ACCEPT", ""))
        or not environ.keys().isdisjoint(headers.LOOKED_AT)
    )


@lru_cache(maxsize=256)
def _usual(authorization_sent: str, accept: str) -> bool:
    return authorization.USUAL.fullmatch(authorization_sent) is not None and (not accept or headers.acceptable(accept))


def _somebody_retired(traced: Traced) -> bool:
    return traced.turn is not None and len(traced.turn.records.id_changes) > 0


def _retired(traced: Traced) -> bool:
    """Whether the id in the path was retired."""
    turn = traced.turn
    return turn is not None and bool(turn.records.id_changes.by("from_participant_id", traced.uuid))


def _worth_asking(traced: Traced, sent: Sent, *, odd: bool) -> Iterator[Check]:
    """The checks of the families that have anything to look at."""
    if odd:
        yield from (*authorization.CHECKS, *places.ODD, *places.VERSIONS, *headers.CHECKS)
    if sent.query:
        yield from authorization.QUERY
    if not sent.place.version:
        return
    if sent.unreadable:
        yield from (*queries.UNREADABLE, *bodies.UNREADABLE)
    if sent.asked:
        yield from queries.CHECKS
        if sent.filters:
            yield from filters.CHECKS
    if sent.body:
        yield from bodies.MEDIA_TYPES
    if sent.told:
        yield from (*bodies.CHECKS, *attributes.CHECKS)
    if traced.asked is None or sent.provider is None:
        return
    if _somebody_retired(traced):
        yield from history.PEOPLE
    if sent.place.writes:
        yield from history.WRITES
    elif sent.place.lists and sent.suffix is None:
        yield from history.LISTS
