"""What a provider says about somebody's training, as changes of the records a scenario begins with."""

from __future__ import annotations

from ecf_sandbox.ecf.actions import history
from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import InductionRecord, TrainingStatus
from ecf_sandbox.ecf.domain.schools import Programme
from ecf_sandbox.ecf.queries.training import newest, provider_id_of
from ecf_sandbox.state.turn import Turn


def change_status(turn: Turn, training_id: str, state: TrainingStatus, reason: str | None) -> None:
    """The provider defers, resumes or withdraws somebody."""
    latest = _newest(turn, training_id)
    history.change_status(turn, latest, provider_id_of(turn.records, latest), state, reason)


def change_schedule(
    turn: Turn, training_id: str, schedule: Schedule, programme: Programme | None, out_of_frozen: bool
) -> None:
    """The provider puts somebody on another schedule; with a `programme`, in that programme's cohort."""
    latest = _newest(turn, training_id)
    training = turn.records.training_records[training_id]
    history.reschedule(
        turn,
        latest,
        schedule,
        programme_id=programme.id if programme else latest.programme_id,
        school_cohort_id=programme.school_cohort_id if programme else training.school_cohort_id,
        out_of_frozen=training.cohort_changed_after_payments_frozen or out_of_frozen,
    )


def _newest(turn: Turn, training_id: str) -> InductionRecord:
    latest = newest(turn.records, turn.records.training_records[training_id])
    assert latest is not None  # nobody is registered without one
    return latest
