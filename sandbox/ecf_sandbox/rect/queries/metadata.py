"""What the look-up rows would say if they were worked out now (behaviour/rect.md#18-3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ecf_sandbox.rect.domain.contracts import ContractPeriod
from ecf_sandbox.rect.domain.metadata import SchoolInterest, SchoolMetadata, TeacherMetadata
from ecf_sandbox.rect.domain.schools import TrainingProgramme
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import training_with, year_of
from ecf_sandbox.rect.queries.schools import NOT_YET_KNOWN, school_metadata
from ecf_sandbox.rect.queries.training import delivery_partnership_of, provider_of
from ecf_sandbox.rect.queries.transfers import transfers_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import replace


def with_teachers_looked_up(records: Records, teacher_ids: Iterable[str], today: date) -> Records:
    """The records with what each provider has to do with these people worked out anew."""
    for teacher_id in teacher_ids:
        fresh = teacher_rows(records, teacher_id, today)
        kept = {it.id for it in fresh}
        old = records.teacher_metadata.by("teacher_id", teacher_id)
        changed = [it for it in fresh if records.teacher_metadata.get(it.id) != it]
        gone = [it for it in old if it.id not in kept]
        if changed or gone:
            records = records.remove(*gone).save(*changed)
    return records


def teacher_rows(records: Records, teacher_id: str, today: date) -> list[TeacherMetadata]:
    """What each provider has to do with a person, but for those who have nothing."""
    if teacher_id not in records.teachers:
        return []
    found = (_teacher_row(records, teacher_id, it.id, today) for it in records.lead_providers)
    return [
        it
        for it in found
        if it.latest_ect_training_period_id or it.latest_mentor_training_period_id or it.involved_in_transfer
    ]


def _teacher_row(records: Records, teacher_id: str, lead_provider_id: str, today: date) -> TeacherMetadata:
    ect = next(reversed(training_with(records, teacher_id, TeacherType.ECT, lead_provider_id)), None)
    mentor = next(reversed(training_with(records, teacher_id, TeacherType.MENTOR, lead_provider_id)), None)
    return TeacherMetadata(
        id=f"{teacher_id}/{lead_provider_id}",
        teacher_id=teacher_id,
        lead_provider_id=lead_provider_id,
        latest_ect_training_period_id=ect.id if ect else None,
        latest_mentor_training_period_id=mentor.id if mentor else None,
        latest_ect_contract_period_year=year_of(records, ect) if ect else None,
        latest_mentor_contract_period_year=year_of(records, mentor) if mentor else None,
        mentor_at_school_period_id=_mentor_of(records, ect, today) if ect else None,
        involved_in_transfer=bool(transfers_of(records, records.teachers[teacher_id], lead_provider_id)),
    )


def _mentor_of(records: Records, ect: TrainingPeriod, today: date) -> str | None:
    """The mentor of the earliest mentorship that is not over, of an ECT at the school of this training."""
    found = records.mentorship_periods.by("ect_at_school_period_id", ect.at_school_period_id)
    ahead = [it for it in found if it.finished_on is None or it.finished_on >= today]
    return min(ahead, key=lambda it: it.started_on).mentor_at_school_period_id if ahead else None


def with_schools_looked_up(records: Records, school_ids: Iterable[str], now: datetime) -> Records:
    """The records with what is known of these schools, and which providers they are interested in, worked out anew.

    What changed at a school moves its `updated_at`: for one contract period where only that is concerned, for all of
    them when an interest came or went.
    """
    for school_id in school_ids:
        records, moved = with_interests_looked_up(records, school_id)
        for period in records.contract_periods:
            records = records.save(*_moved(records, school_id, period, now, touched=moved))
    return records


def _moved(
    records: Records, school_id: str, period: ContractPeriod, now: datetime, *, touched: bool
) -> tuple[SchoolMetadata, ...]:
    known = school_metadata(records, school_id, period.year)
    fresh = SchoolMetadata(
        id=f"{school_id}/{period.year}",
        school_id=school_id,
        contract_period_year=period.year,
        in_partnership=_partnered(records, school_id, period.year),
        induction_programme_choice=programme_choice_of(records, school_id, period),
        updated_at=now,
    )
    unchanged = known is not None and replace(fresh, id=known.id, updated_at=known.updated_at) == known
    return () if unchanged and not touched else (fresh if known is None else replace(fresh, id=known.id),)


def with_interests_looked_up(records: Records, school_id: str) -> tuple[Records, bool]:
    """The records with the interests of a school worked out anew, and whether one came or went."""
    fresh = {it.id: it for it in interests(records, school_id)}
    old = {it.id: it for it in records.school_interests.by("school_id", school_id)}
    if fresh.keys() == old.keys():
        return records, False
    gone = [it for id, it in old.items() if id not in fresh]
    return records.remove(*gone).save(*(it for id, it in fresh.items() if id not in old)), True


def interests(records: Records, school_id: str) -> list[SchoolInterest]:
    """The providers with whom somebody at a school trains, or is meant to, by contract period."""
    found: dict[tuple[str, int], None] = {}
    for it in training_at(records, school_id):
        wanted = records.active_lead_providers.get(it.expression_of_interest_id)
        if wanted is not None:
            found[wanted.lead_provider_id, wanted.contract_period_year] = None
        if (provider := provider_of(records, it)) is not None and (year := year_of(records, it)) is not None:
            found[provider, year] = None
    return [
        SchoolInterest(
            id=f"{school_id}/{provider}/{year}",
            school_id=school_id,
            lead_provider_id=provider,
            contract_period_year=year,
        )
        for provider, year in found
    ]


def training_at(records: Records, school_id: str) -> list[TrainingPeriod]:
    """Everybody's training at a school."""
    periods = records.at_school_periods.by("school_id", school_id)
    return [it for period in periods for it in records.training_periods.by("at_school_period_id", period.id)]


def _partnered(records: Records, school_id: str, year: int) -> bool:
    rows = records.school_partnerships.by("school_id", school_id)
    return any(delivery_partnership_of(records, it).contract_period_year == year for it in rows)


def programme_choice_of(records: Records, school_id: str, period: ContractPeriod) -> str:
    """Who runs the training at a school for a contract period, as its participants tell."""
    training = training_at(records, school_id)
    provider_led = TrainingProgramme.PROVIDER_LED
    if any(
        year_of(records, it) == period.year and (it.kind is TeacherType.MENTOR or it.programme is provider_led)
        for it in training
    ):
        return provider_led
    school_led = TrainingProgramme.SCHOOL_LED
    if any(
        it.programme is school_led
        and it.kind is TeacherType.ECT
        and period.started_on <= it.started_on <= period.finished_on
        for it in training
    ):
        return school_led
    return NOT_YET_KNOWN
