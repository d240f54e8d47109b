"""Schools, what the DfE's register says of them, and their partnerships."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record


class TrainingProgramme(StrEnum):
    """Who runs somebody's training."""

    PROVIDER_LED = "provider_led"
    SCHOOL_LED = "school_led"


class School(Record, frozen=True, kw_only=True):
    """A school; `eligible` as the register's import decided, `marked_as_eligible` by the DfE against it."""

    id: str
    urn: int
    name: str
    type_name: str | None = None
    status: str = "open"
    in_england: bool = True
    section_41_approved: bool = False
    eligible: bool = True
    marked_as_eligible: bool = False
    primary_contact_email: str | None = None
    secondary_contact_email: str | None = None
    induction_tutor_name: str | None = None
    induction_tutor_email: str | None = None
    last_chosen_lead_provider_id: str | None = None
    last_chosen_training_programme: TrainingProgramme | None = None
    created_at: datetime

    @property
    def fundable(self) -> bool:
        """Whether the DfE pays for training there."""
        return self.eligible or self.marked_as_eligible


class Uplift(Record, frozen=True, kw_only=True):
    """What a school is paid on top for a contract period."""

    id: str
    school_id: str
    contract_period_year: int
    pupil_premium: bool = False
    sparsity: bool = False


class SchoolPartnership(Record, frozen=True, kw_only=True):
    """That a school is trained by a lead provider with a delivery partner in a contract period.

    `serial` is the number of the row in the service's database, by which lists can be sorted; 0 for a later one.
    """

    id: str
    serial: int = 0
    school_id: str
    delivery_partnership_id: str
    created_at: datetime
    updated_at: datetime
