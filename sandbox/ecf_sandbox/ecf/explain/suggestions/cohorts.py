"""What could be wrong with the cohort of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.tools.explain.suggestions.request_form import meant
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import with_query

_YEAR = re.compile(r"20[0-9]{2}")


def changes(case: Case) -> Iterator[ProposedChange]:
    """A cohort where one is needed, and its year where `filter` alone has it."""
    if case.status not in (400, 406) or case.asked is None:
        return
    query = case.asked.query
    if case.asked.resource == "schools" and not _names_cohort(query):
        year = max((it.start_year for it in case.records.cohorts), default=2025)
        added = (*query, ("filter[cohort]", str(year)))
        words = f"Name a cohort: with filter[cohort]={year}."
        yield ProposedChange(aspect="query", words=words, cost=1, instead=with_query(case.request, added))
    for name, value in query:
        if name == "filter" and _YEAR.fullmatch(value):
            corrected = tuple(("filter[cohort]", value) if it == (name, value) else it for it in query)
            words = f"Write filter[cohort]={value}."
            instead = with_query(case.request, corrected)
            yield ProposedChange(aspect=f"query {name}", words=words, cost=1, instead=instead)


def _names_cohort(query: tuple[tuple[str, str], ...]) -> bool:
    """Whether a query has a cohort, or means one."""
    named = any(name == "filter[cohort]" for given in query for name, _ in (given, *meant(*given)))
    return named or any(name == "filter" and _YEAR.fullmatch(value) for name, value in query)
