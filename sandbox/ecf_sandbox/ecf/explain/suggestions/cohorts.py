"""What could be wrong with the cohort of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.tools.explain.suggestions import filters
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_YEAR = re.compile(r"20[0-9]{2}")


def changes(case: Case) -> Iterator[ProposedChange]:
    """A cohort where one is needed, and its year where `filter` alone has it."""
    if case.status not in (400, 406) or case.asked is None:
        return
    if case.asked.resource == "schools" and not filters.names(case, "cohort", _YEAR):
        year = str(max((it.start_year for it in case.records.cohorts), default=2025))
        yield filters.added(case, "cohort", year, f"Name a cohort: with filter[cohort]={year}.")
    yield from filters.bracketed(case, "cohort", _YEAR)
