"""Look-up rows that the service keeps up to date as other rows change, and again each night.

What hangs on the day (who mentors, who leaves) is as old as the last time that the row was worked out
(behaviour/rect.md#18-3).
"""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.state.record import Record


class TeacherMetadata(Record, frozen=True, kw_only=True):
    """What a lead provider has to do with a person; without a row, nothing.

    `latest_*_training_period_id` is the provider's training period that starts last; `mentor_at_school_period_id` is
    the mentor of the provider's ECT.
    """

    id: str
    teacher_id: str
    lead_provider_id: str
    latest_ect_training_period_id: str | None = None
    latest_mentor_training_period_id: str | None = None
    latest_ect_contract_period_year: int | None = None
    latest_mentor_contract_period_year: int | None = None
    mentor_at_school_period_id: str | None = None
    involved_in_transfer: bool = False

    def latest_training_period_id(self, kind: TeacherType) -> str | None:
        """The provider's training period of a kind that starts last."""
        return self.latest_ect_training_period_id if kind is TeacherType.ECT else self.latest_mentor_training_period_id

    def latest_contract_period_year(self, kind: TeacherType) -> int | None:
        """The contract period of that training."""
        ect = kind is TeacherType.ECT
        return self.latest_ect_contract_period_year if ect else self.latest_mentor_contract_period_year


class SchoolMetadata(Record, frozen=True, kw_only=True):
    """A school in a contract period. Its `updated_at` is the one that the API shows for the school."""

    id: str
    school_id: str
    contract_period_year: int
    in_partnership: bool = False
    induction_programme_choice: str = "not_yet_known"
    updated_at: datetime


class SchoolInterest(Record, frozen=True, kw_only=True):
    """That somebody at a school trains with a lead provider in a contract period, or is meant to."""

    id: str
    school_id: str
    lead_provider_id: str
    contract_period_year: int
