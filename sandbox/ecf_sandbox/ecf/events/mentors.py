"""Who mentors whom, and the mentors that a school has."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.ecf.actions.training_history import supersede, touch_user
from ecf_sandbox.ecf.domain.participants import Course, Identity, InductionRecord, SchoolMentor, TrainingRecord
from ecf_sandbox.ecf.events.event import ParticipantId
from ecf_sandbox.ecf.events.moving_cohort import leave_frozen_cohort
from ecf_sandbox.ecf.events.training import find, in_force, newest_of, update_training
from ecf_sandbox.ecf.queries.training import school_cohort_of, school_of, user_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.record import replace


def change_mentor(
    turn: Turn,
    participant_id: Annotated[ParticipantId, "the participant id of the ECT"],
    mentor_id: Annotated[ParticipantId | None, "the participant id of the mentor; null: no mentor"],
) -> InductionRecord:
    """A school gives an ECT a mentor, another one, or none."""
    training = find(turn.records, participant_id, Course.ECT)
    mentor = mentor_record(turn.records, mentor_id)
    return _assign(turn, newest_of(turn.records, training), mentor)


def remove_expired_school_mentors(turn: Turn) -> None:
    """Every day, mentors whose leaving day has come leave their old school's pool and their ECTs there."""
    today = turn.now.date()
    for it in turn.records.school_mentors:
        if it.remove_on is not None and it.remove_on <= today:
            remove_from_school(turn, turn.records.training_records[it.training_record_id], it.school_id)


def mentor_record(records: Records, mentor_id: str | None) -> TrainingRecord | None:
    """The record of somebody as a mentor; raises DoesNotFit if they are none."""
    return None if mentor_id is None else find(records, mentor_id, Course.MENTOR)


def change_pool(
    turn: Turn, mentor: TrainingRecord, from_id: str, to_id: str, on: date, identity: Identity | None
) -> None:
    """A mentor changes schools on a day: the new school has them at once, the old one until that day."""
    join_pool(turn, mentor, to_id, identity)
    if on > turn.now.date():
        for it in _in_pool(turn, mentor, from_id):
            turn.save(replace(it, remove_on=on))
    else:
        remove_from_school(turn, mentor, from_id)


def join_pool(turn: Turn, mentor: TrainingRecord, school_id: str, identity: Identity | None = None) -> None:
    """A school has a mentor more, unless it has them already."""
    if not _in_pool(turn, mentor, school_id):
        preferred = identity.id if identity else mentor.identity_id
        made = SchoolMentor(
            id=turn.new_id(), training_record_id=mentor.id, school_id=school_id, preferred_identity_id=preferred
        )
        turn.save(made)


def remove_from_school(turn: Turn, mentor: TrainingRecord, school_id: str) -> None:
    """A school no longer has a mentor, and the ECTs there who had them have none."""
    turn.remove(*_in_pool(turn, mentor, school_id))
    for it in turn.records.induction_records.by("mentor_record_id", mentor.id):
        ect = turn.records.training_records[it.training_record_id].ect
        if ect and in_force(it, turn.now) and school_of(turn.records, it).id == school_id:
            _assign(turn, it, None)


def move_on_with_mentee(turn: Turn, mentor: TrainingRecord | None, cohort: int) -> None:
    """A mentor from a cohort whose payments are frozen goes on in a later one with an ECT who is funded."""
    if mentor is not None and not turn.records.cohorts[cohort].frozen(turn.now):
        leave_frozen_cohort(turn, mentor)


def _assign(turn: Turn, induction: InductionRecord, mentor: TrainingRecord | None) -> InductionRecord:
    mentor_record_id = mentor.id if mentor else None
    following = supersede(turn, induction, mentor_record_id=mentor_record_id)
    training = turn.records.training_records[induction.training_record_id]
    update_training(turn, training, mentor_record_id=mentor_record_id)
    programme = turn.records.programmes[following.programme_id]
    move_on_with_mentee(turn, mentor, school_cohort_of(turn.records, programme).cohort)
    if mentor is not None:
        touch_user(turn, user_of(turn.records, mentor).id)
    return turn.records.induction_records[following.id]


def _in_pool(turn: Turn, mentor: TrainingRecord, school_id: str) -> list[SchoolMentor]:
    own = turn.records.school_mentors.by("training_record_id", mentor.id)
    return [it for it in own if it.school_id == school_id]
