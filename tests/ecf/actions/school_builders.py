"""Builders of schools, who trains with them and the people in training there; a test states the one difference.

Names stand for ids: `an_id("school", "abbey")` is the id of what `a_school("abbey")` makes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule
from ecf_sandbox.ecf.domain.participants import Identity, InductionRecord, ParticipantType, TrainingRecord, User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, ProgrammeChoice, School, SchoolCohort
from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.ids import named_id, nth_id
from ecf_sandbox.state.record import Record, replace

LONG_AGO = datetime(2024, 6, 1, 9, tzinfo=UTC)
NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
STAMPS: dict[str, Any] = {"created_at": LONG_AGO, "updated_at": LONG_AGO}


def an_id(kind: str, name: str) -> str:
    return named_id("tests", kind, name)


def a_turn(*rows: Record, now: datetime = NOW, records: Records | None = None, ids_taken: int = 0) -> Turn:
    """A turn on records that have these rows."""
    return Turn((records or Records()).save(*rows), now, GUIDANCE, partial(nth_id, "tests"), ids_taken)


def a_cohort(start_year: int = 2024, **changes: Any) -> Cohort:
    sound = Cohort(
        start_year=start_year,
        registration_start=date(start_year, 4, 3),
        academic_year_start=date(start_year, 9, 1),
    )
    return replace(sound, **changes)


def a_schedule(cohort: int = 2024, identifier: str = "ecf-standard-september") -> Schedule:
    return Schedule(
        id=an_id("schedule", f"{cohort} {identifier}"),
        cohort=cohort,
        identifier=identifier,
        name=identifier,
        milestones=(Milestone(declaration_type="started", start=date(cohort, 6, 1)),),
    )


def a_provider(name: str = "alpha") -> Provider:
    return Provider(id=an_id("provider", name), name=name, organisation=f"{name} group")


def a_delivery_partner(name: str = "oakwood", **changes: Any) -> DeliveryPartner:
    return replace(DeliveryPartner(id=an_id("delivery partner", name), name=name, **STAMPS), **changes)


def a_relationship(
    provider: str = "alpha", partner: str = "oakwood", cohort: int = 2024, **changes: Any
) -> ProviderRelationship:
    sound = ProviderRelationship(
        id=an_id("relationship", f"{provider} {partner} {cohort}"),
        provider_id=an_id("provider", provider),
        delivery_partner_id=an_id("delivery partner", partner),
        cohort=cohort,
    )
    return replace(sound, **changes)


def a_school(name: str = "abbey", **changes: Any) -> School:
    """An open community school in England."""
    sound = School(
        id=an_id("school", name),
        urn="100001",
        name=name,
        type_code=1,
        status_code=1,
        district_code="E06000001",
        **STAMPS,
    )
    return replace(sound, **changes)


def a_school_cohort(
    school: str = "abbey", cohort: int = 2024, default_programme: str | None = None, **changes: Any
) -> SchoolCohort:
    sound = SchoolCohort(
        id=an_id("school cohort", f"{school} {cohort}"),
        school_id=an_id("school", school),
        cohort=cohort,
        choice=ProgrammeChoice.FULL_INDUCTION_PROGRAMME,
        default_programme_id=None if default_programme is None else an_id("programme", default_programme),
        **STAMPS,
    )
    return replace(sound, **changes)


def a_programme(
    name: str = "fip", school: str = "abbey", cohort: int = 2024, partnership: str | None = None, **changes: Any
) -> Programme:
    sound = Programme(
        id=an_id("programme", name),
        school_cohort_id=an_id("school cohort", f"{school} {cohort}"),
        partnership_id=None if partnership is None else an_id("partnership", partnership),
        **STAMPS,
    )
    return replace(sound, **changes)


def a_partnership(
    name: str = "alpha at abbey",
    school: str = "abbey",
    provider: str = "alpha",
    partner: str = "oakwood",
    cohort: int = 2024,
    **changes: Any,
) -> Partnership:
    sound = Partnership(
        id=an_id("partnership", name),
        school_id=an_id("school", school),
        provider_id=an_id("provider", provider),
        delivery_partner_id=an_id("delivery partner", partner),
        cohort=cohort,
        **STAMPS,
    )
    return replace(sound, **changes)


def a_trainee(
    name: str = "ann", programme: str = "fip", school: str = "abbey", cohort: int = 2024, **changes: Any
) -> list[Record]:
    """An ECT in training: user, identity, training record and one induction record, which takes the changes."""
    user_id, email = an_id("user", name), f"{name}@example.com"
    training = TrainingRecord(
        id=an_id("training record", name),
        type=ParticipantType.ECT,
        identity_id=an_id("identity", name),
        school_cohort_id=an_id("school cohort", f"{school} {cohort}"),
        schedule_id=a_schedule(cohort).id,
        **STAMPS,
    )
    induction = InductionRecord(
        id=an_id("induction record", name),
        training_record_id=training.id,
        programme_id=an_id("programme", programme),
        schedule_id=training.schedule_id,
        start_date=LONG_AGO,
        **STAMPS,
    )
    return [
        User(id=user_id, full_name=name, email=email, **STAMPS),
        Identity(id=an_id("identity", name), user_id=user_id, email=email, external_id=user_id, **STAMPS),
        training,
        replace(induction, **changes),
    ]


def history(turn: Turn, name: str = "ann") -> tuple[InductionRecord, ...]:
    """Somebody's induction records in the order in which they were made."""
    return turn.records.induction_records.by("training_record_id", an_id("training record", name))
