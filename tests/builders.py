"""Sound worlds for tests to differ from: one school, two providers, and people whom they train.

Everything has a name for an id, so that a test can say whom it means. Each function stands alone; add to them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule
from ecf_sandbox.ecf.domain.declarations import Phase, Statement
from ecf_sandbox.ecf.domain.participants import (
    Eligibility,
    EligibilityStatus,
    Identity,
    InductionRecord,
    ParticipantType,
    TrainingRecord,
    User,
)
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, ProgrammeChoice, School, SchoolCohort
from ecf_sandbox.ecf.editions import LIVE
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.ids import named_id, nth_id
from ecf_sandbox.state.record import Record, replace

FIRST_DAY = datetime(2024, 9, 1, tzinfo=UTC)
STANDARD = (
    ("started", date(2024, 6, 1), date(2024, 12, 31)),
    ("retained-1", date(2025, 1, 1), date(2025, 3, 31)),
    ("retained-2", date(2025, 4, 1), date(2025, 7, 31)),
    ("completed", date(2026, 4, 1), date(2026, 7, 31)),
)


def at(text: str) -> datetime:
    """A moment, UTC, as `2025-02-10T12:00:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_turn(records: Records, now: str = "2025-02-10T12:00:00", edition: Edition = LIVE) -> Turn:
    """Somebody's turn on the records at a moment."""
    return Turn(records, at(now), edition, partial(nth_id, now))


def id_of(name: str) -> str:
    """The uuid that stands for a name: participants are met by uuid in requests."""
    return named_id("tests", "any", name)


def a_cohort(year: int = 2024, **changes: Any) -> Cohort:
    """A cohort without mentor funding and with the classic evidence types."""
    sound = Cohort(start_year=year, registration_start=date(year, 5, 10), academic_year_start=date(year, 9, 1))
    return replace(sound, **changes)


def a_schedule(year: int = 2024, identifier: str = "ecf-standard-september", **changes: Any) -> Schedule:
    """The standard September schedule of a cohort, with some of its milestones."""

    def moved(day: date) -> date:
        return day.replace(year=day.year + year - 2024)

    milestones = tuple(Milestone(declaration_type=it, start=moved(a), end=moved(b)) for it, a, b in STANDARD)
    sound = Schedule(
        id=f"{identifier}-{year}", cohort=year, identifier=identifier, name=identifier, milestones=milestones
    )
    return replace(sound, **changes)


def a_provider(name: str) -> tuple[Record, ...]:
    """A lead provider, its delivery partner, and its partnership and programme at the school."""
    stamped: dict[str, Any] = {"created_at": FIRST_DAY, "updated_at": FIRST_DAY}
    return (
        Provider(id=name, name=name, organisation=f"{name} ltd"),
        DeliveryPartner(id=f"{name}-partner", name=f"{name} partner", **stamped),
        Partnership(
            id=f"{name}-partnership",
            school_id="school",
            provider_id=name,
            delivery_partner_id=f"{name}-partner",
            cohort=2024,
            **stamped,
        ),
        Programme(
            id=f"{name}-programme", school_cohort_id="school-2024", partnership_id=f"{name}-partnership", **stamped
        ),
    )


def a_statement(provider: str = "alpha", name: str = "April 2025", **changes: Any) -> Statement:
    """An open output statement of 2024 whose cut-off is on 31 March 2025."""
    sound = Statement(
        id=f"{provider} {name}",
        provider_id=provider,
        cohort=2024,
        name=name,
        deadline_date=date(2025, 3, 31),
        payment_date=date(2025, 4, 25),
        phase=Phase.OPEN,
        created_at=FIRST_DAY,
        updated_at=FIRST_DAY,
    )
    return replace(sound, **changes)


def a_participant(
    name: str,
    *,
    type: ParticipantType = ParticipantType.ECT,
    provider: str = "alpha",
    trn: str | None = None,
    eligible: bool = True,
    induction: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Record, ...]:
    """Somebody whom a provider trains at the school since September 2024, on the standard schedule."""
    stamped: dict[str, Any] = {"created_at": FIRST_DAY, "updated_at": FIRST_DAY}
    training = TrainingRecord(
        id=f"{name}-training",
        type=type,
        identity_id=f"{name}-identity",
        school_cohort_id="school-2024",
        schedule_id="ecf-standard-september-2024",
        **stamped,
    )
    record = InductionRecord(
        id=f"{name}-induction",
        training_record_id=training.id,
        programme_id=f"{provider}-programme",
        schedule_id="ecf-standard-september-2024",
        start_date=FIRST_DAY,
        **stamped,
    )
    status = EligibilityStatus.ELIGIBLE if eligible else EligibilityStatus.MANUAL_CHECK
    return (
        User(id=id_of(name), full_name=name, email=f"{name}@example.com", trn=trn, **stamped),
        Identity(
            id=f"{name}-identity",
            user_id=id_of(name),
            email=f"{name}@example.com",
            external_id=id_of(name),
            **stamped,
        ),
        replace(training, **changes),
        replace(record, **(induction or {})),
        Eligibility(training_record_id=training.id, status=status),
    )


def a_country(*rows: Record) -> Records:
    """The cohort of 2024 at one school with the providers alpha and beta, their statements, and these rows."""
    stamped: dict[str, Any] = {"created_at": FIRST_DAY, "updated_at": FIRST_DAY}
    august = {"deadline_date": date(2025, 7, 31), "payment_date": date(2025, 8, 25)}
    return Records().save(
        a_cohort(),
        a_schedule(),
        School(id="school", urn="100001", name="Abbey School", **stamped),
        SchoolCohort(
            id="school-2024",
            school_id="school",
            cohort=2024,
            choice=ProgrammeChoice.FULL_INDUCTION_PROGRAMME,
            **stamped,
        ),
        *a_provider("alpha"),
        *a_provider("beta"),
        *(a_statement(it) for it in ("alpha", "beta")),
        *(a_statement(it, "August 2025", **august) for it in ("alpha", "beta")),
        *rows,
    )
