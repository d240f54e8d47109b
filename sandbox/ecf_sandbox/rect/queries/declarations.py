"""Declarations that a provider sees: its own, and what others have declared for its participants."""

from __future__ import annotations

from datetime import UTC, datetime, time

from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.teachers import TrainingPeriod
from ecf_sandbox.rect.queries.training import at_school_of, provider_of
from ecf_sandbox.rect.records import Records


def visible(records: Records, lead_provider_id: str) -> tuple[Declaration, ...]:
    """Every declaration that a provider sees, the oldest first (behaviour/rect.md#11-12)."""
    return records.cached(_visible, lead_provider_id)


def _visible(records: Records, lead_provider_id: str) -> tuple[Declaration, ...]:
    found = (it for it in records.declarations if sees(records, lead_provider_id, it))
    return tuple(sorted(found, key=lambda it: it.created_at))


def sees(records: Records, lead_provider_id: str, it: Declaration) -> bool:
    """Whether a provider sees a declaration: an own one, or a live one dated while the person trained with it."""
    training = records.training_periods[it.training_period_id]
    if provider_of(records, training) == lead_provider_id:
        return True
    if not it.live:
        return False
    with_caller = latest_of_callers(records, lead_provider_id, training)
    if with_caller is None:
        return False
    end = with_caller.finished_on
    return end is None or it.declaration_date <= datetime.combine(end, time.min, UTC)


def latest_of_callers(records: Records, lead_provider_id: str, training: TrainingPeriod) -> TrainingPeriod | None:
    """The caller's latest training, of the kind of a training period, of its person."""
    teacher_id = at_school_of(records, training).teacher_id
    rows = records.teacher_metadata.by("teacher_id,lead_provider_id", (teacher_id, lead_provider_id))
    ids = (it.latest_training_period_id(training.kind) for it in rows)
    return next((records.training_periods[it] for it in ids if it is not None), None)
