"""Checks on what came before: repeated writes, whole lists again and again, pages never asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecf_sandbox.state.findings import Severity
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest

# The service's answers, above which the same request may sensibly be sent again.
_REFUSED, _TOO_MANY, _BROKEN = 400, 429, 500
# Whole lists are pulled once in a while; the third time within the look-back is a habit.
_HABIT = 2
_USUAL_PAGE, _LARGEST_PAGE = 100, 3000
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_SIZE = re.compile(r"per_page(?:\]|%5D)=([1-9][0-9]{0,8})", re.IGNORECASE)


@check(
    "history.repeated-write",
    Severity.WARNING,
    message="The same request was accepted before ({near}): the service answers again without doing anything new.",
    fix="Remember what was accepted. Retry only after a 429, a 5xx, or no answer.",
)
def repeated_write(sent: ObservedRequest) -> Iterator[Location]:
    """An accepted request is not sent again."""
    before = sent.same_write
    if before is not None and before.status < _REFUSED and before.before is not sent.before:
        yield Location(sent.method, sent.target, "once", f"exchange {before.number}")


@check(
    "history.refused-again",
    Severity.WARNING,
    message="The same request was refused before ({near}), and nothing has changed since.",
    fix="Correct what the refusal names before you send it again.",
)
def refused_again(sent: ObservedRequest) -> Iterator[Location]:
    """A refused request is sent again only when something has changed."""
    before = sent.same_write
    if before is None or not _REFUSED <= before.status < _BROKEN or before.status == _TOO_MANY:
        return
    if before.before is sent.before:
        yield Location(sent.method, sent.target, "a corrected request", f"exchange {before.number}, {before.status}")


@check(
    "history.full-pull",
    Severity.ADVICE,
    message="The whole list was requested repeatedly ({near}), though the service can return only what is new.",
    fix="Request what changed: {expected}. Go back two polling intervals, and fetch everything only occasionally.",
)
def full_pull(sent: ObservedRequest) -> Iterator[Location]:
    """A list is kept up to date with filter[updated_since], not by fetching all of it."""
    whole = sent.service.part_or("filters_of_whole_lists", frozenset[str]())
    if "updated_since" not in sent.expected.filters or sent.filters.keys() - whole or not _first_page(sent):
        return
    if sent.header("HTTP_IF_NONE_MATCH") is not None:
        return
    target = sent.target
    earlier = [it.number for it in sent.earlier if it.target == target and it.status == 200]
    if len(earlier) >= _HABIT:
        near = f"exchanges {', '.join(map(str, reversed(earlier[:_HABIT])))}"
        yield Location("filter[updated_since]", "", "filter[updated_since]=<the time of your last poll>", near)


@check(
    "history.pages-left-out",
    Severity.WARNING,
    message="The last page requested was full ({near}), so there may be more, but then the client went back to page 1.",
    fix="Request {expected} too, until a page is short or empty.",
)
def pages_left_out(sent: ObservedRequest) -> Iterator[Location]:
    """Pages are requested until one is short or empty."""
    if not sent.expected.pages or not _first_page(sent):
        return
    before = next((it for it in sent.earlier if it.status == 200), None)
    if before is None or (before.rows or 0) < _size_of(before.target):
        return
    same, page = _paged(before.target)
    if same == _paged(sent.target)[0]:
        yield Location("page[page]", "1", f"page[page]={page + 1}", f"exchange {before.number}, page {page}")


def _first_page(sent: ObservedRequest) -> bool:
    return sent.page.get("page") in (None, "1")


def _size_of(target: str) -> int:
    found = _SIZE.search(target)
    return min(int(found[1]), _LARGEST_PAGE) if found else _USUAL_PAGE


def _paged(target: str) -> tuple[Mapping[str, str], int]:
    """What a target asks for besides pages, and which page."""
    asked = {name: value for name, value in split_target(target).parameters if value}
    page = asked.pop("page[page]", "1")
    asked.pop("page[per_page]", None)
    return asked, int(page) if _NUMBER.fullmatch(page) else 1


WRITES = (repeated_write, refused_again)
LISTS = (full_pull, pages_left_out)
