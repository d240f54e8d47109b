"""Reads the reference data of the service (behaviour/rect.md#16-1, #16-2); statements follow a rule (#16-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule
from ecf_sandbox.state.record import Record

T = TypeVar("T")

_HERE = Path(__file__).parent
_OUTPUT_MONTHS = (1, 4, 8, 11)
_PAID_ON = 25


class _Schedule(Record, frozen=True, kw_only=True):
    contract_period_year: int
    identifier: str
    milestones: tuple[Milestone, ...]


class StatementDates(NamedTuple):
    """An output statement that every provider with a contract for the period gets."""

    year: int
    month: int
    deadline_date: date
    payment_date: date


@cache
def contract_periods() -> tuple[ContractPeriod, ...]:
    """All contract periods, the oldest first."""
    return _read("contract_periods.json", tuple[ContractPeriod, ...])


def schedules(id_of: Callable[[str], str]) -> tuple[Schedule, ...]:
    """All schedules; `id_of` gives an id for a name such as `2025/ecf-standard-september`."""
    return tuple(
        Schedule(
            id=id_of(f"{it.contract_period_year}/{it.identifier}"),
            contract_period_year=it.contract_period_year,
            identifier=it.identifier,
            milestones=it.milestones,
        )
        for it in _schedules()
    )


def statement_calendar(contract_period: int) -> list[StatementDates]:
    """The output statements of a contract period: from November of its year to August three years later."""
    return [
        StatementDates(year, month, date(year, month, 1) - timedelta(days=1), date(year, month, _PAID_ON))
        for year in range(contract_period, contract_period + 4)
        for month in _OUTPUT_MONTHS
        if (contract_period, 11) <= (year, month) <= (contract_period + 3, 8)
    ]


@cache
def _schedules() -> tuple[_Schedule, ...]:
    return _read("schedules.json", tuple[_Schedule, ...])


def _read(name: str, shape: type[T]) -> T:
    return msgspec.json.decode((_HERE / name).read_bytes(), type=shape)
