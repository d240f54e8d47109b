"""Moments that have a name: the start and end of a milestone, the cut-off and payment of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records

STANDARD = "ecf-standard-september"


class NamedMoment(Record, frozen=True, kw_only=True):
    """A name with its moment (aware, UTC); `pays` is the payment date of the statements that are paid then."""

    name: str
    at: datetime
    pays: date | None = None


def named_moments(records: Records, now: datetime) -> list[NamedMoment]:
    """Every named moment after `now`, in the order of time.

    `statement:next:cut-off` is the midnight after the next deadline of an open statement, `statement:next:payment`
    the start of the next payment date of one that is not paid; `statement:November 2026:payment` names one of them.
    `milestone:retained-1:start` is the next such start, `…:end` the last second, in any cohort's standard September
    schedule; `milestone:retained-1:start:2025` that of a cohort, `…:2025:ecf-standard-january` of another schedule.
    """
    found: dict[str, NamedMoment] = {}
    for it in sorted((*_statements(records), *_milestones(records)), key=lambda it: it.at):
        if it.at > now:
            found.setdefault(it.name, it)
    return list(found.values())


def _statements(records: Records) -> Iterator[NamedMoment]:
    for it in records.statements:
        for which in ("next", it.name):
            if it.phase is Phase.OPEN:
                yield NamedMoment(name=f"statement:{which}:cut-off", at=_midnight(it.deadline_date + timedelta(days=1)))
            if it.phase is not Phase.PAID:
                at = _midnight(it.payment_date)
                yield NamedMoment(name=f"statement:{which}:payment", at=at, pays=it.payment_date)


def _milestones(records: Records) -> Iterator[NamedMoment]:
    for schedule in records.schedules:
        for it in schedule.milestones:
            name = f"milestone:{it.declaration_type}"
            suffixes = [f":{schedule.cohort}:{schedule.identifier}"]
            if schedule.identifier == STANDARD:
                suffixes += ["", f":{schedule.cohort}"]
            for suffix in suffixes:
                yield NamedMoment(name=f"{name}:start{suffix}", at=it.opens)
                if (last := _last_second(it)) is not None:
                    yield NamedMoment(name=f"{name}:end{suffix}", at=last)


def _last_second(it: Milestone) -> datetime | None:
    return None if it.closes is None else it.closes - timedelta(seconds=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
