"""The observer: decides which families of checks a request is worth, so that a sound one costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.tools.observer.fast_path import odd_head, odd_query

if TYPE_CHECKING:
    from ecf_sandbox.tools.observer.check import Check
    from ecf_sandbox.tools.observer.request import ObservedRequest, TracedRequest


def findings_in(traced: TracedRequest) -> tuple[Finding, ...]:
    """Every finding of every check in one request."""
    odd = odd_head(traced, traced.environ, traced.suffix)
    if not odd and traced.info.is_show and not traced.query_params and not traced.body and not _retired(traced):
        return ()
    # Imported here because a show, the first thing that many ask, needs none of it.
    from ecf_sandbox.tools.observer.request import ObservedRequest

    sent = ObservedRequest(traced)
    return tuple(finding for check in _applicable_checks(traced, sent, odd=odd) for finding in check.findings(sent))


def _retired(traced: TracedRequest) -> bool:
    """Whether the id in the path was retired."""
    turn = traced.reached_turn
    return turn is not None and bool(turn.records.id_changes.by("from_participant_id", traced.uuid))


def _applicable_checks(traced: TracedRequest, sent: ObservedRequest, *, odd: bool) -> Iterator[Check]:
    """The checks of the families that have anything to look at."""
    from ecf_sandbox.tools.observer import catalogue as all_checks

    if odd:
        yield from all_checks.HEAD
    if sent.query and (not sent.asked or odd_query(sent)):
        yield from all_checks.QUERY
    if not sent.info.version:
        return
    if sent.unreadable:
        yield from all_checks.UNREADABLE
    if sent.body:
        yield from all_checks.MEDIA_TYPE
    if sent.told:
        yield from all_checks.BODY
    if traced.query_params is None or sent.provider is None:
        return
    if sent.records is not None and len(sent.records.id_changes) > 0:
        yield from all_checks.PEOPLE
    # What is asked for the first time repeats nothing.
    if sent.info.is_write and sent.earlier:
        yield from all_checks.WRITES
    elif sent.info.is_list and sent.suffix is None and sent.earlier:
        yield from all_checks.LISTS
