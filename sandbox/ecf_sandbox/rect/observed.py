"""Whether a request is worth the checks of `checks.py`: asked of every request, and so without loading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecf_sandbox.tools.observer.request import TracedRequest

# Whoever filters by these alone reads a whole list nevertheless.
FILTERS_OF_WHOLE_LISTS = frozenset({"cohort"})


def worth_checking(traced: TracedRequest) -> bool:
    """Whether an id was retired that the request might name, or it says something that the service may drop."""
    turn = traced.reached_turn
    if turn is None:
        return False
    retired = turn.records.id_changes
    if traced.info.is_show and not traced.query_params and not traced.body:
        return bool(retired.by("from_participant_id", traced.uuid))
    body = traced.body
    if body:
        return len(retired) > 0 or b'"cohort"' in body or (b"evidence_held" in body and b'"started"' in body)
    query: str = traced.environ.get("QUERY_STRING", "")
    return len(retired) > 0 or ("updated_since" in query and "%2b" in query.lower())
