"""What the look-up rows would say if they were worked out now (behaviour/rect.md#18-3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

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
        # Looked through once for all contract periods: a large school has a hundred stretches of training.
        training = training_at(records, school_id)
        records, moved = _with_interests(records, school_id, training)
        choices, partnered = _programme_choices(records, training), _partnered(records, school_id)
        rows = [
            SchoolMetadata(
                id=f"{school_id}/{it.year}",
                school_id=school_id,
                contract_period_year=it.year,
                in_partnership=it.year in partnered,
                induction_programme_choice=choices[it.year],
                updated_at=now,
            )
            for it in records.contract_periods
        ]
        changed = [row for it in rows if (row := _moved(records, it, touched=moved)) is not None]
        if changed:
            records = records.save(*changed)
    return records


def _moved(records: Records, fresh: SchoolMetadata, *, touched: bool) -> SchoolMetadata | None:
    """The row as it is kept, None where what is known stays the same."""
    known = school_metadata(records, fresh.school_id, fresh.contract_period_year)
    if known is None:
        return fresh
    unchanged = replace(fresh, id=known.id, updated_at=known.updated_at) == known
    return None if unchanged and not touched else replace(fresh, id=known.id)


def with_interests_looked_up(records: Records, school_id: str) -> tuple[Records, bool]:
    """The records with the interests of a school worked out anew, and whether one came or went."""
    return _with_interests(records, school_id, training_at(records, school_id))


def _with_interests(records: Records, school_id: str, training: list[TrainingPeriod]) -> tuple[Records, bool]:
    fresh = {it.id: it for it in _interests(records, school_id, training)}
    old = {it.id: it for it in records.school_interests.by("school_id", school_id)}
    if fresh.keys() == old.keys():
        return records, False
    gone = [it for id, it in old.items() if id not in fresh]
    return records.remove(*gone).save(*(it for id, it in fresh.items() if id not in old)), True


def _interests(records: Records, school_id: str, training: list[TrainingPeriod]) -> list[SchoolInterest]:
    """The providers with whom somebody at a school trains, or is meant to, by contract period."""
    found: dict[tuple[str, int], None] = {}
    for it in training:
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


def _partnered(records: Records, school_id: str) -> set[int]:
    rows = records.school_partnerships.by("school_id", school_id)
    return {delivery_partnership_of(records, it).contract_period_year for it in rows}


def _programme_choices(records: Records, training: list[TrainingPeriod]) -> dict[int, str]:
    """Who runs the training at a school in each contract period, as its participants tell."""
    provider_led, school_led = TrainingProgramme.PROVIDER_LED, TrainingProgramme.SCHOOL_LED
    led = {year_of(records, it) for it in training if it.kind is TeacherType.MENTOR or it.programme is provider_led}
    starts = {it.started_on for it in training if it.programme is school_led and it.kind is TeacherType.ECT}
    return {
        it.year: provider_led
        if it.year in led
        else school_led
        if any(it.started_on <= day <= it.finished_on for day in starts)
        else NOT_YET_KNOWN
        for it in records.contract_periods
    }
