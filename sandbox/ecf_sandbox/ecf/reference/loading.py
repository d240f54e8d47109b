"""Reads the reference data of the service: cohorts, schedules with their milestones, the statement calendar.

The files hold published facts with corrections (behaviour/editions.md#known-defects-of-the-published-data): statement
deadlines that lay after their payment dates, the missing `completed` milestone of 2021's `ecf-standard-january`, dated
2025 schedules, and payments frozen on the dates of the policy. They are read when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule, ScheduleKind
from ecf_sandbox.state.record import Record

T = TypeVar("T")

_HERE = Path(__file__).parent


class StatementDates(NamedTuple):
    """A statement that every provider with a contract for the cohort gets."""

    cohort: int
    name: str
    deadline_date: date
    payment_date: date
    output_fee: bool


class _Schedule(Record, frozen=True, kw_only=True):
    cohort: int
    identifier: str
    name: str
    kind: ScheduleKind
    milestones: tuple[tuple[str, date, date | None, date | None], ...]


@cache
def cohorts() -> tuple[Cohort, ...]:
    """All cohorts, the oldest first. 2020 has neither schedules nor statements."""
    return _read("cohorts.json", tuple[Cohort, ...])


def schedules(id_of: Callable[[str], str]) -> tuple[Schedule, ...]:
    """All schedules; `id_of` gives an id for a name such as `2025/ecf-standard-september`."""
    return tuple(
        Schedule(
            id=id_of(f"{it.cohort}/{it.identifier}"),
            cohort=it.cohort,
            identifier=it.identifier,
            name=it.name,
            kind=it.kind,
            milestones=milestones,
        )
        for it, milestones in _schedules()
    )


@cache
def statement_calendar() -> tuple[StatementDates, ...]:
    """The statements of each cohort in the order of their payment."""
    return _read("statements.json", tuple[StatementDates, ...])


@cache
def _schedules() -> tuple[tuple[_Schedule, tuple[Milestone, ...]], ...]:
    return tuple((it, _milestones(it)) for it in _read("schedules.json", tuple[_Schedule, ...]))


def _milestones(schedule: _Schedule) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(declaration_type=type, start=start, end=end, payment=payment)
        for type, start, end, payment in schedule.milestones
    )


def _read(name: str, shape: type[T]) -> T:
    return msgspec.json.decode((_HERE / name).read_bytes(), type=shape)
