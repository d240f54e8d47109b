"""Turns the rows of a recorded world into our records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule, ScheduleKind
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Feature, LineItem, Phase, Statement
from ecf_sandbox.ecf.domain.participants import (
    Course,
    EarlyRollOutMentor,
    Eligibility,
    EligibilityStatus,
    IdChange,
    Identity,
    InductionRecord,
    InductionStatus,
    ParticipantType,
    RecordStatus,
    SchoolMentor,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
    User,
    ValidationDetails,
)
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship, Token, TokenKind
from ecf_sandbox.ecf.domain.schools import (
    ChallengeReason,
    Incentive,
    InductionTutor,
    Partnership,
    Programme,
    ProgrammeChoice,
    School,
    SchoolCohort,
)
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record

Row = Mapping[str, Any]


def records_of(world: Mapping[str, Any]) -> Records:
    """The records that a recorded world's tables and tokens stand for."""
    return Records().save(*_Import(world).rows())


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _moment(text: str) -> datetime:
    at = _at(text)
    assert at is not None
    return at


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text[:10])


def _stamps(row: Row) -> dict[str, datetime]:
    return {"created_at": _moment(row["created_at"]), "updated_at": _moment(row["updated_at"])}


def _type(row: Row) -> ParticipantType:
    return ParticipantType.ECT if row["type"].endswith("::ECT") else ParticipantType.MENTOR


