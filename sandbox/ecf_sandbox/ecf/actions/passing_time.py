"""What happens by itself as time goes by: the service's nightly jobs, and the payment of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.events.mentors import remove_expired_school_mentors
from ecf_sandbox.ecf.events.statements import cut_off_statement, nightly_cut_off, pay_statement
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.moments import Due


def falls_due(records: Records, since: datetime, until: datetime, *, paying: date | None = None) -> list[Due]:
    """What falls due after `since` up to and including `until`, in its order.

    Every midnight, UTC, after the deadline of an open statement it is cut off, and mentors whose leaving day has
    come leave. Nobody knows beforehand when the DfE pays, so statements are paid only where `paying` names their
    payment date.
    """
    days = {it.deadline_date + timedelta(days=1) for it in records.statements if it.phase is Phase.OPEN}
    leaving = {it.remove_on for it in records.school_mentors if it.remove_on is not None}
    due = [Due(event="nightly_cut_off", at=at, play=nightly_cut_off) for at in _within(days, since, until)]
    due += [
        Due(event="remove_expired_school_mentors", at=at, play=remove_expired_school_mentors)
        for at in _within(leaving, since, until)
    ]
    if paying is not None:
        due += [
            Due(event="pay_statement", at=until, play=partial(_pay, it.id), told={"statement_id": it.id})
            for it in records.statements
            if it.payment_date == paying and it.phase is not Phase.PAID
        ]
    return sorted(due, key=lambda it: it.at)


def _within(days: set[date], since: datetime, until: datetime) -> Iterator[datetime]:
    for day in sorted(days):
        at = datetime.combine(day, time.min, UTC)
        if since < at <= until:
            yield at


def _pay(statement_id: str, turn: Turn) -> None:
    if turn.records.statements[statement_id].phase is Phase.OPEN:
        cut_off_statement(turn, statement_id)
    pay_statement(turn, statement_id)
