"""How somebody's training history grows, and how `updated_at` spreads (behaviour/participants.md#2-3, #13)."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import (
    Identity,
    InductionRecord,
    InductionStatus,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
)
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.state.record import replace


def save_training(turn: Turn, training: TrainingRecord) -> TrainingRecord:
    """Save a training record: it and its person are updated now."""
    saved = replace(training, updated_at=turn.stamp())
    turn.save(saved)
    touch_user(turn, turn.records.identities[training.identity_id].user_id)
    return saved


def touch_training(turn: Turn, training_record_id: str) -> None:
    """A training record and its person are updated now, nothing else about them changes."""
    save_training(turn, turn.records.training_records[training_record_id])


def touch_user(turn: Turn, user_id: str) -> None:
    """A person is updated now."""
    turn.save(replace(turn.records.users[user_id], updated_at=turn.stamp()))


def save_identity(turn: Turn, identity: Identity) -> Identity:
    """Save an identity: it and its person are updated now."""
    saved = replace(identity, updated_at=turn.stamp())
    turn.save(saved)
    touch_user(turn, identity.user_id)
    return saved


def save_induction(turn: Turn, induction: InductionRecord) -> InductionRecord:
    """Save an induction record: it, its training record and its person are updated now."""
    saved = replace(induction, updated_at=turn.stamp())
    turn.save(saved)
    touch_training(turn, induction.training_record_id)
    return saved


def touch_school(turn: Turn, school_id: str) -> None:
    """A school is updated now, and so is everybody whose training record is attached to it, in any cohort."""
    at = turn.stamp()
    turn.save(replace(turn.records.schools[school_id], updated_at=at))
    cohorts = turn.records.school_cohorts.by("school_id", school_id)
    _touch_attached(turn, [it.id for it in cohorts])


def touch_school_cohort(turn: Turn, school_cohort_id: str) -> None:
    """Everybody attached to a school's cohort is updated now."""
    _touch_attached(turn, [school_cohort_id])


def touch_programme(turn: Turn, programme_id: str) -> None:
    """The induction records of a programme that are current are updated now; it stops there."""
    at = turn.stamp()
    current = [it for it in turn.records.induction_records.by("programme_id", programme_id) if _current(it, turn)]
    turn.save(*(replace(it, updated_at=at) for it in current))


def _current(it: InductionRecord, turn: Turn) -> bool:
    return it.end_date is None or it.ends_after(turn.now)


def _touch_attached(turn: Turn, school_cohort_ids: Iterable[str]) -> None:
    at = turn.stamp()
    records = turn.records
    trainings = [it for id in school_cohort_ids for it in records.training_records.by("school_cohort_id", id)]
    users = {records.identities[it.identity_id].user_id for it in trainings}
    turn.save(*(replace(it, updated_at=at) for it in trainings))
    turn.save(*(replace(records.users[id], updated_at=at) for id in sorted(users)))


def supersede(turn: Turn, induction: InductionRecord, **changes: object) -> InductionRecord:
    """Change the facts about somebody's training from now on (behaviour/participants.md#2-3).

    A record that has not started is changed in place; if that changes nothing, nothing is updated. Any other is
    closed as changed, and a copy of it with the changes takes over; the copy keeps a leaving date, and takes the
    transfer mark along if that date is ahead.
    """
    if induction.starts_after(turn.now):
        changed = replace(induction, **changes)
        return induction if changed == induction else save_induction(turn, changed)
    leaves_later = induction.ends_after(turn.now)
    closed_at = turn.stamp()
    save_induction(
        turn,
        replace(
            induction,
            induction_status=InductionStatus.CHANGED,
            end_date=closed_at,
            school_transfer=induction.school_transfer and not leaves_later,
        ),
    )
    began = turn.stamp()
    following = replace(
        induction,
        id=turn.new_id(),
        school_transfer=induction.school_transfer and leaves_later,
        start_date=began,
        created_at=began,
    )
    return save_induction(turn, replace(following, **changes))


def note_status(
    turn: Turn, training_record_id: str, provider_id: str | None, state: TrainingStatus, reason: str | None = None
) -> None:
    """Write an entry into the journal of a record's training statuses: the record is updated by that."""
    entry = StatusChange(
        id=turn.new_id(),
        training_record_id=training_record_id,
        provider_id=provider_id,
        state=state,
        reason=reason,
        created_at=turn.stamp(),
    )
    turn.save(entry)
    touch_training(turn, training_record_id)


def change_status(
    turn: Turn, induction: InductionRecord, provider_id: str | None, state: TrainingStatus, reason: str | None
) -> TrainingRecord:
    """A provider says that somebody defers, resumes or withdraws: in the journal, from now on, and on their record."""
    note_status(turn, induction.training_record_id, provider_id, state, reason)
    supersede(turn, induction, training_status=state)
    training = turn.records.training_records[induction.training_record_id]
    return save_training(turn, replace(training, training_status=state))


def reschedule(
    turn: Turn,
    induction: InductionRecord,
    schedule: Schedule,
    *,
    programme_id: str,
    school_cohort_id: str | None,
    out_of_frozen: bool,
) -> TrainingRecord:
    """A provider puts somebody on a schedule, in a programme and a school's cohort: on their record and from now on.

    `out_of_frozen` is the record's mark of having left a cohort whose payments had ended.
    """
    training = turn.records.training_records[induction.training_record_id]
    save_training(
        turn,
        replace(
            training,
            cohort_changed_after_payments_frozen=out_of_frozen,
            school_cohort_id=school_cohort_id,
            schedule_id=schedule.id,
        ),
    )
    supersede(turn, induction, schedule_id=schedule.id, programme_id=programme_id)
    return turn.records.training_records[training.id]
