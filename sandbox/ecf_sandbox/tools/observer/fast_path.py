"""A first glance at a request: most are sound, and should cost next to nothing to let pass.

A glance may call a sound request odd, which costs some microseconds; it never calls one sound that has a finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ecf_sandbox.transport import DROPPED_HEADERS

if TYPE_CHECKING:
    from ecf_sandbox.tools.observer.expected import Expected, Value
    from ecf_sandbox.tools.observer.request import ObservedRequest, TracedRequest

# How many exchanges back a check on history looks.
LOOK_BACK = 50
USUAL_AUTHORIZATION = re.compile(r"Bearer [^\s,;=\"]+=*")
MISSPELT_SERVER_DATE = frozenset(
    f"HTTP_{it}"
    for it in (
        *("SERVER_DATE", "X_SERVER_DATE", "WITH_SERVER_DATE", "X_WITH_SERVERDATE", "X_WITH_SERVER_DATES"),
        *("X_WITH_SERVER_TIME", "X_WITH_SERVER_DATETIME", "X_WITH_DATE", "X_SERVER_TIME", "XWITH_SERVER_DATE"),
    )
)
_LOOKED_AT = MISSPELT_SERVER_DATE | {"HTTP_IF_NONE_MATCH", DROPPED_HEADERS}
_SERVER_DATE = "HTTP_X_WITH_SERVER_DATE"
_READ = frozenset({"filter", "page", "sort"})
_LONGEST = 1000
_PAGE = frozenset({"page", "per_page"})
_ENVELOPE = frozenset({"type", "attributes"})
_USUAL_MOMENT = re.compile(
    r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|10|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z"
)
_USUAL_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def odd_head(traced: TracedRequest, environ: Mapping[str, Any], suffix: str | None) -> bool:
    """Whether there is anything to look at in the path or the headers, or the request got nowhere."""
    return (
        traced.id != traced.uuid
        or suffix is not None
        or traced.caller is None
        or not traced.info.version
        or traced.info.newer is not None
        or not _usual(environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_ACCEPT", ""))
        or not environ.keys().isdisjoint(_LOOKED_AT)
        or (_SERVER_DATE in environ and not _USUAL_MOMENT.fullmatch(environ[_SERVER_DATE]))
    )


def odd_query(sent: ObservedRequest) -> bool:
    """Whether there is anything to look at in a query that was read."""
    asked, filters, page, expected = sent.asked, sent.filters, sent.page, sent.expected
    if not asked.keys() <= _READ or "+" in sent.query or ";" in sent.query:
        return True
    if "sort" in asked and (not isinstance(asked["sort"], str) or asked["sort"] not in expected.orders):
        return True
    if len(filters) + len(page) + ("sort" in asked) != sent.query.count("&") + 1:
        return True  # a name is given twice, or has more brackets
    return ("page" in asked and _odd_page(page, expected.largest_page)) or any(
        _odd_filter(expected.filters.get(name), value) for name, value in filters.items()
    )


def odd_body(traced: TracedRequest, expected: Expected) -> bool:
    """Whether there is anything to look at in a body that was read, or in what it is said to be."""
    told = traced.body_params
    if not told or traced.unreadable or not expected.variants:
        return True
    data = told.get("data")
    if len(told) > 1 or not isinstance(data, dict) or data.keys() != _ENVELOPE or data["type"] != expected.type:
        return True
    attributes = data["attributes"]
    if not isinstance(attributes, dict) or traced.environ.get("CONTENT_TYPE") != "application/json":
        return True
    # A name that is there twice, which whoever read the body saw once, has two quotation marks of its own.
    texts = 4 + len(attributes)  # `data`, `type` and its value, `attributes`, and the names in there
    known = expected.attributes(attributes)
    for name, value in attributes.items():
        if value is None and name in known:
            continue
        if not isinstance(value, str) or name not in known or _odd_value(known[name], value):
            return True
        texts += 1
    return traced.body.count(b'"') != 2 * texts or b"\\" in traced.body


def was_sent_before(traced: TracedRequest) -> bool:
    """Whether one of the newest exchanges was of the same operation with the same body: perhaps the same write."""
    same = traced.world.journal.newest_with(traced.body, LOOK_BACK) if traced.world else ()
    return any(it.operation == traced.info.operation for it in same)


def _odd_value(known: Value, value: str) -> bool:
    return not value.strip() or not known.fits(value) or (known.moment and not _USUAL_MOMENT.fullmatch(value))


def acceptable(accept: str) -> bool:
    """Whether an Accept header leaves room for JSON."""
    return "json" in accept or "*/*" in accept or "application/*" in accept


def _odd_page(page: Mapping[str, Any], largest: int) -> bool:
    if not largest or not page.keys() <= _PAGE:
        return True
    for value in page.values():
        if not isinstance(value, str) or not _USUAL_NUMBER.fullmatch(value):
            return True
    return "per_page" in page and int(page["per_page"]) > largest


def _odd_filter(known: Any, value: object) -> bool:
    if known is None or not isinstance(value, str) or not value.strip():
        return True
    return not (_USUAL_MOMENT.fullmatch(value) if known.moment else known.fits(value))


def _usual(authorization: str, accept: str) -> bool:
    # What is longer would be remembered with its length.
    return len(authorization) + len(accept) < _LONGEST and _known_usual(authorization, accept)


@lru_cache(maxsize=256)
def _known_usual(authorization: str, accept: str) -> bool:
    return USUAL_AUTHORIZATION.fullmatch(authorization) is not None and (not accept or acceptable(accept))
