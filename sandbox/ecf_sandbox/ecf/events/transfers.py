"""How schools report those who leave and those who join."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.ecf.actions.frozen_cohorts import DESTINATION, bills_unfinished
from ecf_sandbox.ecf.actions.partnerships import same_partners_at
from ecf_sandbox.ecf.actions.programmes import programme_with
from ecf_sandbox.ecf.actions.training_history import save_induction
from ecf_sandbox.ecf.domain.participants import Course, Identity, InductionRecord, InductionStatus, TrainingRecord
from ecf_sandbox.ecf.domain.schools import Programme, SchoolCohort
from ecf_sandbox.ecf.events.enrolment import enrol, identity_for, midnight, school_cohort_of_choice
from ecf_sandbox.ecf.events.event import MentorId, ParticipantId, SchoolId, StartYear
from ecf_sandbox.ecf.events.mentors import change_pool, mentor_record, move_on_with_mentee
from ecf_sandbox.ecf.events.moving_cohort import cohort_of, schedule_in
from ecf_sandbox.ecf.events.participants import CourseIdentifier
from ecf_sandbox.ecf.events.training import find, newest_of, update_training
from ecf_sandbox.ecf.queries.training import latest, partnership_of, school_of, user_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace


def school_marks_leaving(
    turn: Turn,
    participant_id: ParticipantId,
    date: Annotated[date, "the day on which they leave"],
    course_identifier: CourseIdentifier = Course.ECT,
    school_id: Annotated[SchoolId | None, "the id of the school they leave; left out: the newest one"] = None,
) -> InductionRecord:
    """A school reports somebody who leaves, or has left: providers see them leaving until the day, then left."""
    training = find(turn.records, participant_id, course_identifier)
    own = turn.records.induction_records.by("training_record_id", training.id)
    there = [it for it in own if school_id is None or school_of(turn.records, it).id == school_id]
    induction = latest(there)
    if induction is None:
        raise DoesNotFit("they have no induction record at that school")
    left = replace(induction, induction_status=InductionStatus.LEAVING, end_date=midnight(date), school_transfer=True)
    return save_induction(turn, left)


def school_transfer(
    turn: Turn,
    participant_id: ParticipantId,
    school_id: SchoolId,
    date: Annotated[date, "the day on which they join"],
    keep_provider: Annotated[bool, "whether their provider goes on training them, or the new school's does"],
    course_identifier: CourseIdentifier = Course.ECT,
    cohort: Annotated[StartYear | None, "the cohort there; left out: theirs"] = None,
    email: Annotated[str | None, "their e-mail address there; left out: the one they registered with"] = None,
    mentor_id: Annotated[MentorId | None, "the participant id of the mentor there; left out: none yet"] = None,
) -> InductionRecord:
    """A school reports somebody who joins: the old school's record ends on that day unless that school said when."""
    training = find(turn.records, participant_id, course_identifier)
    leaving = newest_of(turn.records, training)
    old_school = school_of(turn.records, leaving)
    if old_school.id == school_id:
        raise DoesNotFit(f"they train at {old_school.name} already")
    school_cohort = school_cohort_of_choice(turn.records, school_id, cohort or cohort_of(turn.records, leaving))
    mentor = mentor_record(turn.records, mentor_id)
    programme = (
        _programme_kept(turn, leaving, school_cohort) if keep_provider else _default_programme(turn, school_cohort)
    )
    if leaving.induction_status is InductionStatus.ACTIVE:
        _end(turn, leaving, date)
    training = _attach(turn, training, leaving, school_cohort)
    identity = identity_for(turn, user_of(turn.records, training), email) if email else None
    joining = enrol(turn, training, programme, begins=date, identity=identity, mentor=mentor, school_transfer=True)
    _settle_mentors(turn, training, mentor, old_school.id, school_cohort, date, identity)
    return turn.records.induction_records[joining.id]


def _end(turn: Turn, leaving: InductionRecord, on: date) -> None:
    save_induction(
        turn,
        replace(leaving, induction_status=InductionStatus.LEAVING, end_date=midnight(on), school_transfer=False),
    )


def _attach(
    turn: Turn, training: TrainingRecord, leaving: InductionRecord, school_cohort: SchoolCohort
) -> TrainingRecord:
    """The record belongs to the new school from now on, in its cohort; the mark of a frozen cohort is made anew."""
    out = school_cohort.cohort == DESTINATION and bills_unfinished(turn.records, training)
    schedule = schedule_in(turn.records, school_cohort.cohort, leaving, extended=out)
    return update_training(
        turn,
        training,
        school_cohort_id=school_cohort.id,
        schedule_id=schedule.id,
        cohort_changed_after_payments_frozen=out,
    )


def _default_programme(turn: Turn, school_cohort: SchoolCohort) -> Programme:
    programme = turn.records.programmes.get(school_cohort.default_programme_id)
    if programme is None:
        name = turn.records.schools[school_cohort.school_id].name
        raise DoesNotFit(f"{name} has no default programme for cohort {school_cohort.cohort}")
    return programme


def _programme_kept(turn: Turn, leaving: InductionRecord, school_cohort: SchoolCohort) -> Programme:
    """A programme at the new school with the provider and delivery partner that they have."""
    present = partnership_of(turn.records, leaving)
    if present is None:
        raise DoesNotFit("they have no provider to keep")
    there = same_partners_at(turn, present, school_cohort.school_id, school_cohort.cohort, relationship=True)
    return programme_with(turn, there)


def _settle_mentors(
    turn: Turn,
    training: TrainingRecord,
    mentor: TrainingRecord | None,
    old_school_id: str,
    school_cohort: SchoolCohort,
    on: date,
    identity: Identity | None,
) -> None:
    if training.ect:
        move_on_with_mentee(turn, mentor, school_cohort.cohort)
    else:
        change_pool(turn, training, old_school_id, school_cohort.school_id, on, identity)
