"""Whose record an event is about, and how a change to it reaches the newest induction record."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.ecf.actions.training_history import save_induction, save_training
from ecf_sandbox.ecf.domain.participants import (
    Course,
    InductionRecord,
    InductionStatus,
    ParticipantType,
    TrainingRecord,
)
from ecf_sandbox.ecf.queries.training import newest, training_record_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

_TYPES = {it.course: it for it in ParticipantType}


def find(records: Records, participant_id: str, course_identifier: str = Course.ECT) -> TrainingRecord:
    """The training record of a participant, whatever its status; a retired id means who has it now."""
    type = _TYPES[Course(course_identifier)]
    found = training_record_of(records, participant_id, type)
    if found is None and (identity := records.identities.one("external_id", participant_id)) is not None:
        found = training_record_of(records, identity.user_id, type)
    if found is None:
        raise DoesNotFit(f"participant {participant_id} has no record as {type.value} ({course_identifier})")
    return found


def newest_of(records: Records, training: TrainingRecord) -> InductionRecord:
    """The newest induction record, whoever trains; raises DoesNotFit if there is none."""
    found = newest(records, training)
    if found is None:
        raise DoesNotFit(f"training record {training.id} has no induction record: they are on no programme")
    return found


def current(records: Records, training: TrainingRecord, now: datetime) -> list[InductionRecord]:
    """The induction records in force (behaviour/participants.md#2-2, *current*)."""
    return [it for it in records.induction_records.by("training_record_id", training.id) if in_force(it, now)]


def in_force(it: InductionRecord, now: datetime) -> bool:
    """Active and begun, or leaving with the day still ahead; one who joins by transfer must have begun."""
    if it.induction_status is InductionStatus.LEAVING:
        return it.ends_after(now)
    open_ended = it.end_date is None or it.ends_after(now)
    begun = not it.starts_after(now) or not it.school_transfer
    return it.induction_status is InductionStatus.ACTIVE and open_ended and begun


def update_training(turn: Turn, training: TrainingRecord, **changes: object) -> TrainingRecord:
    """Change a training record, if it is a change: the newest induction record follows its status and its mentor."""
    before = turn.records.training_records[training.id]
    changed = replace(before, **changes)
    if changed == before:
        return before
    saved = save_training(turn, changed)
    induction = newest(turn.records, saved)
    if induction is not None:
        _follow(turn, induction, before, saved)
    return turn.records.training_records[training.id]


def _follow(turn: Turn, induction: InductionRecord, before: TrainingRecord, after: TrainingRecord) -> None:
    following = induction
    if after.status is not before.status:
        following = replace(following, induction_status=InductionStatus(after.status.value))
    if after.mentor_record_id != before.mentor_record_id:
        following = replace(following, mentor_record_id=after.mentor_record_id)
    if following != induction:
        save_induction(turn, following)
