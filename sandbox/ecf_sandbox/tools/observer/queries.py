"""Checks on a query as a whole, its pages and its order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from ecf_sandbox.api.behaviour import behaviour_of
from ecf_sandbox.rulebook.values import is_blank
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.meant import meant_parameters
from ecf_sandbox.tools.observer.check import Location, check, text_of
from ecf_sandbox.tools.observer.request import ObservedRequest

_WHOLE = re.compile(r"[1-9][0-9]*")
_PAGING = frozenset(
    {"per_page", "page_size", "pagesize", "perpage", "limit", "offset", "cursor", "size", "page_number"}
)
_BRACKETED = frozenset({"filter", "page"})
_READ = frozenset({"filter", "page", "sort", "data"})


@check(
    "query.unreadable",
    Severity.ERROR,
    message="The service cannot read this query and answers 400 without a message: {near}.",
    fix="Percent-encode names and values as UTF-8, and use each name in one way only.",
)
def unreadable(sent: ObservedRequest) -> Iterator[Location]:
    """A query is percent-encoded UTF-8 whose names do not contradict each other."""
    if sent.unreadable and sent.told is not None:
        yield Location("query", sent.query, near=sent.unreadable)


@check(
    "query.unknown-parameter",
    Severity.ERROR,
    message="No operation has a parameter {where!r}: the service ignores it.",
    fix="Use {expected}.",
)
def unknown_parameter(sent: ObservedRequest) -> Iterator[Location]:
    """A query has only the parameters of its operation."""
    for name in sent.asked:
        if name not in _READ and name.lower() not in _PAGING and not meant_parameters(name, ""):
            meant = f"filter[{name}]" if name in sent.expected.filters else ", ".join(sent.expected.parameters)
            yield Location(name, text_of(sent.asked[name]), meant or "no parameters")


@check(
    "query.not-nested",
    Severity.ERROR,
    message="The service reads {where} with brackets only, and refuses it without, or ignores it.",
    fix="Send {expected}.",
)
def not_nested(sent: ObservedRequest) -> Iterator[Location]:
    """Filters and pages are parameters of their own, with brackets."""
    for name, value in sent.asked.items():
        pairs = meant_parameters(name, value) if isinstance(value, str) else []
        if pairs or (name in _BRACKETED and value and not isinstance(value, Mapping)):
            known = [it for it in sent.expected.parameters if it.startswith(f"{name}[")]
            meant = "&".join(f"{name}={text}" for name, text in pairs) or ", ".join(known) or "no parameters"
            yield Location(name, text_of(value), meant)


@check(
    "query.overrides-body",
    Severity.ERROR,
    message="The query has {where!r} too, which the service takes instead of the body's.",
    fix="Send {where!r} in the body only.",
)
def overrides_body(sent: ObservedRequest) -> Iterator[Location]:
    """Attributes of the body are sent in the body."""
    if "data" in sent.asked:
        yield Location("data", text_of(sent.asked["data"]), "in the body")


@check(
    "query.repeated",
    Severity.WARNING,
    message="{where!r} is in the query {received} times: the service takes the last one and ignores the others.",
    fix="Send it once{near}.",
)
def repeated(sent: ObservedRequest) -> Iterator[Location]:
    """Each parameter is in a query once."""
    names = Counter(unquote_plus(it.partition("=")[0]) for it in sent.query.split("&"))
    for name, times in names.items():
        if times > 1 and name and not name.endswith("[]"):
            known = sent.expected.filters.get(name.removeprefix("filter[").removesuffix("]"))
            several = known.described.partition(" with commas between")[0] if known and known.several else ""
            near = f", with commas between the {several}" if several else ""
            yield Location(name, str(times), "once", near)


@check(
    "query.raw-plus",
    Severity.ERROR,
    message="A + in a query means a space, so the service read {near!r}.",
    fix="Percent-encode it: {expected}.",
)
def raw_plus(sent: ObservedRequest) -> Iterator[Location]:
    """The + of a UTC offset or of a sort order is sent as %2B."""
    for pair in sent.query.split("&") if "+" in sent.query else ():
        name, _, value = pair.partition("=")
        name = unquote_plus(name)
        if "+" in value and ("updated_since" in name or name == "sort"):
            escape = "%252B" if _decoded_again(sent, name) else "%2B"
            yield Location(name, value, value.replace("+", escape), unquote_plus(value, errors="replace"))


def _decoded_again(sent: ObservedRequest, name: str) -> bool:
    """Whether the service decodes the value of a filter once more than any query is."""
    return name.removeprefix("filter[").removesuffix("]") in behaviour_of(sent.service).decoded_again


@check(
    "page.unknown-key",
    Severity.ERROR,
    message="The service does not know {where!r}: it answers with page 1, or with its default page size.",
    fix="Use {expected}.",
)
def unknown_page_key(sent: ObservedRequest) -> Iterator[Location]:
    """Pages are requested with page[page] and page[per_page]."""
    if not sent.expected.pages:
        return
    wrong = {f"page[{name}]": value for name, value in sent.page.items() if name not in ("page", "per_page")}
    wrong |= {name: value for name, value in sent.asked.items() if name.lower() in _PAGING}
    for name, value in wrong.items():
        size = any(it in name.lower() for it in ("size", "limit", "per"))
        yield Location(name, text_of(value), "page[per_page]" if size else "page[page]")


@check(
    "page.ignored-here",
    Severity.ERROR,
    message="This has no pages: the service ignores {where!r}.",
    fix="Leave it out.",
)
def paging_ignored(sent: ObservedRequest) -> Iterator[Location]:
    """Only lists in JSON have pages."""
    for name in () if sent.expected.pages else sent.asked:
        if name == "page" or name.lower() in _PAGING:
            yield Location(name, text_of(sent.asked[name]), "no pages")


@check(
    "page.not-a-number",
    Severity.ERROR,
    message="{received!r} is not such a number: the service takes the digits it starts with, or refuses it.",
    fix="Send {expected}.",
)
def page_not_a_number(sent: ObservedRequest) -> Iterator[Location]:
    """page[page] and page[per_page] are whole numbers, at least 1."""
    for name in ("page", "per_page"):
        value = sent.page.get(name)
        if value is not None and not (isinstance(value, str) and _WHOLE.fullmatch(value)):
            yield Location(f"page[{name}]", text_of(value), "a whole number, at least 1")


@check(
    "page.too-large",
    Severity.ERROR,
    message="The service returns at most {expected} items, so a full page looks like the last one.",
    fix="Request at most {expected}.",
)
def page_too_large(sent: ObservedRequest) -> Iterator[Location]:
    """page[per_page] is at most the service's largest page size."""
    value, largest = sent.page.get("per_page"), sent.expected.largest_page
    if largest and isinstance(value, str) and _WHOLE.fullmatch(value) and (len(value) > 9 or int(value) > largest):
        yield Location("page[per_page]", value, str(largest))


