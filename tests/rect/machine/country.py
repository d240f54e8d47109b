"""A small country to play in, and the real application over it, asked as each provider by real requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule, Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import TYPES
from ecf_sandbox.rect.domain.providers import (
    ActiveLeadProvider,
    DeliveryPartner,
    DeliveryPartnership,
    LeadProvider,
    Token,
)
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.queries.metadata import with_schools_looked_up, with_teachers_looked_up
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.state.ids import named_id
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.world import State, World
from tests.machine.asked import Answer, AskedWorld

BEGINNING = datetime(2026, 5, 12, 9, tzinfo=UTC)
LONG_AGO = datetime(2024, 9, 1, 9, tzinfo=UTC)
PROVIDERS = ("alpha", "beta")
PARTNERS = ("hub", "loft")
SCHOOLS = ("oak", "elm", "ash", "yew")
# school, provider, delivery partner, cohort
PARTNERSHIPS = (
    ("oak", "alpha", "hub", 2022),
    ("oak", "alpha", "hub", 2024),
    ("oak", "alpha", "hub", 2025),
    ("elm", "beta", "hub", 2024),
    ("elm", "beta", "hub", 2025),
    ("ash", "alpha", "loft", 2025),
    ("ash", "beta", "loft", 2025),
)
IDENTIFIERS = tuple(
    f"ecf-{kind}-{month}"
    for kind in ("standard", "extended", "reduced", "replacement")
    for month in ("september", "april")
)
# name, kind, school, provider, cohort, first day, eligible for funding
PEOPLE = (
    ("ann", "ect", "oak", "alpha", 2025, date(2025, 9, 1), True),
    ("bob", "ect", "oak", "alpha", 2024, date(2024, 9, 2), False),
    ("cat", "mentor", "oak", "alpha", 2025, date(2025, 9, 1), True),
    ("dan", "ect", "elm", "beta", 2025, date(2025, 9, 3), True),
    ("eve", "ect", "ash", "alpha", 2025, date(2025, 10, 1), True),
    ("gus", "ect", "ash", "beta", 2025, date(2026, 5, 20), False),
    ("hal", "ect", "oak", "alpha", 2022, date(2022, 9, 1), True),
    ("mia", "mentor", "elm", "beta", 2024, date(2024, 9, 2), True),
)


def id_of(kind: str, name: str) -> str:
    """The id of something by its name."""
    return named_id("rect machine", kind, name)


def windows(year: int) -> dict[str, tuple[date, date | None]]:
    """The milestones of every schedule of a cohort: open-ended from 2025, a quarter of a year each before."""
    if year >= 2025:
        return {it: (date(year, 6, 1), None) for it in TYPES[:6]}
    found: dict[str, tuple[date, date | None]] = {}
    for number, it in enumerate(TYPES[:6]):
        first = date(year + (8 + 6 * number) // 12, (8 + 6 * number) % 12 + 1, 1)
        last = date(year + (13 + 6 * number) // 12, (13 + 6 * number) % 12 + 1, 28)
        found[it] = (first, last)
    return found


@cache
def beginning() -> Records:
    """What every run begins with."""
    records = Records().save(*_contracts(), *_places(), *_people())
    records = with_teachers_looked_up(records, [it.id for it in records.teachers], BEGINNING.date())
    return with_schools_looked_up(records, [it.id for it in records.schools], LONG_AGO)


def _contracts() -> list[Record]:
    made: list[Record] = [LeadProvider(id=it, name=it.title()) for it in PROVIDERS]
    made += [Token(value=it, lead_provider_id=it) for it in PROVIDERS]
    for year in (2022, 2024, 2025, 2026):
        made.append(
            ContractPeriod(
                year=year,
                started_on=date(year, 6, 1),
                finished_on=date(year + 1, 5, 31) if year != 2022 else date(2024, 5, 31),
                enabled=year != 2022,
                payments_frozen_at=LONG_AGO if year == 2022 else None,
                mentor_funding=year >= 2025,
                detailed_evidence=year >= 2025,
            )
        )
        made += [
            Schedule(
                id=f"{year} {identifier}",
                contract_period_year=year,
                identifier=identifier,
                milestones=tuple(
                    Milestone(declaration_type=type, start_date=first, milestone_date=last)
                    for type, (first, last) in windows(year).items()
                ),
            )
            for identifier in IDENTIFIERS
        ]
        for provider in PROVIDERS:
            made.append(
                ActiveLeadProvider(id=f"{provider} {year}", lead_provider_id=provider, contract_period_year=year)
            )
            made += [
                DeliveryPartnership(
                    id=f"{provider} {partner} {year}",
                    lead_provider_id=provider,
                    delivery_partner_id=id_of("partner", partner),
                    contract_period_year=year,
                )
                for partner in PARTNERS
            ]
            made += _statements(provider, year)
    return made


def _statements(provider: str, year: int) -> list[Record]:
    if year in (2022, 2026):
        return []
    return [
        Statement(
            id=id_of("statement", f"{provider} {year} {month}"),
            lead_provider_id=provider,
            contract_period_year=year,
            month=month,
            year=2026,
            deadline_date=date(2026, month - 1, 28),
            payment_date=date(2026, month, 25),
            status=StatementStatus.OPEN,
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        )
        for month in (6, 8, 11)
    ]


def _places() -> list[Record]:
    made: list[Record] = [
        DeliveryPartner(id=id_of("partner", it), name=it.title(), created_at=LONG_AGO, updated_at=LONG_AGO)
        for it in PARTNERS
    ]
    made += [
        School(id=id_of("school", it), urn=100001 + number, name=it.title(), created_at=LONG_AGO)
        for number, it in enumerate(SCHOOLS)
    ]
    made += [
        SchoolPartnership(
            id=id_of("partnership", f"{school} {provider} {year}"),
            school_id=id_of("school", school),
            delivery_partnership_id=f"{provider} {partner} {year}",
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        )
        for school, provider, partner, year in PARTNERSHIPS
    ]
    return made


def _people() -> list[Record]:
    made: list[Record] = []
    for number, (name, kind, school, provider, year, first, eligible) in enumerate(PEOPLE):
        made += [
            Teacher(
                id=id_of("person", name),
                ect_training_record_id=id_of("ect", name),
                mentor_training_record_id=id_of("mentor", name),
                trn=str(2500001 + number),
                first_name=name.title(),
                last_name="Smith",
                ect_eligible_since=LONG_AGO if eligible and kind == "ect" else None,
                mentor_eligible_since=LONG_AGO if eligible and kind == "mentor" else None,
                created_at=LONG_AGO,
                updated_at=LONG_AGO,
                unfunded_updated_at=LONG_AGO,
            ),
            AtSchoolPeriod(
                id=id_of("at school", name),
                kind=TeacherType(kind),
                teacher_id=id_of("person", name),
                school_id=id_of("school", school),
                started_on=first,
                email=f"{name}@example.com",
                created_at=LONG_AGO,
            ),
            TrainingPeriod(
                id=id_of("training", name),
                kind=TeacherType(kind),
                at_school_period_id=id_of("at school", name),
                school_partnership_id=id_of("partnership", f"{school} {provider} {year}"),
                schedule_id=f"{year} ecf-standard-september",
                started_on=first,
                created_at=LONG_AGO,
                transfer_updated_at=LONG_AGO,
            ),
        ]
    return made


class Country(AskedWorld):
    """The country as it begins."""

    def __init__(self) -> None:
        super().__init__(World("main", State(records=beginning()), edition=GUIDANCE, seed="machine", service=SERVICE))

    def get(self, provider: str, path: str, at: datetime) -> Answer:
        """Read something."""
        return self.read(provider, _target(path), at)

    def write(
        self, provider: str, method: str, path: str, at: datetime, attributes: Mapping[str, Any] | None = None
    ) -> Answer:
        """Send attributes to a path."""
        return self.send(provider, method, _target(path), at, attributes)


def _target(path: str) -> str:
    return f"/api/v3/{quote(path, safe='/?&=-')}"
