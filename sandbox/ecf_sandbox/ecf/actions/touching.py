"""What else counts as updated when a record is: how `updated_at` spreads (behaviour/participants.md#13)."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.ecf.domain.participants import Identity, InductionRecord, TrainingRecord
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.turn import Turn


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