@check(
    "sort.unknown-name",
    Severity.ERROR,
    message="The list can't be sorted by {received!r}: the service ignores that, and may return no order at all.",
    fix="Sort by {expected}.",
)
def unknown_sort(sent: ObservedRequest) -> Iterator[Location]:
    """A list is sorted by the attributes that the OpenAPI document names."""
    text, known = sent.asked.get("sort"), sent.expected.sorts
    if not known or not isinstance(text, str) or is_blank(text):
        return
    for part in text.split(","):
        if (part[1:] if part[:1] in ("+", "-") else part) not in known and not part.startswith(" "):
            yield Location("sort", part, ", ".join(known))


@check(
    "sort.ignored-here",
    Severity.ERROR,
    message="This cannot be sorted; the service ignores 'sort'.",
    fix="Leave it out, and sort what you receive.",
)
def sort_ignored(sent: ObservedRequest) -> Iterator[Location]:
    """An order is requested only where there is a choice."""
    if not sent.expected.sorts and "sort" in sent.asked:
        yield Location("sort", text_of(sent.asked["sort"]), "no sort order")


@check(
    "sort.not-a-text",
    Severity.ERROR,
    message="A 'sort' with brackets is ignored: the list has its default order.",
    fix="Send {expected}.",
)
def sort_not_a_text(sent: ObservedRequest) -> Iterator[Location]:
    """Several attributes to sort by are separated by commas."""
    value = sent.asked.get("sort")
    if sent.expected.sorts and isinstance(value, Mapping | list):
        yield Location("sort", text_of(value), f"sort={','.join(sent.expected.sorts[:2])}")


CHECKS = (
    unknown_parameter,
    not_nested,
    overrides_body,
    repeated,
    raw_plus,
    unknown_page_key,
    paging_ignored,
    page_not_a_number,
    page_too_large,
    unknown_sort,
    sort_ignored,
    sort_not_a_text,
)
UNREADABLE = (unreadable,)
