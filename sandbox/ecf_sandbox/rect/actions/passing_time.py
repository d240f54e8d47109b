"""What happens by itself as time goes by: the service's nightly jobs, and the payment of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, PaymentStatus
from ecf_sandbox.rect.domain.periods import day_after
from ecf_sandbox.rect.events.dfe import (
    mark_statements_payable,
    nightly_partnership_touch,
    nightly_refresh,
    pay_statement,
)
from ecf_sandbox.rect.queries.moments import CLOSING
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.state.moments import Due


def falls_due(records: Records, since: datetime, until: datetime, *, paying: date | None = None) -> list[Due]:
    """What falls due after `since` up to and including `until`, in its order.

    Of the jobs that run every night only those nights count on which they find something: when somebody started or
    stopped training, when a mentorship is over, when the deadline of a statement has passed. Statements are moved on as
    in production (behaviour/rect.md#11-14). Nobody knows beforehand when the DfE pays, so statements are paid only
    where `paying` names their payment date.
    """
    training = [day for it in records.training_periods for day in (it.started_on, day_after(it.finished_on))]
    mentoring = [day_after(it.finished_on) for it in records.mentorship_periods]
    closing = [day_after(it.deadline_date) for it in records.statements if it.status is StatementStatus.OPEN]
    due = [
        *_nights(training, since, until, timedelta(minutes=1), nightly_partnership_touch),
        *_nights(closing, since, until, CLOSING, mark_statements_payable),
        *_nights(mentoring, since, until, timedelta(hours=1), nightly_refresh),
    ]
    if paying is not None:
        due += [
            Due(event="pay_statement", at=until, play=partial(_pay, it.id), told={"statement_id": it.id})
            for it in records.statements
            if it.payment_date == paying
        ]
    return sorted(due, key=lambda it: it.at)


def _nights(
    days: Iterable[date | None], since: datetime, until: datetime, after: timedelta, play: Callable[[Turn], None]
) -> Iterator[Due]:
    for day in sorted({it for it in days if it is not None}):
        at = uk_midnight(day) + after
        if since < at <= until:
            yield Due(event=play.__name__, at=at, play=play)


def _pay(statement_id: str, turn: Turn) -> None:
    """Pay what can be paid: a statement without anything on it stays as it is."""
    it = turn.records.statements[statement_id]
    if it.status is StatementStatus.PAYABLE and it.output_fee and _owed(turn, it.id):
        pay_statement(turn, it.id)


def _owed(turn: Turn, statement_id: str) -> bool:
    declarations = turn.records.declarations
    payable = declarations.by("payment_statement_id", statement_id)
    awaiting = declarations.by("clawback_statement_id", statement_id)
    return any(it.payment_status is PaymentStatus.PAYABLE for it in payable) or any(
        it.clawback_status is ClawbackStatus.AWAITING_CLAWBACK for it in awaiting
    )
