"""Whom an id means, and what was declared for them."""

from __future__ import annotations

from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.teachers import Teacher
from ecf_sandbox.rect.queries.training import teacher_of
from ecf_sandbox.rect.records import Records


def teacher_called(records: Records, id: str) -> Teacher | None:
    """The person with an id, retired or not."""
    change = next(iter(records.id_changes.by("from_participant_id", id)), None)
    return records.teachers.get(id) or (records.teachers.get(change.teacher_id) if change else None)


def declarations_of(records: Records, teacher: Teacher) -> list[Declaration]:
    """Everything that was declared for somebody, as ECT and as mentor, the oldest first."""
    found = [
        declaration
        for period in records.at_school_periods.by("teacher_id", teacher.id)
        for training in records.training_periods.by("at_school_period_id", period.id)
        for declaration in records.declarations.by("training_period_id", training.id)
    ]
    return sorted(found, key=lambda it: (it.created_at, it.id))


def declared_for(records: Records, it: Declaration) -> Teacher:
    """For whom something was declared."""
    return teacher_of(records, records.training_periods[it.training_period_id])
