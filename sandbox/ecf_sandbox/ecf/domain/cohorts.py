"""Cohorts, schedules and milestones: when a person trains, and when what may be declared."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from ecf_sandbox.state.record import Record


class Cohort(Record, frozen=True, kw_only=True):
    """A year's intake and the call-off contract that pays for it."""

    start_year: int
    registration_start: date
    academic_year_start: date
    automatic_assignment_end: date | None = None
    payments_frozen_at: datetime | None = None
    mentor_funding: bool = False
    detailed_evidence_types: bool = False

    def frozen(self, now: datetime) -> bool:
        """Whether payments for this cohort have ended."""
        return self.payments_frozen_at is not None and self.payments_frozen_at <= now

    def current(self, today: date) -> bool:
        """Whether `today` lies in this cohort's academic year (behaviour/participants.md#2-5)."""
        start = self.academic_year_start
        return start <= today < start.replace(year=start.year + 1)


class ScheduleKind(StrEnum):
    """Which courses may follow a schedule: ECF both, MENTOR only `ecf-mentor`."""

    ECF = "ecf"
    MENTOR = "mentor"


class Milestone(Record, frozen=True, kw_only=True):
    """The window in which one type of declaration may be made."""

    declaration_type: str
    start: date
    end: date | None = None
    payment: date | None = None

    @property
    def opens(self) -> datetime:
        """The first moment, UTC."""
        return datetime.combine(self.start, time.min, UTC)

    @property
    def closes(self) -> datetime | None:
        """The moment after the last one, UTC: the closing day itself still counts."""
        return None if self.end is None else datetime.combine(self.end + timedelta(days=1), time.min, UTC)


class Schedule(Record, frozen=True, kw_only=True):
    """A training schedule of one cohort with its milestones."""

    id: str
    cohort: int
    identifier: str
    alias: str | None = None
    name: str
    kind: ScheduleKind = ScheduleKind.ECF
    milestones: tuple[Milestone, ...] = ()

    def milestone(self, declaration_type: str | None) -> Milestone | None:
        """The milestone for a type of declaration, if this schedule has one."""
        for it in self.milestones:
            if it.declaration_type == declaration_type:
                return it
        return None

    def permits(self, course: str | None) -> bool:
        """Whether a participant on this course may follow the schedule."""
        return course == "ecf-mentor" or (course == "ecf-induction" and self.kind is ScheduleKind.ECF)
