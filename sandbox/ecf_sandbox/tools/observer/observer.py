"""The observer: decides which families of checks a request is worth, so that a sound one costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.tools.observer.fast_path import odd_body, odd_head, odd_query, was_sent_before

if TYPE_CHECKING:
    from ecf_sandbox.tools.observer.check import Check
    from ecf_sandbox.tools.observer.request import ObservedRequest, TracedRequest

Worth = Callable[["TracedRequest"], bool]


def findings_in(traced: TracedRequest) -> tuple[Finding, ...]:
    """Every finding of every check in one request."""
    odd = odd_head(traced, traced.environ, traced.suffix)
    if not odd and _is_sound(traced):
        return ()
    # Imported here because a show, the first thing that many ask, needs none of it.
    from ecf_sandbox.tools.observer.request import ObservedRequest

    sent = ObservedRequest(traced)
    return tuple(finding for check in _applicable_checks(traced, sent, odd=odd) for finding in check.findings(sent))


def _is_sound(traced: TracedRequest) -> bool:
    """Whether a glance is enough for a show or a write whose head is sound: no family has anything to look at."""
    world, info = traced.world, traced.info
    if world is None or world.recreated or traced.query_params or _worth_own(traced):
        return False
    if not info.is_write:
        return info.is_show and not traced.body
    if traced.query_params is None or traced.unreadable or traced.environ.get("QUERY_STRING"):
        return False
    if traced.body:
        # Imported here as above.
        from ecf_sandbox.tools.observer.expected import expected_of

        if odd_body(traced, expected_of(world.service, info.version, info.method, info.path)):
            return False
    return not was_sent_before(traced)


def _worth_own(traced: TracedRequest) -> bool:
    """Whether the request is worth the checks that its service has of its own."""
    worth: Worth | None = traced.world.service.part_or("worth_checking", None) if traced.world else None
    return worth is not None and worth(traced)


def _applicable_checks(traced: TracedRequest, sent: ObservedRequest, *, odd: bool) -> Iterator[Check]:
    """The checks of the families that have anything to look at."""
    from ecf_sandbox.tools.observer import catalogue as all_checks

    if odd:
        yield from all_checks.HEAD
    if sent.query and (not sent.asked or odd_query(sent)):
        yield from all_checks.QUERY
    if sent.world.recreated:
        yield from all_checks.WORLD
    if not sent.info.version:
        return
    if sent.unreadable:
        yield from all_checks.UNREADABLE
    if sent.body and odd_body(traced, sent.expected):
        yield from all_checks.MEDIA_TYPE
        if sent.told:
            yield from all_checks.BODY
    if traced.query_params is None or sent.provider is None:
        return
    if _worth_own(traced):
        yield from all_checks.own_checks(sent.service)
    # What is asked for the first time repeats nothing.
    if sent.info.is_write and sent.earlier:
        yield from all_checks.WRITES
    elif sent.info.is_list and sent.suffix is None and sent.earlier:
        yield from all_checks.LISTS
