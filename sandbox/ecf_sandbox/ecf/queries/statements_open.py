"""Which statement takes what is declared or clawed back now (behaviour/declarations.md#4-11)."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.ecf.domain.declarations import Statement
from ecf_sandbox.state.records import Records


def next_output_statement(records: Records, provider_id: str, cohort: int, today: date) -> Statement | None:
    """The provider's open output statement of a cohort whose cut-off comes first, the day itself included.

    None means that the cohort's funding contract has ended; whether payments are frozen plays no part.
    """
    taking = (it for it in records.statements.by("provider_id,cohort", (provider_id, cohort)) if it.takes(today))
    return min(taking, key=lambda it: it.deadline_date, default=None)
