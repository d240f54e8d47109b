"""Whose a stretch of training is and where, and what else is known of a person's periods."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.domain.providers import DeliveryPartnership
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, InductionPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.records import Records


def at_school_of(records: Records, training: TrainingPeriod) -> AtSchoolPeriod:
    """The at-school period of which training is a part."""
    return records.at_school_periods[training.at_school_period_id]


def teacher_of(records: Records, training: TrainingPeriod) -> Teacher:
    """Who is trained."""
    return records.teachers[at_school_of(records, training).teacher_id]


def delivery_partnership_of(records: Records, partnership: SchoolPartnership) -> DeliveryPartnership:
    """Lead provider, delivery partner and contract period of a partnership."""
    return records.delivery_partnerships[partnership.delivery_partnership_id]


def provider_of(records: Records, training: TrainingPeriod) -> str | None:
    """The id of the lead provider who trains; None for interest alone and for school-led training."""
    partnership = records.school_partnerships.get(training.school_partnership_id)
    return None if partnership is None else delivery_partnership_of(records, partnership).lead_provider_id


def at_school_periods_of(records: Records, teacher_id: str, kind: TeacherType) -> list[AtSchoolPeriod]:
    """Somebody's periods at schools as ECT or as mentor, the earliest first."""
    found = records.at_school_periods.by("teacher_id,kind", (teacher_id, kind))
    return sorted(found, key=lambda it: (it.started_on, it.created_at))


def training_of(records: Records, teacher_id: str, kind: TeacherType) -> list[TrainingPeriod]:
    """All of somebody's training of a kind, whoever trains, the earliest first."""
    periods = records.at_school_periods.by("teacher_id,kind", (teacher_id, kind))
    found = (it for period in periods for it in records.training_periods.by("at_school_period_id", period.id))
    return sorted(found, key=lambda it: (it.started_on, it.created_at))


def induction_periods_of(records: Records, teacher_id: str) -> list[InductionPeriod]:
    """Somebody's induction periods, the earliest first."""
    return sorted(records.induction_periods.by("teacher_id", teacher_id), key=lambda it: it.started_on)


def induction_end_date(records: Records, teacher: Teacher) -> date | None:
    """When the induction ended, as the appropriate body says, else the teaching record."""
    concluded = [it for it in induction_periods_of(records, teacher.id) if it.outcome is not None]
    return concluded[-1].finished_on if concluded else teacher.induction_completed_date
