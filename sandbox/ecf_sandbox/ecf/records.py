"""The tables of this service, and a turn on records that have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, Feature, LineItem, Statement
from ecf_sandbox.ecf.domain.participants import (
    EarlyRollOutMentor,
    Eligibility,
    IdChange,
    Identity,
    InductionRecord,
    SchoolMentor,
    StatusChange,
    TrainingRecord,
    User,
    ValidationDetails,
)
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship, Token
from ecf_sandbox.ecf.domain.schools import Incentive, InductionTutor, Partnership, Programme, School, SchoolCohort
from ecf_sandbox.state import records, turn
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table
from ecf_sandbox.state.world import State


class Records(records.Records):
    """What is known of cohorts, lead providers, schools, people and declarations at one moment."""

    SERVICE = "ecf"
    TABLES: ClassVar[Mapping[type[Record], str]] = {
        Cohort: "cohorts",
        Schedule: "schedules",
        Provider: "providers",
        Token: "tokens",
        DeliveryPartner: "delivery_partners",
        ProviderRelationship: "provider_relationships",
        School: "schools",
        Incentive: "incentives",
        InductionTutor: "induction_tutors",
        SchoolCohort: "school_cohorts",
        Programme: "programmes",
        Partnership: "partnerships",
        User: "users",
        Identity: "identities",
        TrainingRecord: "training_records",
        InductionRecord: "induction_records",
        Eligibility: "eligibilities",
        ValidationDetails: "validation_details",
        StatusChange: "status_changes",
        IdChange: "id_changes",
        SchoolMentor: "school_mentors",
        EarlyRollOutMentor: "early_roll_out_mentors",
        Declaration: "declarations",
        Statement: "statements",
        LineItem: "line_items",
        Feature: "features",
    }
    REFERS_TO: ClassVar[Mapping[str, str]] = {
        "cohort": "cohorts",
        "schedule_id": "schedules",
        "provider_id": "providers",
        "delivery_partner_id": "delivery_partners",
        "school_id": "schools",
        "school_cohort_id": "school_cohorts",
        "programme_id": "programmes",
        "default_programme_id": "programmes",
        "partnership_id": "partnerships",
        "user_id": "users",
        "mentor_user_id": "users",
        "identity_id": "identities",
        "preferred_identity_id": "identities",
        "training_record_id": "training_records",
        "mentor_record_id": "training_records",
        "declaration_id": "declarations",
        "superseded_by_id": "declarations",
        "statement_id": "statements",
    }
    COUNTED = ("users", "training_records", "schools", "partnerships", "declarations", "statements")

    cohorts: Table[int, Cohort]
    schedules: Table[str, Schedule]
    providers: Table[str, Provider]
    tokens: Table[str, Token]
    delivery_partners: Table[str, DeliveryPartner]
    provider_relationships: Table[str, ProviderRelationship]
    schools: Table[str, School]
    incentives: Table[str, Incentive]
    induction_tutors: Table[str, InductionTutor]
    school_cohorts: Table[str, SchoolCohort]
    programmes: Table[str, Programme]
    partnerships: Table[str, Partnership]
    users: Table[str, User]
    identities: Table[str, Identity]
    training_records: Table[str, TrainingRecord]
    induction_records: Table[str, InductionRecord]
    eligibilities: Table[str, Eligibility]
    validation_details: Table[str, ValidationDetails]
    status_changes: Table[str, StatusChange]
    id_changes: Table[str, IdChange]
    school_mentors: Table[str, SchoolMentor]
    early_roll_out_mentors: Table[str, EarlyRollOutMentor]
    declarations: Table[str, Declaration]
    statements: Table[str, Statement]
    line_items: Table[str, LineItem]
    features: Table[str, Feature]

    def __init__(self) -> None:
        super().__init__()
        self.cohorts = Table("start_year")
        self.schedules = Table("id", "cohort,identifier", "cohort,alias")
        self.providers = Table("id", "name")
        self.tokens = Table("value", "provider_id")
        self.delivery_partners = Table("id")
        self.provider_relationships = Table("id", "provider_id", "delivery_partner_id")
        self.schools = Table("id", "urn")
        self.incentives = Table("id", "school_id,start_year")
        self.induction_tutors = Table("id", "school_id", "user_id")
        self.school_cohorts = Table("id", "school_id", "school_id,cohort")
        self.programmes = Table("id", "school_cohort_id", "partnership_id")
        self.partnerships = Table("id", "provider_id", "school_id", "school_id,cohort", "delivery_partner_id")
        self.users = Table("id", "email", "trn")
        self.identities = Table("id", "user_id", "external_id", "email")
        self.training_records = Table("id", "identity_id", "school_cohort_id")
        self.induction_records = Table("id", "training_record_id", "programme_id", "mentor_record_id")
        self.eligibilities = Table("training_record_id")
        self.validation_details = Table("training_record_id")
        self.status_changes = Table("id", "training_record_id")
        self.id_changes = Table("id", "user_id", "from_participant_id")
        self.school_mentors = Table("id", "training_record_id", "school_id")
        self.early_roll_out_mentors = Table("trn")
        self.declarations = Table("id", "provider_id", "user_id", "training_record_id")
        self.statements = Table("id", "provider_id", "provider_id,cohort")
        self.line_items = Table("id", "declaration_id", "statement_id")
        self.features = Table("name")

    def feature(self, name: str) -> bool:
        """Whether the DfE's staff have switched a feature on."""
        it = self.features.get(name)
        return it is not None and it.active


Turn = turn.Turn[Records]


def records_in(state: State) -> Records:
    """The records of a world of this service; raises TypeError for those of another."""
    if not isinstance(state.records, Records):
        raise TypeError(f"{type(state.records)} are records of another service")
    return state.records
