"""Puts the pages of a list together, and tells who is missing from it that was in the whole list before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.moving.difference import resources
from ecf_sandbox.state.exchange_codec import JournalEntry

_PER_PAGE = 100


class WholeLists:
    """The participants of the last list that was read from its first page to its last, without a filter."""

    def __init__(self) -> None:
        self._whole: frozenset[str] | None = None
        self._reading: set[str] = set()
        self._next = 0

    def gone(self, it: JournalEntry, operation: str, retired: set[str]) -> int:
        """How many are missing from the list that this page completes; 0 if it completes none."""
        if operation != "listParticipants" or not it.accepted or not isinstance(it.response.body, Mapping):
            return 0
        query = dict(it.split.parameters)
        if any(name.startswith("filter[") for name in query):
            return 0
        page, per_page = _number(query, "page[page]", 1), _number(query, "page[per_page]", _PER_PAGE)
        if page == 1:
            self._reading, self._next = set(), 1
        if page != self._next:
            self._next = 0
            return 0
        shown = resources(it.response.body)
        self._reading |= {str(each.get("id")) for each in shown}
        self._next = page + 1
        if len(shown) >= per_page:
            return 0
        before, self._whole, self._next = self._whole, frozenset(self._reading), 0
        return 0 if before is None else len(before - self._whole - retired)


def _number(query: Mapping[str, Any], name: str, usual: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else usual
