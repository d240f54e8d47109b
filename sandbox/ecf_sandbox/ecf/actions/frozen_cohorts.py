"""Moves that the closing of a cohort calls for: out of it to 2024, and back (behaviour/participants.md#7-4, #12-12)."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.ecf.domain.cohorts import Cohort
from ecf_sandbox.ecf.domain.participants import TrainingRecord
from ecf_sandbox.ecf.queries.training import schedule_of
from ecf_sandbox.ecf.records import Records

# Where people go who have not finished when the payments for their cohort end; the service names the year.
DESTINATION = 2024
COMPLETED = "completed"
# A flag of the DfE: the 2022 contract closes, and mentors stay where they are.
MENTORS_STAY = "closing_2022"


def frozen_move(
    records: Records, training: TrainingRecord, cohort_now: int | None, to: Cohort | None, now: datetime
) -> bool:
    """Whether moving a training record to a cohort is such a move."""
    if to is None or stays(records, training):
        return False
    out = to.start_year == DESTINATION and bills_unfinished(records, training)
    return out or moves_back(records, training, cohort_now, to, now)


def stays(records: Records, training: TrainingRecord) -> bool:
    """Whether the closing of a cohort moves somebody nowhere: a mentor, once the DfE has said so."""
    return not training.ect and records.feature(MENTORS_STAY)


def unfinished(records: Records, training: TrainingRecord) -> bool:
    """Whether somebody's cohort is frozen, or will be, and their training is not complete."""
    if stays(records, training):
        return False
    # The service asks here whether there is a date of freezing, not whether it has come.
    closing = records.cohorts[schedule_of(records, training).cohort].payments_frozen_at is not None
    return closing and not training.completed and COMPLETED not in _billed(records, training)


def bills_unfinished(records: Records, training: TrainingRecord) -> bool:
    """Whether somebody unfinished in a frozen cohort has been paid for, or will be."""
    return unfinished(records, training) and bool(_billed(records, training))


def goes_back(training: TrainingRecord, to: Cohort, now: datetime) -> bool:
    """Whether somebody who left a frozen cohort is to move to a frozen one."""
    return training.cohort_changed_after_payments_frozen and to.frozen(now)


def declared_in(records: Records, training: TrainingRecord, cohort: int | None) -> bool:
    """Whether anything stands that was declared for somebody in a cohort."""
    declared = records.declarations.by("training_record_id", training.id)
    return any(it.live and it.cohort == cohort for it in declared)


def billed_in(records: Records, training: TrainingRecord, cohort: int) -> bool:
    """Whether anything that was declared for somebody in a cohort has been paid for, or will be."""
    declared = records.declarations.by("training_record_id", training.id)
    return any(it.bills and it.cohort == cohort for it in declared)


def moves_back(records: Records, training: TrainingRecord, cohort_now: int | None, to: Cohort, now: datetime) -> bool:
    """Back to the frozen cohort that they came from: with nothing declared since."""
    if not goes_back(training, to, now) or declared_in(records, training, cohort_now):
        return False
    return billed_in(records, training, to.start_year)


def _billed(records: Records, training: TrainingRecord) -> set[str]:
    return {it.type for it in records.declarations.by("training_record_id", training.id) if it.bills}
