"""When a mentor's training counts as complete, worked out anew from what has been declared."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.ecf.actions.training_history import save_training
from ecf_sandbox.ecf.domain.participants import ParticipantType, TrainingRecord
from ecf_sandbox.ecf.queries.training import user_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.rules.declarations import COMPLETED
from ecf_sandbox.state.record import replace

EARLY_ROLL_OUT = (date(2021, 4, 19), "completed_during_early_roll_out")
DECLARED = "completed_declaration_received"
NOT_COMPLETED = "started_not_completed"
# From this day on the mark is final: the 2021 contract has ended (behaviour/declarations.md#10-4).
FINAL_FROM = date(2024, 7, 31)


def refresh_mentor_completion(turn: Turn, training_record_id: str) -> None:
    """Note when and why a mentor's funded training ended, or that it has not; ECTs are left alone.

    Early roll-out comes first, then the newest completion that is declared and still counts. The mentor is updated
    only if something changes.
    """
    training = turn.records.training_records[training_record_id]
    if training.type is not ParticipantType.MENTOR or _final(training, turn.now.date()):
        return
    ended, reason = _completion(turn.records, training)
    if (ended, reason) != (training.mentor_completion_date, training.mentor_completion_reason):
        save_training(turn, replace(training, mentor_completion_date=ended, mentor_completion_reason=reason))


def _final(training: TrainingRecord, today: date) -> bool:
    marked = training.mentor_completion_reason == NOT_COMPLETED and training.mentor_completion_date is not None
    return marked and today >= FINAL_FROM


def _completion(records: Records, training: TrainingRecord) -> tuple[date | None, str | None]:
    trn = user_of(records, training).trn
    if trn in records.early_roll_out_mentors:
        return EARLY_ROLL_OUT
    declared = records.declarations.by("training_record_id", training.id)
    completed = [it.date for it in declared if it.type == COMPLETED and it.live]
    return (max(completed).date(), DECLARED) if completed else (None, None)