class _Import:
    def __init__(self, world: Mapping[str, Any]) -> None:
        self.tokens: Mapping[str, Row] = world["tokens"]
        self.tables: Mapping[str, list[Row]] = world["tables"]
        self.year = {row["id"]: row["start_year"] for row in self.tables["cohorts"]}
        self.organisations = {row["id"]: row["name"] for row in self.tables["cpd_lead_providers"]}
        self.provider = {row["cpd_lead_provider_id"]: row["id"] for row in self.tables["lead_providers"]}
        self.user_of_profile = {row["id"]: row["user_id"] for row in self.tables["induction_coordinator_profiles"]}
        self.trn = {row["user_id"]: row["trn"] for row in self.tables["teacher_profiles"]}

    def rows(self) -> list[Record]:
        """Every row of every table that an answer depends on."""
        made: list[Record] = [self._token(row) for row in self.tokens.values()]
        for table, make in {
            "features": lambda row: Feature(name=row["name"], active=row["active"]),
            "cohorts": self._cohort,
            "lead_providers": self._provider,
            "delivery_partners": self._delivery_partner,
            "provider_relationships": self._relationship,
            "schedules": self._schedule,
            "statements": self._statement,
            "schools": self._school,
            "pupil_premiums": self._incentive,
            "induction_coordinator_profiles_schools": self._tutor,
            "school_cohorts": self._school_cohort,
            "partnerships": self._partnership,
            "induction_programmes": self._programme,
            "users": self._user,
            "participant_identities": self._identity,
            "participant_profiles": self._training_record,
            "induction_records": self._induction,
            "ecf_participant_eligibilities": self._eligibility,
            "ecf_participant_validation_data": self._details,
            "ecf_ineligible_participants": lambda row: EarlyRollOutMentor(trn=row["trn"], reason=row["reason"]),
            "participant_profile_states": self._status_change,
            "participant_id_changes": self._id_change,
            "school_mentors": self._school_mentor,
            "participant_declarations": self._declaration,
            "statement_line_items": self._line_item,
        }.items():
            made += [make(row) for row in sorted(self.tables[table], key=lambda row: row["created_at"])]
        return made

    def _token(self, row: Row) -> Token:
        provider = next((it["id"] for it in self.tables["lead_providers"] if it["name"] == row["lead_provider"]), None)
        return Token(value=row["token"], kind=TokenKind(row["class"]), provider_id=provider)

    def _cohort(self, row: Row) -> Cohort:
        return Cohort(
            start_year=row["start_year"],
            registration_start=date.fromisoformat(row["registration_start_date"][:10]),
            academic_year_start=date.fromisoformat(row["academic_year_start_date"][:10]),
            automatic_assignment_end=_day(row["automatic_assignment_period_end_date"]),
            payments_frozen_at=_at(row["payments_frozen_at"]),
            mentor_funding=row["mentor_funding"],
            detailed_evidence_types=row["detailed_evidence_types"],
        )

    def _provider(self, row: Row) -> Provider:
        return Provider(id=row["id"], name=row["name"], organisation=self.organisations[row["cpd_lead_provider_id"]])

    def _delivery_partner(self, row: Row) -> DeliveryPartner:
        return DeliveryPartner(id=row["id"], name=row["name"], discarded_at=_at(row["discarded_at"]), **_stamps(row))

    def _relationship(self, row: Row) -> ProviderRelationship:
        return ProviderRelationship(
            id=row["id"],
            provider_id=row["lead_provider_id"],
            delivery_partner_id=row["delivery_partner_id"],
            cohort=self.year[row["cohort_id"]],
            discarded_at=_at(row["discarded_at"]),
        )

    def _schedule(self, row: Row) -> Schedule:
        milestones = {it["id"]: it for it in self.tables["milestones"]}
        own = [
            (it["declaration_type"], milestones[it["milestone_id"]])
            for it in self.tables["schedule_milestones"]
            if it["schedule_id"] == row["id"]
        ]
        return Schedule(
            id=row["id"],
            cohort=self.year[row["cohort_id"]],
            identifier=row["schedule_identifier"],
            alias=row["identifier_alias"],
            name=row["name"],
            kind=ScheduleKind(row["type"].rsplit("::", 1)[1].lower()),
            milestones=tuple(
                Milestone(
                    declaration_type=declaration_type,
                    start=date.fromisoformat(it["start_date"]),
                    end=_day(it["milestone_date"]),
                    payment=_day(it["payment_date"]),
                )
                for declaration_type, it in own
            ),
        )

    def _statement(self, row: Row) -> Statement:
        phase = row["type"].rsplit("::", 1)[1].lower()
        return Statement(
            id=row["id"],
            provider_id=self.provider.get(row["cpd_lead_provider_id"], row["cpd_lead_provider_id"]),
            cohort=self.year[row["cohort_id"]],
            name=row["name"],
            deadline_date=date.fromisoformat(row["deadline_date"]),
            payment_date=date.fromisoformat(row["payment_date"]),
            output_fee=row["output_fee"],
            phase=Phase(phase) if phase in set(Phase) else Phase.OPEN,
            **_stamps(row),
        )

    def _school(self, row: Row) -> School:
        return School(
            id=row["id"],
            urn=row["urn"],
            name=row["name"],
            type_code=row["school_type_code"],
            status_code=row["school_status_code"],
            district_code=row["administrative_district_code"],
            section_41_approved=row["section_41_approved"],
            primary_contact_email=row["primary_contact_email"],
            secondary_contact_email=row["secondary_contact_email"],
            postcode=row["postcode"],
            address=row["address_line1"],
            **_stamps(row),
        )

    def _incentive(self, row: Row) -> Incentive:
        return Incentive(
            id=row["id"],
            school_id=row["school_id"],
            start_year=row["start_year"],
            pupil_premium=row["pupil_premium_incentive"],
            sparsity=row["sparsity_incentive"],
        )

    def _tutor(self, row: Row) -> InductionTutor:
        user = self.user_of_profile[row["induction_coordinator_profile_id"]]
        return InductionTutor(id=row["id"], school_id=row["school_id"], user_id=user)

    def _school_cohort(self, row: Row) -> SchoolCohort:
        return SchoolCohort(
            id=row["id"],
            school_id=row["school_id"],
            cohort=self.year[row["cohort_id"]],
            choice=ProgrammeChoice(row["induction_programme_choice"]),
            default_programme_id=row["default_induction_programme_id"],
            **_stamps(row),
        )

    def _partnership(self, row: Row) -> Partnership:
        reason = row["challenge_reason"]
        return Partnership(
            id=row["id"],
            school_id=row["school_id"],
            provider_id=row["lead_provider_id"],
            delivery_partner_id=row["delivery_partner_id"],
            cohort=self.year[row["cohort_id"]],
            relationship=row["relationship"],
            pending=row["pending"],
            challenged_at=_at(row["challenged_at"]),
            challenge_reason=None if reason is None else ChallengeReason(reason),
            challenge_deadline=_at(row["challenge_deadline"]),
            report_id=row["report_id"],
            **_stamps(row),
        )

    def _programme(self, row: Row) -> Programme:
        return Programme(
            id=row["id"],
            school_cohort_id=row["school_cohort_id"],
            partnership_id=row["partnership_id"],
            kind=ProgrammeChoice(row["training_programme"]),
            **_stamps(row),
        )

    def _user(self, row: Row) -> User:
        return User(
            id=row["id"], full_name=row["full_name"], email=row["email"], trn=self.trn.get(row["id"]), **_stamps(row)
        )

    def _identity(self, row: Row) -> Identity:
        return Identity(
            id=row["id"],
            user_id=row["user_id"],
            email=row["email"],
            external_id=row["external_identifier"],
            **_stamps(row),
        )

    def _training_record(self, row: Row) -> TrainingRecord:
        return TrainingRecord(
            id=row["id"],
            type=_type(row),
            identity_id=row["participant_identity_id"],
            school_cohort_id=row["school_cohort_id"],
            schedule_id=row["schedule_id"],
            status=RecordStatus(row["status"]),
            training_status=TrainingStatus(row["training_status"]),
            mentor_record_id=row["mentor_profile_id"],
            pupil_premium_uplift=row["pupil_premium_uplift"],
            sparsity_uplift=row["sparsity_uplift"],
            induction_start_date=_day(row["induction_start_date"]),
            induction_completion_date=_day(row["induction_completion_date"]),
            mentor_completion_date=_day(row["mentor_completion_date"]),
            mentor_completion_reason=row["mentor_completion_reason"],
            cohort_changed_after_payments_frozen=row["cohort_changed_after_payments_frozen"],
            duplicity=row["profile_duplicity"],
            notes=row["notes"],
            **_stamps(row),
        )

    def _induction(self, row: Row) -> InductionRecord:
        return InductionRecord(
            id=row["id"],
            training_record_id=row["participant_profile_id"],
            programme_id=row["induction_programme_id"],
            schedule_id=row["schedule_id"],
            start_date=_moment(row["start_date"]),
            end_date=_at(row["end_date"]),
            induction_status=InductionStatus(row["induction_status"]),
            training_status=TrainingStatus(row["training_status"]),
            preferred_identity_id=row["preferred_identity_id"],
            mentor_record_id=row["mentor_profile_id"],
            school_transfer=row["school_transfer"],
            **_stamps(row),
        )

    def _eligibility(self, row: Row) -> Eligibility:
        return Eligibility(
            training_record_id=row["participant_profile_id"],
            status=EligibilityStatus(row["status"]),
            reason=row["reason"],
            **{
                name: bool(row[name])
                for name in (
                    "manually_validated",
                    "qts",
                    "active_flags",
                    "previous_participation",
                    "previous_induction",
                    "different_trn",
                    "no_induction",
                    "exempt_from_induction",
                )
            },
        )

    def _details(self, row: Row) -> ValidationDetails:
        return ValidationDetails(
            training_record_id=row["participant_profile_id"],
            full_name=row["full_name"],
            date_of_birth=_day(row["date_of_birth"]),
            trn=row["trn"],
            national_insurance_number=row["nino"],
        )

    def _status_change(self, row: Row) -> StatusChange:
        organisation = row["cpd_lead_provider_id"]
        return StatusChange(
            id=row["id"],
            training_record_id=row["participant_profile_id"],
            provider_id=None if organisation is None else self.provider.get(organisation, organisation),
            state=TrainingStatus(row["state"]),
            reason=row["reason"],
            created_at=_moment(row["created_at"]),
        )

    def _id_change(self, row: Row) -> IdChange:
        return IdChange(
            id=row["id"],
            user_id=row["user_id"],
            from_participant_id=row["from_participant_id"],
            to_participant_id=row["to_participant_id"],
            created_at=_moment(row["created_at"]),
        )

    def _school_mentor(self, row: Row) -> SchoolMentor:
        return SchoolMentor(
            id=row["id"],
            training_record_id=row["participant_profile_id"],
            school_id=row["school_id"],
            preferred_identity_id=row["preferred_identity_id"],
            remove_on=_day(row["remove_from_school_on"]),
        )

    def _declaration(self, row: Row) -> Declaration:
        states = [it for it in self.tables["declaration_states"] if it["participant_declaration_id"] == row["id"]]
        newest = max(states, key=lambda it: it["created_at"], default=None)
        return Declaration(
            id=row["id"],
            user_id=row["user_id"],
            training_record_id=row["participant_profile_id"],
            provider_id=self.provider.get(row["cpd_lead_provider_id"], row["cpd_lead_provider_id"]),
            course=Course(row["course_identifier"]),
            participant_type=_type(row),
            type=row["declaration_type"],
            date=_moment(row["declaration_date"]),
            cohort=self.year[row["cohort_id"]],
            state=DeclarationState(row["state"]),
            state_reason=newest["state_reason"] if newest else None,
            evidence_held=row["evidence_held"],
            delivery_partner_id=row["delivery_partner_id"],
            mentor_user_id=row["mentor_user_id"],
            pupil_premium_uplift=row["pupil_premium_uplift"],
            sparsity_uplift=row["sparsity_uplift"],
            superseded_by_id=row["superseded_by_id"],
            **_stamps(row),
        )

    def _line_item(self, row: Row) -> LineItem:
        return LineItem(
            id=row["id"],
            statement_id=row["statement_id"],
            declaration_id=row["participant_declaration_id"],
            state=DeclarationState(row["state"]),
            **_stamps(row),
        )
