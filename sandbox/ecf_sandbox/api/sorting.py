"""Read the order that a list is asked for in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from ecf_sandbox.api.call import Call

T = TypeVar("T")

Order = tuple[tuple[str, bool], ...]


def order_of(call: Call, columns: Collection[str]) -> Order | None:
    """The columns of `sort`, each with whether it descends; None where the default order holds.

    A comma list, each name with an optional `+` or `-`. A name that is no column is dropped, and if nothing is
    left there is no ordering at all, which is not the default. The first mention of a column counts.
    Source: behaviour/http-and-partnerships.md#b12.
    """
    text = call.parameters.get("sort")
    if text is None or isinstance(text, Mapping | list) or not str(text).strip():
        return None
    order: dict[str, bool] = {}
    for part in str(text).split(","):
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
