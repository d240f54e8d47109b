"""Participants as a provider sees them: who is listed, with which training, in which status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from ecf_sandbox.rect.domain.metadata import TeacherMetadata
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.queries.training import induction_end_date, teacher_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record


class ParticipantStatus(StrEnum):
    """What schools say of a participant's training, and what deferral and withdrawal make of it."""

    JOINING = "joining"
    ACTIVE = "active"
    LEAVING = "leaving"
    LEFT = "left"


class Participant(Record, frozen=True, cache_hash=True):
    """A person whom a provider trains, or has trained, with the provider's latest training of each kind."""

    teacher: Teacher
    metadata: TeacherMetadata
    enrolments: tuple[TrainingPeriod, ...]


def participants(records: Records, lead_provider_id: str) -> tuple[Participant, ...]:
    """Everybody whom a provider has ever trained by a partnership, in the order in which they became known."""
    return records.cached(_participants, lead_provider_id)


def _participants(records: Records, lead_provider_id: str) -> tuple[Participant, ...]:
    rows = records.teacher_metadata.by("lead_provider_id", lead_provider_id)
    found = (participant_of(records, it) for it in rows)
    return tuple(sorted((it for it in found if it.enrolments), key=lambda it: it.teacher.created_at))


def participant_of(records: Records, metadata: TeacherMetadata) -> Participant:
    """The person of a look-up row."""
    ids = (metadata.latest_training_period_id(kind) for kind in TeacherType)
    enrolments = tuple(records.training_periods[it] for it in ids if it is not None)
    return Participant(records.teachers[metadata.teacher_id], metadata, enrolments)


def participant(records: Records, lead_provider_id: str, teacher_id: str | None) -> Participant | None:
    """A person whom a provider sees."""
    if teacher_id is None:
        return None
    rows = records.teacher_metadata.by("teacher_id,lead_provider_id", (teacher_id, lead_provider_id))
    found = [participant_of(records, it) for it in rows]
    return found[0] if found and found[0].enrolments else None


def in_years(people: Iterable[Participant], years: frozenset[int]) -> list[Participant]:
    """Those whose latest training of either kind is for one of these contract periods."""
    return [it for it in people if any(it.metadata.latest_contract_period_year(kind) in years for kind in TeacherType)]


def in_training_status(people: Iterable[Participant], status: str) -> list[Participant]:
    """Those of whose training of either kind a status was ever said; a text that is none is nobody's.

    Who was deferred and then withdrawn is found by both (behaviour/rect.md#6-3).
    """
    return [it for it in people if any(status in _statuses(training) for training in it.enrolments)]


def _statuses(training: TrainingPeriod) -> set[str]:
    deferred = {TrainingStatus.DEFERRED} if training.deferred_at else set()
    withdrawn = {TrainingStatus.WITHDRAWN} if training.withdrawn_at else set()
    return set(deferred | withdrawn or {TrainingStatus.ACTIVE})


def updated_since(people: Iterable[Participant], moment: datetime) -> list[Participant]:
    """Those who changed at a moment or after it."""
    return [it for it in people if it.teacher.updated_at >= moment]


def participant_status(records: Records, training: TrainingPeriod, today: date) -> ParticipantStatus:
    """The status on a day; the first that fits (behaviour/rect.md#9-3). On the last day somebody has left already."""
    end = training.finished_on
    if training.training_status is not TrainingStatus.ACTIVE:
        return ParticipantStatus.LEAVING if end is not None and end > today else ParticipantStatus.LEFT
    completed = completed_on(records, training)
    if completed is not None and (end is None or completed <= end):
        return ParticipantStatus.ACTIVE
    if end is not None:
        return ParticipantStatus.LEAVING if end > today else ParticipantStatus.LEFT
    return ParticipantStatus.JOINING if training.started_on > today else ParticipantStatus.ACTIVE


def completed_on(records: Records, training: TrainingPeriod) -> date | None:
    """The day on which an ECT's induction ended, or a mentor's funding."""
    teacher = teacher_of(records, training)
    if training.kind is TeacherType.ECT:
        return induction_end_date(records, teacher)
    return teacher.mentor_ineligible_since
