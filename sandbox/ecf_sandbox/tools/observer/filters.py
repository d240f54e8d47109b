"""Checks on the filters of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecf_sandbox.dates.wire import is_rfc3339
from ecf_sandbox.rulebook.values import is_blank
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.observer.check import Location, check, text_of
from ecf_sandbox.tools.observer.expected import all_filters
from ecf_sandbox.tools.observer.request import ObservedRequest

_PLUS_LOST = re.compile(r".*[0-9] [0-9]{2}:?([0-9]{2})?")


@check(
    "filter.unknown",
    Severity.ERROR,
    message="The service ignores an unknown filter and returns everything: {near}",
    fix="Correct the name, or leave it out. This operation has: {expected}.",
)
def unknown_filter(sent: ObservedRequest) -> Iterator[Location]:
    """Every filter that is sent is known to the API."""
    everywhere = all_filters(sent.service)
    for name, value in sent.filters.items():
        if name not in sent.expected.filters and name not in everywhere:
            near = did_you_mean(name, sent.expected.filters or everywhere)
            yield Location(_named(name), text_of(value), _known(sent), near)


@check(
    "filter.ignored-here",
    Severity.ERROR,
    message="The filter {where!r} exists, but not for this operation: the service ignores it.",
    fix="Leave it out, and filter what you receive. This operation has: {expected}.",
)
def ignored_filter(sent: ObservedRequest) -> Iterator[Location]:
    """Every filter that is sent exists for this operation in this version."""
    for name, value in sent.filters.items():
        if name not in sent.expected.filters and name in all_filters(sent.service):
            yield Location(_named(name), text_of(value), _known(sent))


@check(
    "filter.blank",
    Severity.WARNING,
    message="A filter without a value is ignored: the service returns everything.",
    fix="Give it a value ({expected}), or leave it out.",
)
def blank_filter(sent: ObservedRequest) -> Iterator[Location]:
    """A filter has a value."""
    for name, value in sent.filters.items():
        known = sent.expected.filters.get(name)
        if known is not None and (value is None or (isinstance(value, str) and is_blank(value))):
            yield Location(_named(name), "", known.described)


@check(
    "filter.not-a-text",
    Severity.ERROR,
    message="A filter with more brackets is ignored.",
    fix="Send a string, with commas where several values are allowed.",
)
def nested_filter(sent: ObservedRequest) -> Iterator[Location]:
    """The value of a filter is a string."""
    for name, value in sent.filters.items() if sent.info.strict_filters else ():
        known = sent.expected.filters.get(name)
        if known is not None and isinstance(value, Mapping | list):
            yield Location(_named(name), text_of(value), known.described)


@check(
    "filter.date-not-rfc3339",
    Severity.ERROR,
    message="{received!r} is not RFC 3339. The service refuses such a date, or guesses what it means.",
    fix="Write {expected}.",
)
def filter_date(sent: ObservedRequest) -> Iterator[Location]:
    """A date in a filter is a complete, existing date and time with its UTC offset."""
    for name, value in sent.filters.items():
        known = sent.expected.filters.get(name)
        if known is None or not known.moment or not isinstance(value, str) or is_blank(value):
            continue
        if not is_rfc3339(value) and not ("+" in sent.query and _PLUS_LOST.fullmatch(value)):
            yield Location(_named(name), value, known.described)


@check(
    "filter.odd-value",
    Severity.ERROR,
    message="The service guesses what {received!r} means: it ignores what it does not know, and may find nothing.",
    fix="Send {expected}.",
)
def odd_value(sent: ObservedRequest) -> Iterator[Location]:
    """The value of a filter is as the OpenAPI document says."""
    for name, value in sent.filters.items():
        known = sent.expected.filters.get(name)
        if known is not None and isinstance(value, str) and not is_blank(value) and not known.fits(value):
            yield Location(_named(name), value, known.described)


def _named(name: str) -> str:
    return f"filter[{name}]"


def _known(sent: ObservedRequest) -> str:
    return ", ".join(sent.expected.filters) or "no filters"


CHECKS = (unknown_filter, ignored_filter, blank_filter, nested_filter, filter_date, odd_value)
