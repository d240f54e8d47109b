"""What becomes of a declaration: the state and statements that follow from its dates (behaviour/declarations.md#7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ecf_sandbox.ecf.domain.declarations import LineItem, Phase, State, Statement
from ecf_sandbox.ecf.scenario.contracts import cut_off, payment
from ecf_sandbox.ecf.scenario.draft import Draft

_STATE_ON = {Phase.OPEN: State.ELIGIBLE, Phase.PAYABLE: State.PAYABLE, Phase.PAID: State.PAID}


class Course(NamedTuple):
    """What became of a declaration: its state since a moment, and its lines on statements (state, since, until now)."""

    state: State
    since: datetime
    lines: tuple[tuple[Statement, State, datetime, datetime], ...] = ()


def course_of(
    draft: Draft,
    provider_id: str,
    cohort: int,
    *,
    sent: datetime,
    eligible_from: datetime | None,
    voided: datetime | None = None,
    duplicate: bool = False,
) -> Course | None:
    """What becomes of a declaration by the moment that the scenario describes (behaviour/declarations.md#7).

    None says that the cohort had no statement left to take it.
    """
    funded = sent if duplicate else eligible_from and max(sent, eligible_from)
    if funded is None or (voided is not None and voided < funded):
        return Course(State.SUBMITTED, sent) if voided is None else Course(State.VOIDED, voided)
    statement = draft.next_output_statement(provider_id, cohort, funded.date())
    if statement is None:
        return None
    if voided is None:
        state = State.INELIGIBLE if duplicate else _STATE_ON[statement.phase]
        since = funded if duplicate else _moved(statement, funded)
        return Course(state, since, ((statement, state, funded, since),))
    if duplicate or voided < payment(statement.payment_date):
        return Course(State.VOIDED, voided, ((statement, State.VOIDED, funded, voided),))
    refund = draft.next_output_statement(provider_id, cohort, voided.date())
    if refund is None:
        return None
    returned = refund.phase is Phase.PAID
    state = State.CLAWED_BACK if returned else State.AWAITING_CLAWBACK
    since = payment(refund.payment_date) if returned else voided
    paid = (statement, State.PAID, funded, payment(statement.payment_date))
    return Course(state, since, (paid, (refund, state, voided, since)))


def _moved(statement: Statement, funded: datetime) -> datetime:
    if statement.phase is Phase.OPEN:
        return funded
    paid = statement.phase is Phase.PAID
    return payment(statement.payment_date) if paid else cut_off(statement.deadline_date)


def line_items(draft: Draft, declaration_id: str, course: Course) -> Iterable[LineItem]:
    """The lines of a declaration on its statements."""
    return (
        LineItem(
            id=draft.id("line item", declaration_id, n),
            statement_id=statement.id,
            declaration_id=declaration_id,
            state=state,
            created_at=since,
            updated_at=changed,
        )
        for n, (statement, state, since, changed) in enumerate(course.lines)
    )
