"""What a list shows of how it was cut, filtered and ordered, as claims that can be compared."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ecf_sandbox.remote.drift.plan import BEYOND, Reading


def behaviour_of(reading: Reading, document: Any, before: Any) -> dict[str, str]:
    """Each claim that can be judged, with how it is; `before` is the document of the page before, if there was one."""
    items = items_of(document)
    if items is None:
        return {}
    claims: dict[str, bool] = {}
    if reading.per_page:
        claims["no more items than per_page asks for"] = len(items) <= reading.per_page
    if reading.after and (earlier := items_of(before)):
        claims["no item of the page before"] = not {_id(it) for it in items} & {_id(it) for it in earlier}
    if f"page[page]={BEYOND}" in reading.target:
        claims["the page beyond the last is empty"] = not items
    if reading.since and (moments := _texts(items, "updated_at")):
        claims[f"nothing was updated before {reading.since}"] = min(moments) >= reading.since
    if reading.cohort and (years := _texts(items, "cohort")):
        claims[f"everything is of cohort {reading.cohort}"] = set(years) == {reading.cohort}
    if reading.order and len(values := _texts(items, reading.order.lstrip("-"))) > 1:
        claims[f"in the order of {reading.order}"] = _in_order(values, descending=reading.order.startswith("-"))
    return {claim: "yes" if holds else "no" for claim, holds in claims.items()}


def items_of(document: Any) -> list[Any] | None:
    """The items of a list; None if the document is none."""
    data = document.get("data") if isinstance(document, dict) else None
    return data if isinstance(data, list) else None


def first_id(document: Any) -> str | None:
    """The id of the first item of a list, if it has one."""
    found = _id((items_of(document) or [None])[0])
    return found if isinstance(found, str) and found else None


def _id(it: Any) -> Any:
    return str(it["id"]) if isinstance(it, dict) and "id" in it else None


def _texts(items: list[Any], name: str) -> list[str]:
    attributes = [it.get("attributes") for it in items if isinstance(it, dict)]
    values = [it.get(name) for it in attributes if isinstance(it, dict)]
    return [it for it in values if isinstance(it, str)]


def _in_order(values: list[str], *, descending: bool) -> bool:
    return all((a >= b) if descending else (a <= b) for a, b in pairwise(values))
