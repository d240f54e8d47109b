"""Cut the page out of a list that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ecf_sandbox.api.call import Call
from ecf_sandbox.api.filters import leading_integer
from ecf_sandbox.rulebook.refusals import BadRequest

T = TypeVar("T")

DEFAULT_SIZE = 100
LARGEST_SIZE = 3000
_FURTHEST_ROW = 2**63 - 1  # the service's database counts no further


def page_of(call: Call, rows: Sequence[T]) -> Sequence[T]:
    """The rows of `page[page]` (default 1) of `page[per_page]` rows each (default 100, at most 3000).

    Raises BadRequest for pages that are no numbers from 1 up. Source: behaviour/http-and-partnerships.md#b11.
    """
    first, size = window(call)
    return rows[first : first + size] if first or len(rows) > size else rows


def window(call: Call) -> tuple[int, int]:
    """How many rows come before the page, and how many it has at most. Raises BadRequest like `page_of`."""
    page = call.parameters.get("page")
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
    number = leading_integer(str(value))
    if number < 1:
        raise _not_numbers()
    return number


def _not_numbers() -> BadRequest:
    return BadRequest(
        "Bad request",
        "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number (equal and more than 1)",
    )
