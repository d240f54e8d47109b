"""What rules and actions need to know of training: with whom, under what, and which comes before or after."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Schedule
from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.providers import DeliveryPartnership
from ecf_sandbox.rect.domain.schools import School
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.training import at_school_of, delivery_partnership_of, provider_of, training_of
from ecf_sandbox.rect.records import Records


def school_of(records: Records, training: TrainingPeriod) -> School:
    """Where somebody is trained."""
    return records.schools[at_school_of(records, training).school_id]


def delivery_of(records: Records, training: TrainingPeriod) -> DeliveryPartnership | None:
    """Lead provider, delivery partner and contract period of the partnership, if there is one."""
    partnership = records.school_partnerships.get(training.school_partnership_id)
    return None if partnership is None else delivery_partnership_of(records, partnership)


def contract_period_of(records: Records, training: TrainingPeriod) -> ContractPeriod | None:
    """The contract period of the partnership, else of the interest."""
    named = delivery_of(records, training) or records.active_lead_providers.get(training.expression_of_interest_id)
    return None if named is None else records.contract_periods.get(named.contract_period_year)


def year_of(records: Records, training: TrainingPeriod) -> int | None:
    """The contract period of the partnership, else of the interest, by its year."""
    named = delivery_of(records, training) or records.active_lead_providers.get(training.expression_of_interest_id)
    return None if named is None else named.contract_period_year


def schedule_of(records: Records, training: TrainingPeriod) -> Schedule | None:
    """The schedule of the training; None where it is school-led."""
    return records.schedules.get(training.schedule_id)


def training_within(records: Records, period: AtSchoolPeriod) -> tuple[TrainingPeriod, ...]:
    """The training in an at-school period, the earliest first."""
    found = records.training_periods.by("at_school_period_id", period.id)
    return tuple(sorted(found, key=lambda it: (it.started_on, it.created_at)))


def training_on(records: Records, teacher_id: str, kind: TeacherType, day: date) -> TrainingPeriod | None:
    """The training that somebody is in on a day, whoever trains."""
    return next((it for it in training_of(records, teacher_id, kind) if contains(it, day)), None)


def training_with(records: Records, teacher_id: str, kind: TeacherType, lead_provider_id: str) -> list[TrainingPeriod]:
    """Somebody's training of a kind with a lead provider, the earliest first."""
    return [it for it in training_of(records, teacher_id, kind) if provider_of(records, it) == lead_provider_id]


def latest_with(records: Records, teacher_id: str, kind: TeacherType, lead_provider_id: str) -> TrainingPeriod | None:
    """A lead provider's training of somebody that starts last, by the look-up row; a future one counts."""
    row = records.teacher_metadata.one("teacher_id,lead_provider_id", (teacher_id, lead_provider_id))
    return records.training_periods.get(row.latest_training_period_id(kind)) if row else None
