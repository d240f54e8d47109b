"""Which declarations a provider sees (behaviour/declarations.md#5-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ecf_sandbox.ecf.domain.declarations import BILLABLE, REFUNDABLE, Declaration, LineItem, Statement
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus
from ecf_sandbox.ecf.queries.participants import FIRST_SHOWN_COHORT
from ecf_sandbox.ecf.queries.training import provider_id_of
from ecf_sandbox.ecf.records import Records

_STILL_THEIRS = frozenset({InductionStatus.ACTIVE, InductionStatus.COMPLETED})


def declarations(records: Records, provider_id: str, *, leavers_seen: bool) -> tuple[Declaration, ...]:
    """The provider's own in any state and the live ones of others for its participants, the oldest first.

    `leavers_seen` (v3): those who left are still seen up to the day they left.
    """
    return records.cached(_declarations, provider_id, leavers_seen)


def sees(records: Records, provider_id: str, declaration: Declaration, *, leavers_seen: bool) -> bool:
    """Whether a provider may see a declaration."""
    if declaration.provider_id == provider_id:
        return True
    inductions = records.induction_records.by("training_record_id", declaration.training_record_id)
    return declaration.live and any(
        _lets_see(it, declaration, leavers_seen) for it in inductions if provider_id_of(records, it) == provider_id
    )


def billing(records: Records, declaration: Declaration) -> LineItem | None:
    """The line item that pays for a declaration."""
    return next((it for it in records.line_items.by("declaration_id", declaration.id) if it.state in BILLABLE), None)


def refunding(records: Records, declaration: Declaration) -> LineItem | None:
    """The line item that claws a declaration's payment back."""
    return next((it for it in records.line_items.by("declaration_id", declaration.id) if it.state in REFUNDABLE), None)


def _declarations(records: Records, provider_id: str, leavers_seen: bool) -> tuple[Declaration, ...]:
    own = records.declarations.by("provider_id", provider_id)
    others = {it.id: it for it in _of_others(records, provider_id, leavers_seen)}
    return tuple(sorted((*own, *others.values()), key=lambda it: it.created_at))


def _of_others(records: Records, provider_id: str, leavers_seen: bool) -> Iterator[Declaration]:
    for partnership in records.partnerships.by("provider_id", provider_id):
        for programme in records.programmes.by("partnership_id", partnership.id):
            for induction in records.induction_records.by("programme_id", programme.id):
                for it in records.declarations.by("training_record_id", induction.training_record_id):
                    if it.provider_id != provider_id and it.live and _lets_see(induction, it, leavers_seen):
                        yield it


def _lets_see(induction: InductionRecord, declaration: Declaration, leavers_seen: bool) -> bool:
    if induction.induction_status in _STILL_THEIRS:
        return True
    left = leavers_seen and induction.induction_status is InductionStatus.LEAVING
    return left and (induction.end_date is None or declaration.date <= induction.end_date)


def statements(records: Records, provider_id: str, cohorts: frozenset[int] | None) -> tuple[Statement, ...]:
    """The output statements of the cohorts (default: after 2020), the first payment first."""
    return records.cached(_statements, provider_id, cohorts)


def _statements(records: Records, provider_id: str, cohorts: frozenset[int] | None) -> tuple[Statement, ...]:
    found = [
        it
        for it in records.statements.by("provider_id", provider_id)
        if it.output_fee and (it.cohort >= FIRST_SHOWN_COHORT if cohorts is None else it.cohort in cohorts)
    ]
    return tuple(sorted(found, key=lambda it: (it.payment_date, it.cohort, it.id)))


def next_output_statement(records: Records, provider_id: str, cohort: int, today: date) -> Statement | None:
    """The provider's open output statement of a cohort whose cut-off comes first, the day itself included.

    None means that the cohort's funding contract has ended; whether payments are frozen plays no part.
    """
    return records.cached_each(_next_output_statement, (provider_id, cohort, today))


def _next_output_statement(records: Records, of: tuple[str, int, date]) -> Statement | None:
    *group, today = of
    taking = (it for it in records.statements.by("provider_id,cohort", tuple(group)) if it.takes(today))
    return min(taking, key=lambda it: it.deadline_date, default=None)
