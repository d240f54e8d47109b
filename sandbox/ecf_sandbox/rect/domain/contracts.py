"""Contract periods, which the API calls cohorts, with their schedules and statements."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record


class ContractPeriod(Record, frozen=True, kw_only=True):
    """A year's intake and what its contracts pay for; `enabled` while new partnerships can be made."""

    year: int
    started_on: date
    finished_on: date
    enabled: bool = True
    payments_frozen_at: datetime | None = None
    mentor_funding: bool = False
    detailed_evidence: bool = False
    uplift_fees: bool = False

    def frozen(self, now: datetime) -> bool:
        """Whether payments for it have ended."""
        return self.payments_frozen_at is not None and self.payments_frozen_at <= now


class Milestone(Record, frozen=True, kw_only=True):
    """The days, in the United Kingdom, on which one type of declaration may be dated."""

    declaration_type: str
    start_date: date
    milestone_date: date | None = None


class Schedule(Record, frozen=True, kw_only=True):
    """A training schedule of one contract period with its milestones."""

    id: str
    contract_period_year: int
    identifier: str
    milestones: tuple[Milestone, ...] = ()

    def milestone(self, declaration_type: str | None) -> Milestone | None:
        """The milestone for a type of declaration, if this schedule has one."""
        return next((it for it in self.milestones if it.declaration_type == declaration_type), None)

    @property
    def reduced(self) -> bool:
        """Whether it is for those whose induction is shortened, which only ECTs' is."""
        return self.identifier.startswith("ecf-reduced-")

    @property
    def replacement(self) -> bool:
        """Whether it is for mentors who take over from another."""
        return self.identifier.startswith("ecf-replacement-")


class StatementStatus(StrEnum):
    """Where a statement is between opening and payment."""

    OPEN = "open"
    PAYABLE = "payable"
    PAID = "paid"


class Statement(Record, frozen=True, kw_only=True):
    """What the DfE pays a provider for a contract period at one payment date."""

    id: str
    lead_provider_id: str
    contract_period_year: int
    month: int
    year: int
    deadline_date: date
    payment_date: date
    output_fee: bool = True
    status: StatementStatus = StatementStatus.OPEN
    marked_as_paid_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
