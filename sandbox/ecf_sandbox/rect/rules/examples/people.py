"""Somebody in training, their school, provider and cohort, as the examples have them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule, Statement
from ecf_sandbox.rect.domain.declarations import STARTED, TYPES, Declaration
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, Teacher, TeacherType, TrainingPeriod

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
TODAY = date(2026, 5, 12)
LONG_AGO = datetime(2025, 9, 1, 9, tzinfo=UTC)

COHORT = ContractPeriod(
    year=2025,
    started_on=date(2025, 6, 1),
    finished_on=date(2026, 5, 31),
    mentor_funding=True,
    detailed_evidence=True,
)
MILESTONES = tuple(
    Milestone(declaration_type=it, start_date=date(2025, 6, 1), milestone_date=date(2026, 12, 31)) for it in TYPES[:6]
)
SEPTEMBER = Schedule(
    id="september", contract_period_year=2025, identifier="ecf-standard-september", milestones=MILESTONES
)
EXTENDED = Schedule(
    id="extended", contract_period_year=2025, identifier="ecf-extended-september", milestones=MILESTONES
)
STATEMENT = Statement(
    id="statement",
    lead_provider_id="provider",
    contract_period_year=2025,
    month=8,
    year=2026,
    deadline_date=date(2026, 7, 31),
    payment_date=date(2026, 8, 25),
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
ANN = Teacher(
    id="ann",
    ect_training_record_id="ann-ect",
    mentor_training_record_id="ann-mentor",
    trn="1000001",
    ect_eligible_since=LONG_AGO,
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
    unfunded_updated_at=LONG_AGO,
)
AT_SCHOOL = AtSchoolPeriod(
    id="at-school",
    kind=TeacherType.ECT,
    teacher_id="ann",
    school_id="school",
    started_on=date(2025, 9, 1),
    created_at=LONG_AGO,
)
TRAINING = TrainingPeriod(
    id="training",
    kind=TeacherType.ECT,
    at_school_period_id="at-school",
    school_partnership_id="partnership",
    schedule_id="september",
    started_on=date(2025, 9, 1),
    created_at=LONG_AGO,
    transfer_updated_at=LONG_AGO,
)
STARTED_MADE = Declaration(
    id="made",
    training_period_id="training",
    declaration_type=STARTED,
    declaration_date=LONG_AGO,
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
SCHOOL = School(id="school", urn=200001, name="Oakfield Academy", created_at=LONG_AGO)
PARTNER = DeliveryPartner(id="partner", name="Kestrel Hub", created_at=LONG_AGO, updated_at=LONG_AGO)
DELIVERY = DeliveryPartnership(
    id="delivery", lead_provider_id="provider", delivery_partner_id="partner", contract_period_year=2025
)
PARTNERSHIP = SchoolPartnership(
    id="partnership",
    school_id="school",
    delivery_partnership_id="delivery",
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
