"""A list as it is asked for: its filters, its order and its page (behaviour/rect.md#6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.lists import DEFAULT_SIZE, LARGEST_SIZE, in_order, read_order
from ecf_sandbox.dates.readers import read_twice_decoded
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.rulebook.values import is_blank, uuid_of, whole_number

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], Any]]

_FURTHEST = 2**63 - 1  # the service's database counts no further
_LARGEST_YEAR = 2**31 - 1  # nor its column of years
_DIGITS = re.compile(r"[0-9]+")


def years(context: RequestContext) -> frozenset[int] | None:
    """The contract periods of `filter[cohort]`; what is no number is left out. None without the filter."""
    parts = _parts(context, "cohort")
    return None if parts is None else frozenset(int(it) for it in parts if _DIGITS.fullmatch(it) and len(it) < 20)


def years_in_range(context: RequestContext) -> frozenset[int] | None:
    """Those years, for a list of which the service crashes on a number that is too large: raises BadRequest for it."""
    for it in _parts(context, "cohort") or ():
        digits = it.lstrip("0") if _DIGITS.fullmatch(it) else ""
        if len(digits) > len(str(_LARGEST_YEAR)) or int(digits or 0) > _LARGEST_YEAR:
            detail = f"The filter '#/cohort' must be a year: a number of more than {_LARGEST_YEAR} is too large"
            raise BadRequest("Bad request", detail)
    return years(context)


def uuids(context: RequestContext, name: str) -> frozenset[str] | None:
    """The ids of a filter, in one spelling; what is no id finds nothing. None without the filter."""
    parts = _parts(context, name)
    return None if parts is None else frozenset(id for it in parts if (id := uuid_of(it)) is not None)


def _parts(context: RequestContext, name: str) -> list[str] | None:
    value = context.raw_filter(name)
    if isinstance(value, list):
        return [str(it) for it in value]
    text = context.filter(name)
    return None if text is None else text.split(",")


def updated_since(context: RequestContext) -> datetime | None:
    """The moment of `filter[updated_since]`; None without the filter. Raises BadRequest if it is none."""
    value = context.raw_filter("updated_since")
    if isinstance(value, list):  # the service crashes
        raise _no_moment()
    text = context.filter("updated_since")
    if text is None:
        return None
    try:
        return read_twice_decoded(text)
    except ValueError:
        raise _no_moment() from None


def _no_moment() -> BadRequest:
    return BadRequest("Bad request", "The filter '#/updated_since' must be a valid ISO 8601 date")


def ordered(context: RequestContext, rows: Sequence[T], columns: Columns[T]) -> Sequence[T]:
    """The rows in the order of `sort`; as they are, the oldest first, where it is not given or names no column.

    In the service the order is undefined in the latter case. The first mention of a column counts.
    """
    text = context.params.get("sort")
    if text is None or isinstance(text, Mapping | list):
        return rows
    return in_order(rows, read_order(str(text), columns), lambda row, name: columns[name](row))


class Numbered(Protocol):
    """A row that has the number of the service's own, or came later."""

    @property
    def serial(self) -> int: ...

    @property
    def created_at(self) -> datetime: ...


def by_number(it: Numbered) -> tuple[bool, int, datetime]:
    """What `sort=id` goes by: the service's number, and for later rows when they were made."""
    return it.serial == 0, it.serial, it.created_at


def page_of(context: RequestContext, rows: Sequence[T]) -> Sequence[T]:
    """The rows of one page, by default the first hundred; raises BadRequest for a page that is no number from 1 up."""
    page = context.params.get("page")
    if page is None:
        return rows[:DEFAULT_SIZE] if len(rows) > DEFAULT_SIZE else rows
    if not isinstance(page, Mapping):  # the service crashes
        raise _no_page()
    number, size = _number(page, "page", 1), min(_number(page, "per_page", DEFAULT_SIZE), LARGEST_SIZE)
    first = (number - 1) * size
    if first > _FURTHEST:  # the service crashes
        raise _no_page()
    return rows[first : first + size]


def _number(page: Mapping[str, Any], name: str, default: int) -> int:
    value = page.get(name)
    if value is None and name not in page:
        return default
    number = None if isinstance(value, bool | Mapping | list) else whole_number(value)
    if number is None or number < 1:
        raise _no_page()
    return number


def _no_page() -> BadRequest:
    return BadRequest(
        "Bad request",
        "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid positive number",
    )


def required_year(context: RequestContext) -> int | None:
    """The one contract period of `filter[cohort]`, which has to be given; None for what is no number.

    Of several the first counts. Raises BadRequest without the filter (behaviour/rect.md#14-1).
    """
    value = context.raw_filter("cohort")
    filters = context.params.get("filter")
    if not isinstance(filters, Mapping) or "cohort" not in filters:
        raise BadRequest("Bad parameter", "The filter '#/cohort' must be included in your request")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool | Mapping | list) or is_blank(value):
        return None
    return whole_number(value)
