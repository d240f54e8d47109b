"""Moments that have a name: when statements close and are paid, when milestones begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.moments import NamedMoment

STANDARD = "ecf-standard-september"
# After midnight in the United Kingdom: when the job runs that makes statements payable.
CLOSING = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)


def named_moments(records: Records, now: datetime) -> list[NamedMoment]:
    """Every named moment after `now`, in the order of time.

    `statement:next:cut-off` is in the night after the next deadline of an open statement, when it becomes payable,
    `statement:next:payment` the start of the next payment date of one that is not paid; `statement:2026-11:payment`
    names one of them. `milestone:retained-1:start` is the next such start, `…:end` the last second, in any cohort's
    standard September schedule; `milestone:retained-1:start:2025` that of a cohort, `…:2025:ecf-standard-january` of
    another schedule. Days are those of the United Kingdom.
    """
    found: dict[str, NamedMoment] = {}
    for it in sorted((*_statements(records), *_milestones(records)), key=lambda it: it.at):
        if it.at > now:
            found.setdefault(it.name, it)
    return list(found.values())


def _statements(records: Records) -> Iterator[NamedMoment]:
    for it in records.statements:
        if not it.output_fee:
            continue
        for which in ("next", f"{it.year}-{it.month}"):
            if it.status is StatementStatus.OPEN:
                at = uk_midnight(it.deadline_date + DAY) + CLOSING
                yield NamedMoment(name=f"statement:{which}:cut-off", at=at)
            if it.status is not StatementStatus.PAID:
                at = uk_midnight(it.payment_date)
                yield NamedMoment(name=f"statement:{which}:payment", at=at, pays=it.payment_date)


def _milestones(records: Records) -> Iterator[NamedMoment]:
    for schedule in records.schedules:
        year = schedule.contract_period_year
        suffixes = [f":{year}:{schedule.identifier}"]
        if schedule.identifier == STANDARD:
            suffixes += ["", f":{year}"]
        for it in schedule.milestones:
            for suffix in suffixes:
                name = f"milestone:{it.declaration_type}"
                yield NamedMoment(name=f"{name}:start{suffix}", at=uk_midnight(it.start_date))
                if it.milestone_date is not None:
                    last = uk_midnight(it.milestone_date + DAY) - _SECOND
                    yield NamedMoment(name=f"{name}:end{suffix}", at=last)
