"""People in training: users, their training records and the history of each."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record


class Course(StrEnum):
    """The courses of the early career framework."""

    ECT = "ecf-induction"
    MENTOR = "ecf-mentor"


class ParticipantType(StrEnum):
    """What a training record trains somebody to be."""

    ECT = "ect"
    MENTOR = "mentor"

    @property
    def course(self) -> Course:
        """The course that goes with the type."""
        return Course.ECT if self is ParticipantType.ECT else Course.MENTOR


class RecordStatus(StrEnum):
    """Whether the school still stands by a training record."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class TrainingStatus(StrEnum):
    """What the provider last said about somebody's training."""

    ACTIVE = "active"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class InductionStatus(StrEnum):
    """The state of one induction record."""

    ACTIVE = "active"
    LEAVING = "leaving"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class User(Record, frozen=True, kw_only=True, cache_hash=True):
    """A person. `id` is the participant id of the API; `trn` is the reference number confirmed by the DfE."""

    id: str
    full_name: str
    email: str
    trn: str | None = None
    created_at: datetime
    updated_at: datetime


class Identity(Record, frozen=True, kw_only=True):
    """An e-mail address somebody was registered with; keeps a retired participant id as `external_id`."""

    id: str
    user_id: str
    email: str
    external_id: str
    created_at: datetime
    updated_at: datetime


class TrainingRecord(Record, frozen=True, kw_only=True, cache_hash=True):
    """Somebody's training as an ECT or as a mentor; `id` is the `training_record_id` of the API."""

    id: str
    type: ParticipantType
    identity_id: str
    school_cohort_id: str | None
    schedule_id: str
    status: RecordStatus = RecordStatus.ACTIVE
    training_status: TrainingStatus = TrainingStatus.ACTIVE
    mentor_record_id: str | None = None
    pupil_premium_uplift: bool = False
    sparsity_uplift: bool = False
    induction_start_date: date | None = None
    induction_completion_date: date | None = None
    mentor_completion_date: date | None = None
    mentor_completion_reason: str | None = None
    cohort_changed_after_payments_frozen: bool = False
    duplicity: str = "single"
    notes: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def ect(self) -> bool:
        """Trains an ECT rather than a mentor."""
        return self.type is ParticipantType.ECT

    @property
    def completed(self) -> bool:
        """The training has ended by a date: an ECT's induction, or the funding of a mentor's training."""
        ended = self.induction_completion_date if self.ect else self.mentor_completion_date
        return ended is not None


class InductionRecord(Record, frozen=True, kw_only=True, cache_hash=True):
    """A period in which the facts about somebody's training stayed the same."""

    id: str
    training_record_id: str
    programme_id: str
    schedule_id: str
    start_date: datetime
    end_date: datetime | None = None
    induction_status: InductionStatus = InductionStatus.ACTIVE
    training_status: TrainingStatus = TrainingStatus.ACTIVE
    preferred_identity_id: str | None = None
    mentor_record_id: str | None = None
    school_transfer: bool = False
    created_at: datetime
    updated_at: datetime

    # A write stamps what it makes some milliseconds after its own moment; at a frozen clock that must not read
    # as the future, so both questions are asked to the second.
    def starts_after(self, now: datetime) -> bool:
        """Whether it is still ahead."""
        return self.start_date > now and self.start_date.replace(microsecond=0) > now

    def ends_after(self, now: datetime) -> bool:
        """Whether it has an end that is still ahead."""
        return self.end_date is not None and self.end_date.replace(microsecond=0) > now


class EligibilityStatus(StrEnum):
    """Whether the DfE funds somebody's training."""

    ELIGIBLE = "eligible"
    MATCHED = "matched"
    MANUAL_CHECK = "manual_check"
    INELIGIBLE = "ineligible"


class Eligibility(Record, frozen=True, kw_only=True):
    """What the DfE's checks made of somebody; at most one for a training record."""

    training_record_id: str
    status: EligibilityStatus = EligibilityStatus.MANUAL_CHECK
    reason: str = "none"
    manually_validated: bool = False
    qts: bool = True
    active_flags: bool = False
    previous_participation: bool = False
    previous_induction: bool = False
    different_trn: bool = False
    no_induction: bool = False
    exempt_from_induction: bool = False

    @property
    def fundable(self) -> bool:
        """Declarations become eligible for payment at once."""
        return self.status is EligibilityStatus.ELIGIBLE


class ValidationDetails(Record, frozen=True, kw_only=True):
    """What was typed in about somebody, to be checked; at most one for a training record."""

    training_record_id: str
    full_name: str | None = None
    date_of_birth: date | None = None
    trn: str | None = None
    national_insurance_number: str | None = None


class StatusChange(Record, frozen=True, kw_only=True):
    """One entry of a training record's journal of training statuses, for one provider or for none."""

    id: str
    training_record_id: str
    provider_id: str | None
    state: TrainingStatus
    reason: str | None = None
    created_at: datetime


class IdChange(Record, frozen=True, kw_only=True):
    """A participant id that was retired in favour of another."""

    id: str
    user_id: str
    from_participant_id: str
    to_participant_id: str
    created_at: datetime


class SchoolMentor(Record, frozen=True, kw_only=True):
    """A mentor in a school's pool, perhaps until a day."""

    id: str
    training_record_id: str
    school_id: str
    preferred_identity_id: str | None = None
    remove_on: date | None = None


class EarlyRollOutMentor(Record, frozen=True, kw_only=True):
    """A reference number of somebody who took part before the national roll-out."""

    trn: str
    reason: str = "previous_participation"
