"""Moves that the closing of a cohort calls for: out of it to 2024, and back (spec/participants.md 7.4)."""

from __future__ import annotations

from datetime import datetime

from sandbox.domain.cohorts import Cohort
from sandbox.domain.participants import TrainingRecord
from sandbox.queries.training import schedule_of
from sandbox.records import Records

DESTINATION = 2024
COMPLETED = "completed"


def frozen_move(
    records: Records, training: TrainingRecord, cohort_now: int | None, to: Cohort | None, now: datetime
) -> bool:
    """Whether moving a training record to a cohort is such a move."""
    if to is None or not (training.ect or not records.feature("closing_2022")):
        return False
    return moves_out(records, training, to) or moves_back(records, training, cohort_now, to, now)


def moves_out(records: Records, training: TrainingRecord, to: Cohort) -> bool:
    """From a frozen cohort to 2024: with training that was paid for but not completed."""
    ended = training.induction_completion_date if training.ect else training.mentor_completion_date
    if to.start_year != DESTINATION or ended is not None:
        return False
    if records.cohorts[schedule_of(records, training).cohort].payments_frozen_at is None:
        return False
    billed = {it.type for it in records.declarations.by("training_record_id", training.id) if it.bills}
    return bool(billed) and COMPLETED not in billed


def moves_back(records: Records, training: TrainingRecord, cohort_now: int | None, to: Cohort, now: datetime) -> bool:
    """Back to the frozen cohort that they came from: with nothing declared since."""
    if not training.cohort_changed_after_payments_frozen or not to.frozen(now):
        return False
    declared = records.declarations.by("training_record_id", training.id)
    here = any(it.live and it.cohort == cohort_now for it in declared)
    return not here and any(it.bills and it.cohort == to.start_year for it in declared)
