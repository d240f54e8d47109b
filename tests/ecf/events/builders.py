"""A country in which events can happen: two schools that train 2024, and a cohort whose payments have ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import (
    Course,
    InductionRecord,
    ParticipantType,
    SchoolMentor,
    TrainingRecord,
    User,
)
from ecf_sandbox.ecf.domain.providers import ProviderRelationship
from ecf_sandbox.ecf.domain.schools import Incentive, Partnership, Programme, ProgrammeChoice, School, SchoolCohort
from ecf_sandbox.ecf.queries.training import newest
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.record import Record, replace
from tests import builders
from tests.builders import FIRST_DAY, a_cohort, a_participant, a_schedule, a_turn, at, id_of

MENTOR = ParticipantType.MENTOR
STAMPED: dict[str, Any] = {"created_at": FIRST_DAY, "updated_at": FIRST_DAY}
FIP = ProgrammeChoice.FULL_INDUCTION_PROGRAMME


def a_country(*rows: Record) -> Records:
    """Abbey School trains with alpha, Grange School with beta; Moor School on the core materials, with nobody."""
    country = builders.a_country(a_schedule(identifier="ecf-extended-september"), *rows)
    return country.save(
        replace(country.school_cohorts["school-2024"], default_programme_id="alpha-programme"),
        *_a_school("grange", "100002", "beta"),
        *_a_school("moor", "100003", None),
    )


def frozen(country: Records) -> Records:
    """The country, and a cohort of 2022 at Abbey School with alpha whose payments ended in January 2025."""
    return country.save(
        a_cohort(2022, payments_frozen_at=at("2025-01-31T00:00:00")),
        a_schedule(2022),
        Partnership(
            id="alpha-2022",
            school_id="school",
            provider_id="alpha",
            delivery_partner_id="alpha-partner",
            cohort=2022,
            **STAMPED,
        ),
        Programme(id="programme-2022", school_cohort_id="school-2022", partnership_id="alpha-2022", **STAMPED),
        SchoolCohort(
            id="school-2022",
            school_id="school",
            cohort=2022,
            choice=FIP,
            default_programme_id="programme-2022",
            **STAMPED,
        ),
    )


def with_partners_of_2023(country: Records) -> Records:
    """The country, and a cohort of 2023 at Abbey School with beta, whose work with its partner goes on in 2024."""
    return country.save(
        a_cohort(2023),
        Partnership(
            id="beta-2023",
            school_id="school",
            provider_id="beta",
            delivery_partner_id="beta-partner",
            cohort=2023,
            **STAMPED,
        ),
        Programme(id="programme-2023", school_cohort_id="school-2023", partnership_id="beta-2023", **STAMPED),
        SchoolCohort(
            id="school-2023",
            school_id="school",
            cohort=2023,
            choice=FIP,
            default_programme_id="programme-2023",
            **STAMPED,
        ),
        ProviderRelationship(
            id="beta-relationship", provider_id="beta", delivery_partner_id="beta-partner", cohort=2024
        ),
    )


def somebody_of_2022(name: str, **changes: Any) -> tuple[Record, ...]:
    """Somebody who began in 2022 and has not finished."""
    schedule = "ecf-standard-september-2022"
    induction = {"programme_id": "programme-2022", "schedule_id": schedule, "start_date": at("2022-09-01T00:00:00")}
    return a_participant(name, schedule_id=schedule, school_cohort_id="school-2022", induction=induction, **changes)


def a_mentor(name: str, **changes: Any) -> tuple[Record, ...]:
    """A mentor of alpha's at Abbey School, in the school's pool."""
    pool = SchoolMentor(id=f"{name}-pool", training_record_id=f"{name}-training", school_id="school")
    return (*a_participant(name, type=MENTOR, **changes), pool)


def mentored(name: str, mentor: str) -> tuple[Record, ...]:
    """An ECT of alpha's with that mentor."""
    record = f"{mentor}-training"
    return a_participant(name, mentor_record_id=record, induction={"mentor_record_id": record})


def a_declaration(name: str, **changes: Any) -> Declaration:
    """A submitted `started` of alpha's for somebody."""
    sound = Declaration(
        id=f"{name}-started",
        user_id=id_of(name),
        training_record_id=f"{name}-training",
        provider_id="alpha",
        course=Course.ECT,
        participant_type=ParticipantType.ECT,
        type="started",
        date=at("2024-10-01T10:00:00"),
        cohort=2024,
        state=DeclarationState.SUBMITTED,
        **STAMPED,
    )
    return replace(sound, **changes)


def an_incentive(**changes: Any) -> Incentive:
    """Abbey School has the pupil premium in 2024."""
    return replace(
        Incentive(id="incentive", school_id="school", start_year=2024, pupil_premium=True, sparsity=False), **changes
    )


def turn_with(*rows: Record, now: str = "2025-02-10T12:00:00") -> Turn:
    """Somebody's turn in the country with these rows."""
    return a_turn(a_country(*rows), now)


def record_of(turn: Turn, name: str) -> TrainingRecord:
    """The training record that somebody began with."""
    return turn.records.training_records[f"{name}-training"]


def user_of(turn: Turn, name: str) -> User:
    """The person that a name stands for."""
    return turn.records.users[id_of(name)]


def newest_of(turn: Turn, name: str) -> InductionRecord:
    """The newest induction record of somebody."""
    found = newest(turn.records, record_of(turn, name))
    assert found is not None
    return found


def history_of(turn: Turn, name: str) -> list[InductionRecord]:
    """All induction records of somebody, oldest first."""
    own = turn.records.induction_records.by("training_record_id", f"{name}-training")
    return sorted(own, key=lambda it: it.created_at)


def updated(turn: Turn, name: str) -> bool:
    """Whether somebody counts as updated in this turn."""
    return user_of(turn, name).updated_at > turn.now


def midnight(day: str) -> datetime:
    """The first moment of a day."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def _a_school(name: str, urn: str, provider: str | None) -> tuple[Record, ...]:
    partnership = Partnership(
        id=f"{name}-partnership",
        school_id=name,
        provider_id=provider or "",
        delivery_partner_id=f"{provider}-partner",
        cohort=2024,
        **STAMPED,
    )
    kind = FIP if provider else ProgrammeChoice.CORE_INDUCTION_PROGRAMME
    return (
        School(id=name, urn=urn, name=f"{name.title()} School", **STAMPED),
        SchoolCohort(
            id=f"{name}-2024",
            school_id=name,
            cohort=2024,
            choice=kind,
            default_programme_id=f"{name}-programme",
            **STAMPED,
        ),
        Programme(
            id=f"{name}-programme",
            school_cohort_id=f"{name}-2024",
            partnership_id=partnership.id if provider else None,
            kind=kind,
            **STAMPED,
        ),
        *([partnership] if provider else []),
    )
