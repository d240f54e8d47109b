"""Filters of a query: one that is missing, one too many, one whose value stands in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.tools.explain.suggestions.request_form import meant
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import with_query


def added(case: Case, name: str, value: str, words: str) -> ProposedChange:
    """The request with one filter more."""
    query = case.asked.query if case.asked else ()
    instead = with_query(case.request, (*query, (f"filter[{name}]", value)))
    return ProposedChange(aspect="query", words=words, cost=1, instead=instead)


def bracketed(case: Case, name: str, form: re.Pattern[str]) -> Iterator[ProposedChange]:
    """The filter by its name, where `filter` alone has a value of its form."""
    query = case.asked.query if case.asked else ()
    for given, value in query:
        if given == "filter" and form.fullmatch(value):
            corrected = tuple((f"filter[{name}]", value) if it == (given, value) else it for it in query)
            words = f"Write filter[{name}]={value}."
            instead = with_query(case.request, corrected)
            yield ProposedChange(aspect="query filter", words=words, cost=1, instead=instead)


def names(case: Case, name: str, form: re.Pattern[str]) -> bool:
    """Whether a query has a filter, or means it: by another spelling, or by a value of its form under `filter`."""
    query = case.asked.query if case.asked else ()
    wanted = f"filter[{name}]"
    named = any(it == wanted for given in query for it, _ in (given, *meant(*given)))
    return named or any(it == "filter" and form.fullmatch(value) for it, value in query)


def left_out(case: Case) -> Iterator[ProposedChange]:
    """The request without one of the parameters of its query, each in turn."""
    query = case.asked.query if case.asked else ()
    for name, value in query:
        rest = tuple(it for it in query if it != (name, value))
        words = f"Leave {name}={value} out."
        yield ProposedChange(aspect="query", words=words, cost=2, instead=with_query(case.request, rest))


def with_value(case: Case, name: str, value: str, words: str) -> ProposedChange:
    """The request with another value of a filter, as the last of its query."""
    query = case.asked.query if case.asked else ()
    wanted = f"filter[{name}]"
    other = (*(it for it in query if it[0] != wanted), (wanted, value))
    return ProposedChange(aspect="query", words=words, cost=3, instead=with_query(case.request, other))
