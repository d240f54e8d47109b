"""What a provider says about somebody's training, as changes of the records a scenario begins with."""

from __future__ import annotations

from sandbox.actions.history import note_status, supersede
from sandbox.actions.touching import save_training
from sandbox.domain.cohorts import Schedule
from sandbox.domain.participants import InductionRecord, TrainingStatus
from sandbox.domain.record import replace
from sandbox.domain.schools import Programme
from sandbox.queries.training import newest, provider_id_of
from sandbox.turn import Turn


def change_status(turn: Turn, training_id: str, state: TrainingStatus, reason: str | None) -> None:
    """The provider defers, resumes or withdraws somebody."""
    latest = _newest(turn, training_id)
    note_status(turn, training_id, provider_id_of(turn.records, latest), state, reason)
    supersede(turn, latest, training_status=state)
    save_training(turn, replace(turn.records.training_records[training_id], training_status=state))


def change_schedule(
    turn: Turn, training_id: str, schedule: Schedule, programme: Programme | None, out_of_frozen: bool
) -> None:
    """The provider puts somebody on another schedule; with a `programme`, in that programme's cohort."""
    latest = _newest(turn, training_id)
    supersede(turn, latest, schedule_id=schedule.id, programme_id=programme.id if programme else latest.programme_id)
    training = turn.records.training_records[training_id]
    save_training(
        turn,
        replace(
            training,
            schedule_id=schedule.id,
            school_cohort_id=programme.school_cohort_id if programme else training.school_cohort_id,
            cohort_changed_after_payments_frozen=training.cohort_changed_after_payments_frozen or out_of_frozen,
        ),
    )


def _newest(turn: Turn, training_id: str) -> InductionRecord:
    latest = newest(turn.records, turn.records.training_records[training_id])
    assert latest is not None  # nobody is registered without one
    return latest
