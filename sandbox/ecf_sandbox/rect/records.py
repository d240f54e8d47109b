"""The tables of this service, and a turn on records that have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Schedule, Statement
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.metadata import SchoolInterest, SchoolMetadata, TeacherMetadata
from ecf_sandbox.rect.domain.providers import (
    ActiveLeadProvider,
    DeliveryPartner,
    DeliveryPartnership,
    LeadProvider,
    Token,
)
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership, Uplift
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    IdChange,
    InductionPeriod,
    MentorshipPeriod,
    Teacher,
    TrainingPeriod,
)
from ecf_sandbox.state import records, turn
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table
from ecf_sandbox.state.world import State


class Records(records.Records):
    """What is known of contract periods, lead providers, schools, teachers and declarations at one moment."""

    SERVICE = "rect"
    TABLES: ClassVar[Mapping[type[Record], str]] = {
        ContractPeriod: "contract_periods",
        Schedule: "schedules",
        LeadProvider: "lead_providers",
        Token: "tokens",
        ActiveLeadProvider: "active_lead_providers",
        DeliveryPartner: "delivery_partners",
        DeliveryPartnership: "delivery_partnerships",
        School: "schools",
        Uplift: "uplifts",
        SchoolPartnership: "school_partnerships",
        Teacher: "teachers",
        AtSchoolPeriod: "at_school_periods",
        TrainingPeriod: "training_periods",
        MentorshipPeriod: "mentorship_periods",
        InductionPeriod: "induction_periods",
        IdChange: "id_changes",
        Declaration: "declarations",
        Statement: "statements",
        TeacherMetadata: "teacher_metadata",
        SchoolMetadata: "school_metadata",
        SchoolInterest: "school_interests",
    }
    REFERS_TO: ClassVar[Mapping[str, str]] = {
        "contract_period_year": "contract_periods",
        "schedule_id": "schedules",
        "lead_provider_id": "lead_providers",
        "last_chosen_lead_provider_id": "lead_providers",
        "delivery_partner_id": "delivery_partners",
        "delivery_partnership_id": "delivery_partnerships",
        "expression_of_interest_id": "active_lead_providers",
        "school_id": "schools",
        "reported_leaving_by_school_id": "schools",
        "school_partnership_id": "school_partnerships",
        "teacher_id": "teachers",
        "at_school_period_id": "at_school_periods",
        "ect_at_school_period_id": "at_school_periods",
        "mentor_at_school_period_id": "at_school_periods",
        "training_period_id": "training_periods",
        "latest_ect_training_period_id": "training_periods",
        "latest_mentor_training_period_id": "training_periods",
        "mentorship_period_id": "mentorship_periods",
        "payment_statement_id": "statements",
        "clawback_statement_id": "statements",
    }
    COUNTED = ("teachers", "training_periods", "schools", "school_partnerships", "declarations", "statements")

    contract_periods: Table[int, ContractPeriod]
    schedules: Table[str, Schedule]
    lead_providers: Table[str, LeadProvider]
    tokens: Table[str, Token]
    active_lead_providers: Table[str, ActiveLeadProvider]
    delivery_partners: Table[str, DeliveryPartner]
    delivery_partnerships: Table[str, DeliveryPartnership]
    schools: Table[str, School]
    uplifts: Table[str, Uplift]
    school_partnerships: Table[str, SchoolPartnership]
    teachers: Table[str, Teacher]
    at_school_periods: Table[str, AtSchoolPeriod]
    training_periods: Table[str, TrainingPeriod]
    mentorship_periods: Table[str, MentorshipPeriod]
    induction_periods: Table[str, InductionPeriod]
    id_changes: Table[str, IdChange]
    declarations: Table[str, Declaration]
    statements: Table[str, Statement]
    teacher_metadata: Table[str, TeacherMetadata]
    school_metadata: Table[str, SchoolMetadata]
    school_interests: Table[str, SchoolInterest]

    def __init__(self) -> None:
        super().__init__()
        self.contract_periods = Table("year")
        self.schedules = Table("id", "contract_period_year,identifier")
        self.lead_providers = Table("id", "name")
        self.tokens = Table("value", "lead_provider_id")
        self.active_lead_providers = Table("id", "lead_provider_id,contract_period_year")
        self.delivery_partners = Table("id")
        self.delivery_partnerships = Table(
            "id",
            "lead_provider_id",
            "delivery_partner_id",
            "contract_period_year",
            "lead_provider_id,contract_period_year,delivery_partner_id",
        )
        self.schools = Table("id", "urn")
        self.uplifts = Table("id", "school_id,contract_period_year")
        self.school_partnerships = Table("id", "school_id", "delivery_partnership_id")
        self.teachers = Table("id", "trn")
        self.at_school_periods = Table("id", "teacher_id", "teacher_id,kind", "school_id")
        self.training_periods = Table("id", "at_school_period_id", "school_partnership_id", "expression_of_interest_id")
        self.mentorship_periods = Table("id", "ect_at_school_period_id", "mentor_at_school_period_id")
        self.induction_periods = Table("id", "teacher_id")
        self.id_changes = Table("id", "teacher_id", "from_participant_id")
        self.declarations = Table("id", "training_period_id", "payment_statement_id", "clawback_statement_id")
        self.statements = Table("id", "lead_provider_id", "lead_provider_id,contract_period_year")
        self.teacher_metadata = Table(
            "id", "teacher_id", "lead_provider_id", "teacher_id,lead_provider_id", "mentor_at_school_period_id"
        )
        self.school_metadata = Table("id", "school_id", "contract_period_year", "school_id,contract_period_year")
        self.school_interests = Table(
            "id", "school_id", "school_id,contract_period_year", "lead_provider_id,contract_period_year"
        )


Turn = turn.Turn[Records]


def records_in(state: State) -> Records:
    """The records of a world of this service; raises TypeError for those of another."""
    if not isinstance(state.records, Records):
        raise TypeError(f"{type(state.records)} are records of another service")
    return state.records
