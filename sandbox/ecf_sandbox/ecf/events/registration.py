"""How schools register early career teachers and mentors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from ecf_sandbox.ecf.actions.training_history import note_status, save_training
from ecf_sandbox.ecf.domain.participants import (
    Course,
    Identity,
    ParticipantType,
    RecordStatus,
    TrainingRecord,
    TrainingStatus,
    User,
)
from ecf_sandbox.ecf.domain.schools import SchoolCohort
from ecf_sandbox.ecf.events.enrolment import (
    add_identity,
    default_schedule,
    enrol,
    identity_for,
    identity_with,
    school_cohort_of_choice,
    uplifts,
)
from ecf_sandbox.ecf.events.event import MentorId, ParticipantId, SchoolId, StartYear
from ecf_sandbox.ecf.events.mentors import join_pool, mentor_record, move_on_with_mentee
from ecf_sandbox.ecf.events.training import find, newest_of
from ecf_sandbox.ecf.queries.training import school_of, training_record_of, training_records_of, user_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

FullName = Annotated[str, "the name"]
Email = Annotated[str, "the e-mail address; somebody known by it is not made anew"]
FirstDay = Annotated[date | None, "the first day; left out: the day on which the schedule begins"]


def register_ect(
    turn: Turn,
    full_name: FullName,
    email: Email,
    school_id: SchoolId,
    cohort: StartYear,
    mentor_id: Annotated[MentorId | None, "the participant id of the mentor; left out: none yet"] = None,
    date: FirstDay = None,
) -> TrainingRecord:
    """A school registers an early career teacher: they join its default programme, not yet checked by the DfE."""
    school_cohort = school_cohort_of_choice(turn.records, school_id, cohort)
    mentor = mentor_record(turn.records, mentor_id)
    user = _person(turn, full_name, email)
    if training_record_of(turn.records, user.id, ParticipantType.MENTOR):
        raise DoesNotFit(f"{email} is registered as a mentor: a mentor cannot become an ECT")
    identity = identity_for(turn, user, user.email)
    _insist_on_none(identity, ParticipantType.ECT, training_records_of(turn.records, user.id))
    training = _register(turn, identity, ParticipantType.ECT, school_cohort, mentor=mentor, begins=date)
    move_on_with_mentee(turn, mentor, cohort)
    return training


def register_mentor(
    turn: Turn, full_name: FullName, email: Email, school_id: SchoolId, cohort: StartYear, date: FirstDay = None
) -> TrainingRecord:
    """A school registers a mentor: they join its default programme and the school's mentors."""
    school_cohort = school_cohort_of_choice(turn.records, school_id, cohort)
    user = _person(turn, full_name, email)
    identity = identity_for(turn, user, email)
    _insist_on_none(identity, ParticipantType.MENTOR, training_records_of(turn.records, user.id))
    return _register_mentor(turn, identity, school_cohort, date)


def ect_becomes_mentor(
    turn: Turn,
    participant_id: ParticipantId,
    school_id: Annotated[SchoolId | None, "the id of the school; left out: the one they train at"] = None,
    cohort: Annotated[StartYear | None, "the cohort; left out: the one that is being registered"] = None,
    email: Annotated[str | None, "their e-mail address as a mentor; left out: the present one"] = None,
    date: FirstDay = None,
) -> TrainingRecord:
    """A school registers one of its ECTs, or another's, as a mentor too: what is known about them is copied.

    A record as a mentor that a school has removed does not stand in the way: they have a second one then.
    """
    ect = find(turn.records, participant_id, Course.ECT)
    user = user_of(turn.records, ect)
    where = school_id or school_of(turn.records, newest_of(turn.records, ect)).id
    school_cohort = school_cohort_of_choice(turn.records, where, cohort or _registering(turn))
    identity = turn.records.identities[ect.identity_id]
    _insist_on_none(identity, ParticipantType.MENTOR, _active(turn, user))
    preferred = identity_for(turn, user, email) if email else identity
    training = _register_mentor(turn, identity, school_cohort, date, preferred)
    details = turn.records.validation_details.get(ect.id)
    if details is not None:
        turn.save(replace(details, training_record_id=training.id))
        save_training(turn, training)
    return turn.records.training_records[training.id]


def _insist_on_none(identity: Identity, type: ParticipantType, own: Iterable[TrainingRecord]) -> None:
    if any(it.type is type for it in own):
        raise DoesNotFit(f"{identity.email} has a record as {type} already: school_transfer or school_reregisters")


def _active(turn: Turn, user: User) -> list[TrainingRecord]:
    """Somebody's training records that no school has removed."""
    return [it for it in training_records_of(turn.records, user.id) if it.status is RecordStatus.ACTIVE]


def _register_mentor(
    turn: Turn,
    identity: Identity,
    school_cohort: SchoolCohort,
    begins: date | None,
    preferred: Identity | None = None,
) -> TrainingRecord:
    training = _register(turn, identity, ParticipantType.MENTOR, school_cohort, begins=begins, preferred=preferred)
    join_pool(turn, training, school_cohort.school_id, preferred)
    return training


def _register(
    turn: Turn,
    identity: Identity,
    type: ParticipantType,
    school_cohort: SchoolCohort,
    *,
    begins: date | None,
    mentor: TrainingRecord | None = None,
    preferred: Identity | None = None,
) -> TrainingRecord:
    pupil_premium, sparsity = uplifts(turn.records, school_cohort)
    at = turn.stamp()
    training = save_training(
        turn,
        TrainingRecord(
            id=turn.new_id(),
            type=type,
            identity_id=identity.id,
            school_cohort_id=school_cohort.id,
            schedule_id=default_schedule(turn.records, school_cohort.cohort).id,
            mentor_record_id=mentor.id if mentor else None,
            pupil_premium_uplift=pupil_premium,
            sparsity_uplift=sparsity,
            created_at=at,
            updated_at=at,
        ),
    )
    programme = turn.records.programmes.get(school_cohort.default_programme_id)
    if programme is None:
        note_status(turn, training.id, None, TrainingStatus.ACTIVE)
    else:
        enrol(turn, training, programme, begins=begins, identity=preferred, mentor=mentor)
    return turn.records.training_records[training.id]


def _person(turn: Turn, full_name: str, email: str) -> User:
    """Whoever has the e-mail address, or somebody new. A name is kept while somebody stands by their records."""
    name = " ".join(full_name.split())
    if not name or not email.strip():
        raise DoesNotFit("a name and an e-mail address are needed")
    known = identity_with(turn.records, email)
    if known is None:
        return _new_person(turn, name, email.strip())
    user = turn.records.users[known.user_id]
    if not _active(turn, user) and user.full_name != name:
        user = replace(user, full_name=name, updated_at=turn.stamp())
        turn.save(user)
    return user


def _new_person(turn: Turn, full_name: str, email: str) -> User:
    at = turn.stamp()
    user = User(id=turn.new_id(), full_name=full_name, email=email, created_at=at, updated_at=at)
    turn.save(user)
    add_identity(turn, user, email)
    return turn.records.users[user.id]


def _registering(turn: Turn) -> int:
    """The newest cohort whose registration has begun."""
    today = turn.now.date()
    begun = [it.start_year for it in turn.records.cohorts if it.registration_start <= today]
    if not begun:
        raise DoesNotFit("no cohort is being registered yet")
    return max(begun)
