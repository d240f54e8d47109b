"""A list as it is asked for: its filters, its order, its page, and CSV where v1 and v2 offer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ecf_sandbox.api.context import Csv, Json, RequestContext
from ecf_sandbox.dates.readers import read_updated_since
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.rulebook.values import is_blank, uuid_of, whole_number


def cohorts(context: RequestContext) -> frozenset[int] | None:
    """The years of `filter[cohort]`, a comma list; None without the filter. `,` names no year at all."""
    text = context.filter("cohort")
    return None if text is None else frozenset(whole_number(part) or 0 for part in text.split(",") if part)


def updated_since(context: RequestContext) -> datetime | None:
    """The moment of `filter[updated_since]`; None without the filter. Raises BadRequest if it is none."""
    text = context.filter("updated_since")
    if text is None:
        return None
    try:
        return read_updated_since(text)
    except ValueError:
        raise bad_updated_since() from None


def bad_updated_since() -> BadRequest:
    """The refusal of a moment that is none; "RCF" is the service's own spelling."""
    return BadRequest("Bad request", "The filter '#/updated_since' must be a valid RCF3339 date")


def uuids(context: RequestContext, name: str) -> frozenset[str] | None:
    """The ids of a filter that is a comma list, in canonical spelling; what is no id is left out.

    None without the filter, and for a lone `,` (behaviour/errata.md#partnerships).
    """
    text = context.filter(name)
    parts = [part for part in text.split(",") if part] if text is not None else []
    return frozenset(id for part in parts if (id := uuid_of(part)) is not None) if parts else None


T = TypeVar("T")

Order = tuple[tuple[str, bool], ...]


def order_of(context: RequestContext, columns: Collection[str]) -> Order | None:
    """The columns of `sort`, each with whether it descends; None where the default order holds.

    A comma list, each name with an optional `+` or `-`. A name that is no column is dropped, and if nothing is
    left there is no ordering at all, which is not the default. The first mention of a column counts.
    Source: behaviour/http-and-partnerships.md#b12.
    """
    text = context.params.get("sort")
    if text is None or isinstance(text, Mapping | list) or is_blank(str(text)):
        return None
    return read_order(str(text), columns)


def read_order(text: str, columns: Collection[str]) -> Order:
    """The columns that a comma list names, each with an optional `+` or `-`; what is no column is left out."""
    order: dict[str, bool] = {}
    for part in text.split(","):
        name = part[1:] if part[:1] in ("+", "-") else part
        if name in columns:
            order.setdefault(name, part[0] == "-")
    return tuple(order.items())


def in_order(rows: Sequence[T], order: Order, value: Callable[[T, str], Any]) -> list[T]:
    """The rows in that order, by `value(row, column)`; a missing value counts as greater than any other.

    An empty order leaves the rows as they are: the service promises none then.
    """
    ordered = list(rows)
    for name, descending in reversed(order):
        ordered.sort(key=partial(_key, value, name), reverse=descending)
    return ordered


def _key(value: Callable[[T, str], Any], name: str, row: T) -> tuple[bool, Any]:
    it = value(row, name)
    return (True, 0) if it is None else (False, it)


DEFAULT_SIZE = 100
LARGEST_SIZE = 3000
_FURTHEST_ROW = 2**63 - 1  # the service's database counts no further


def page_of(context: RequestContext, rows: Sequence[T]) -> Sequence[T]:
    """The rows of `page[page]` (default 1) of `page[per_page]` rows each (default 100, at most 3000).

    Raises BadRequest for pages that are no numbers from 1 up. Source: behaviour/http-and-partnerships.md#b11.
    """
    first, size = window(context)
    return rows[first : first + size] if first or len(rows) > size else rows


def window(context: RequestContext) -> tuple[int, int]:
    """How many rows come before the page, and how many it has at most. Raises BadRequest like `page_of`."""
    page = context.params.get("page")
    if page is None:
        return 0, DEFAULT_SIZE
    if not isinstance(page, Mapping):
        raise _not_numbers()
    number, size = _number(page.get("page"), 1), min(_number(page.get("per_page"), DEFAULT_SIZE), LARGEST_SIZE)
    if (first := (number - 1) * size) > _FURTHEST_ROW:
        raise BadRequest("Bad request", "The '#/page[page]' parameter value is too large")
    return first, size


def _number(value: Any, default: int) -> int:
    if value is None:
        return default
    if isinstance(value, bool | Mapping | list):
        raise _not_numbers()
    number = whole_number(str(value))
    if number is None or number < 1:
        raise _not_numbers()
    return number


def _not_numbers() -> BadRequest:
    return BadRequest(
        "Bad request",
        "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number (equal and more than 1)",
    )


_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def csv_of(document: Json) -> Csv:
    """`id` and the attributes, a row for each resource; nothing at all, not even a header line, for an empty list.

    Source: behaviour/http-and-partnerships.md#b19.
    """
    rows = document["data"]
    if not rows:
        return Csv("")
    lines = [_line(("id", *rows[0]["attributes"]))]
    lines += [_line((it["id"], *it["attributes"].values())) for it in rows]
    return Csv("".join(lines))


def _line(values: Iterable[Any]) -> str:
    return ",".join(map(_field, values)) + "\n"


def _field(value: Any) -> str:
    if value is None or value == "":
        return '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
