"""A provider's statements (behaviour/declarations.md#8)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.declarations import Statement
from ecf_sandbox.ecf.queries.participants import FIRST_SHOWN_COHORT
from ecf_sandbox.state.records import Records

_TABLES = frozenset({"statements"})


def statements(records: Records, provider_id: str, cohorts: frozenset[int] | None) -> tuple[Statement, ...]:
    """The output statements of the cohorts (default: after 2020), the first payment first."""
    return records.view(_TABLES, _statements, provider_id, cohorts)


def _statements(records: Records, provider_id: str, cohorts: frozenset[int] | None) -> tuple[Statement, ...]:
    found = [
        it
        for it in records.statements.by("provider_id", provider_id)
        if it.output_fee and (it.cohort >= FIRST_SHOWN_COHORT if cohorts is None else it.cohort in cohorts)
    ]
    return tuple(sorted(found, key=lambda it: (it.payment_date, it.cohort, it.id)))
