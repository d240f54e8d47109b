"""What a list shows of how it was cut, filtered and ordered, and what the OpenAPI documents promise of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

from ecf_sandbox.remote.drift_compare import AnswerDifference
from ecf_sandbox.remote.drift_plan import BEYOND, Reading
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.answers import CannotJudge, Contract, validators
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.transport import Reply


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
    if reading.filtered is not None:
        name, value = reading.filtered
        if shown := _texts(items, name):
            claims[f"everything is of {name} {value}"] = set(shown) == {value}
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


_BODY = re.compile(r"body (/\S*): (.*)", re.DOTALL)
_INDEX = re.compile(r"/[0-9]+(?=/|$)")
_NAMED = re.compile(r"'([^']*)'")
_REQUIRED = re.compile(r'"([^"]*)" is a required property')
# What a value is not, without the value.
_CLAIM = re.compile(
    r"(?:is (?:not |shorter|longer|less|greater)|does not match|has (?:more|less|non-unique)).*", re.DOTALL
)


def can_judge() -> bool:
    """Whether the package is installed that judges."""
    try:
        validators()
    except CannotJudge:
        return False
    return True


class Promised:
    """The documents of a service."""

    def __init__(self, service: Service) -> None:
        self._contract = Contract(documents(service))

    def unlike(self, target: str, reply: Reply, told: Collection[str]) -> Iterator[AnswerDifference]:
        """What is wrong with an answer, once for all items of a list; raises CannotJudge.

        What lies at a pointer that is `told` already, or leads to one, is not said again.
        """
        seen: set[tuple[str, str]] = set()
        for fault in self._contract.faults("GET", target, reply):
            body = _BODY.fullmatch(fault)
            pointer = _INDEX.sub("/*", body[1]).rstrip("/") if body else ""
            claim = _claim(body[2]) if body else fault
            if (pointer, claim) in seen or (body and _is_told(pointer, body[2], told)):
                continue
            seen.add((pointer, claim))
            yield AnswerDifference("document", pointer, claim, "as promised")


def _claim(message: str) -> str:
    if _REQUIRED.fullmatch(message) or message.startswith("Additional properties"):
        return message
    found = _CLAIM.search(message)
    return found[0] if found else "is not as promised"


def _is_told(pointer: str, message: str, told: Collection[str]) -> bool:
    required = _REQUIRED.fullmatch(message)
    names = [required[1]] if required else _NAMED.findall(message) if message.startswith("Additional") else []
    if names:
        return all(f"{pointer}/{name}" in told for name in names)
    return any(it == pointer or it.startswith(f"{pointer}/") for it in told)
