"""Teachers, the API's participants, and their periods: at schools, in training, with a mentor, in induction."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ecf_sandbox.rect.domain.schools import TrainingProgramme
from ecf_sandbox.state.record import Record


class TeacherType(StrEnum):
    """What somebody is trained as; one person may be both, one after the other or at once."""

    ECT = "ect"
    MENTOR = "mentor"

    @property
    def course(self) -> str:
        """The course that goes with it, as the API names it."""
        return "ecf-induction" if self is TeacherType.ECT else "ecf-mentor"


class TrainingStatus(StrEnum):
    """What a provider last said about a stretch of training."""

    ACTIVE = "active"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class Teacher(Record, frozen=True, kw_only=True):
    """A person. `id` is the participant id of the API; names and induction dates are the teaching record's.

    `unfunded_updated_at` is what moves for providers that know the person as an unfunded mentor only. `serial` is the
    number of the row in the service's database, by which lists can be sorted; 0 for one that came later.
    """

    id: str
    serial: int = 0
    ect_training_record_id: str
    mentor_training_record_id: str
    trn: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    corrected_name: str | None = None
    induction_start_date: date | None = None
    induction_completed_date: date | None = None
    ect_eligible_since: datetime | None = None
    ect_ineligible_since: date | None = None
    mentor_eligible_since: datetime | None = None
    mentor_ineligible_since: date | None = None
    mentor_ineligible_reason: str | None = None
    ect_frozen_year: int | None = None
    mentor_frozen_year: int | None = None
    created_at: datetime
    updated_at: datetime
    unfunded_updated_at: datetime

    def training_record_id(self, kind: TeacherType) -> str:
        """The id that the API gives the person's training of a kind."""
        return self.ect_training_record_id if kind is TeacherType.ECT else self.mentor_training_record_id

    def eligible_since(self, kind: TeacherType) -> datetime | None:
        """When the person first became eligible for funding in a kind of training."""
        return self.ect_eligible_since if kind is TeacherType.ECT else self.mentor_eligible_since

    def ineligible_since(self, kind: TeacherType) -> date | None:
        """The day on which funding of a kind of training ended."""
        return self.ect_ineligible_since if kind is TeacherType.ECT else self.mentor_ineligible_since

    def frozen_year(self, kind: TeacherType) -> int | None:
        """The contract period that the person left because its payments were frozen."""
        return self.ect_frozen_year if kind is TeacherType.ECT else self.mentor_frozen_year


class AtSchoolPeriod(Record, frozen=True, kw_only=True):
    """A person at a school, as ECT or as mentor; `working_pattern` is an ECT's."""

    id: str
    kind: TeacherType
    teacher_id: str
    school_id: str
    started_on: date
    finished_on: date | None = None
    email: str | None = None
    working_pattern: str | None = None
    reported_leaving_by_school_id: str | None = None
    created_at: datetime


class TrainingPeriod(Record, frozen=True, kw_only=True):
    """A stretch of training in an at-school period: with a partnership, with interest in a provider, or neither.

    `expression_of_interest_id` is the active lead provider in whom the school is interested. `kind` is that of the
    at-school period. `transfer_updated_at` is when what a transfer shows of it changed.
    """

    id: str
    kind: TeacherType
    at_school_period_id: str
    programme: TrainingProgramme = TrainingProgramme.PROVIDER_LED
    school_partnership_id: str | None = None
    expression_of_interest_id: str | None = None
    schedule_id: str | None = None
    started_on: date
    finished_on: date | None = None
    deferred_at: datetime | None = None
    deferral_reason: str | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None
    created_at: datetime
    transfer_updated_at: datetime

    @property
    def training_status(self) -> TrainingStatus:
        """The later of withdrawal and deferral decides (behaviour/rect.md#9-2)."""
        if self.withdrawn_at is None:
            return TrainingStatus.ACTIVE if self.deferred_at is None else TrainingStatus.DEFERRED
        deferred_later = self.deferred_at is not None and self.deferred_at > self.withdrawn_at
        return TrainingStatus.DEFERRED if deferred_later else TrainingStatus.WITHDRAWN


class MentorshipPeriod(Record, frozen=True, kw_only=True):
    """A mentor at a school and the ECT whom they mentor."""

    id: str
    ect_at_school_period_id: str
    mentor_at_school_period_id: str
    started_on: date
    finished_on: date | None = None


class Outcome(StrEnum):
    """How an induction ended."""

    PASS = "pass"
    FAIL = "fail"


class InductionPeriod(Record, frozen=True, kw_only=True):
    """A stretch of an ECT's induction, as an appropriate body records it."""

    id: str
    teacher_id: str
    started_on: date
    finished_on: date | None = None
    outcome: Outcome | None = None


class IdChange(Record, frozen=True, kw_only=True):
    """That a participant id was given up for another when two records of a person were merged."""

    id: str
    teacher_id: str
    from_participant_id: str
    to_participant_id: str
    created_at: datetime
