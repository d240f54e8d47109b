"""What schools and the DfE change about somebody in training: name, e-mail, completion, and the record itself."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from ecf_sandbox.ecf.actions.training_history import save_identity, save_induction, save_training, supersede, touch_user
from ecf_sandbox.ecf.domain.participants import (
    Course,
    IdChange,
    Identity,
    InductionRecord,
    InductionStatus,
    RecordStatus,
    TrainingRecord,
    User,
)
from ecf_sandbox.ecf.domain.schools import SchoolCohort
from ecf_sandbox.ecf.events.enrolment import (
    default_schedule,
    enrol,
    identity_for,
    note_active,
    preferred_identity,
    school_cohort_of_choice,
    uplifts,
)
from ecf_sandbox.ecf.events.event import MentorId, ParticipantId, SchoolId, StartYear
from ecf_sandbox.ecf.events.mentors import join_pool, mentor_record, move_on_with_mentee, remove_from_school
from ecf_sandbox.ecf.events.training import current, find, newest_of, update_training
from ecf_sandbox.ecf.queries.training import latest, newest, school_cohort_of, user_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

CourseIdentifier = Annotated[Course, "which of somebody's records: as an ECT or as a mentor"]


class CompletionReason(StrEnum):
    """Why the DfE no longer funds a mentor's training."""

    DECLARED = "completed_declaration_received"
    EARLY_ROLL_OUT = "completed_during_early_roll_out"
    NOT_COMPLETED = "started_not_completed"


def change_name(turn: Turn, participant_id: ParticipantId, full_name: Annotated[str, "the new name"]) -> User:
    """A school or the DfE corrects a name: it shows in every record of the person, for every provider."""
    user = turn.records.users[participant_id]
    name = " ".join(full_name.split())
    if not name:
        raise DoesNotFit("a name cannot be blank")
    if name != user.full_name:
        user = replace(user, full_name=name, updated_at=turn.stamp())
        turn.save(user)
    return user


def change_email(
    turn: Turn,
    participant_id: ParticipantId,
    email: Annotated[str, "the e-mail address from now on"],
    course_identifier: CourseIdentifier = Course.ECT,
) -> InductionRecord:
    """A school gives somebody another e-mail address: it shows in that enrolment, from now on."""
    training = find(turn.records, participant_id, course_identifier)
    identity = identity_for(turn, user_of(turn.records, training), email)
    return supersede(turn, newest_of(turn.records, training), preferred_identity_id=identity.id)


def complete_induction(
    turn: Turn,
    participant_id: ParticipantId,
    date: Annotated[date, "the day on which the induction was completed"],
    course_identifier: CourseIdentifier = Course.ECT,
) -> TrainingRecord:
    """The register of inductions says that an ECT has completed theirs: they need no mentor any more."""
    training = find(turn.records, participant_id, course_identifier)
    if not training.ect:
        raise DoesNotFit("only an ECT completes an induction; for a mentor use set_mentor_completion")
    completed = update_training(turn, training, induction_completion_date=date)
    induction = newest_of(turn.records, completed)
    supersede(turn, induction, induction_status=InductionStatus.COMPLETED, mentor_record_id=None)
    return turn.records.training_records[training.id]


def set_mentor_completion(
    turn: Turn,
    participant_id: ParticipantId,
    date: Annotated[date | None, "the day on which funding ends; null: it does not"],
    reason: Annotated[CompletionReason | None, "why it ends; null: it does not"],
) -> TrainingRecord:
    """The DfE notes when and why a mentor's funded training ended, or that it did not."""
    training = find(turn.records, participant_id, Course.MENTOR)
    return update_training(
        turn, training, mentor_completion_date=date, mentor_completion_reason=reason.value if reason else None
    )


def school_withdraws_record(
    turn: Turn, participant_id: ParticipantId, course_identifier: CourseIdentifier = Course.ECT
) -> TrainingRecord:
    """A school removes somebody's record, registered by mistake; ECTs lose a mentor who is removed."""
    training = find(turn.records, participant_id, course_identifier)
    school_id = _school_of_current(turn, training)
    withdrawn = update_training(turn, training, status=RecordStatus.WITHDRAWN)
    # The newest induction record has followed the status by now, so that usually none is current any more, and the
    # withdrawn one keeps no end: providers see `withdrawn`, not `left` (behaviour/participants.md#12-9).
    remaining = latest(current(turn.records, withdrawn, turn.now))
    if remaining is not None:
        save_induction(turn, replace(remaining, induction_status=InductionStatus.WITHDRAWN, end_date=turn.stamp()))
    if not withdrawn.ect and school_id is not None:
        remove_from_school(turn, withdrawn, school_id)
        _detach_mentees(turn, withdrawn)
    return turn.records.training_records[training.id]


def school_reregisters(
    turn: Turn,
    participant_id: ParticipantId,
    school_id: SchoolId,
    cohort: StartYear,
    course_identifier: CourseIdentifier = Course.ECT,
    email: Annotated[str | None, "their e-mail address there; left out: the present one"] = None,
    mentor_id: MentorId | None = None,
    date: Annotated[date | None, "the first day; left out: the day on which the schedule begins"] = None,
) -> TrainingRecord:
    """A school registers somebody again whose record had been removed: the same record, on its default programme."""
    training = find(turn.records, participant_id, course_identifier)
    school_cohort = school_cohort_of_choice(turn.records, school_id, cohort)
    mentor = mentor_record(turn.records, mentor_id) if training.ect else None
    renewed = _renew(turn, training, school_cohort, mentor)
    identity = _keep_email(turn, renewed, email)
    programme = turn.records.programmes.get(school_cohort.default_programme_id)
    # Being registered is noted beside being enrolled, which notes nothing for those who have completed.
    note_active(turn, renewed, programme)
    if programme is None:
        return renewed
    _close_open(turn, renewed)
    enrol(turn, renewed, programme, begins=date, identity=identity, mentor=mentor)
    if renewed.ect:
        move_on_with_mentee(turn, mentor, cohort)
    else:
        join_pool(turn, renewed, school_id)
    return turn.records.training_records[training.id]


def _school_of_current(turn: Turn, training: TrainingRecord) -> str | None:
    induction = latest(current(turn.records, training, turn.now))
    if induction is not None:
        return school_cohort_of(turn.records, turn.records.programmes[induction.programme_id]).school_id
    school_cohort = turn.records.school_cohorts.get(training.school_cohort_id)
    return school_cohort.school_id if school_cohort else None


def _detach_mentees(turn: Turn, mentor: TrainingRecord) -> None:
    """Whoever still names the mentor on their own record no longer does; nobody is updated by that."""
    mentees = [it for it in turn.records.training_records if it.mentor_record_id == mentor.id]
    turn.save(*(replace(it, mentor_record_id=None) for it in mentees))


def _renew(
    turn: Turn, training: TrainingRecord, school_cohort: SchoolCohort, mentor: TrainingRecord | None
) -> TrainingRecord:
    pupil_premium, sparsity = uplifts(turn.records, school_cohort)
    return update_training(
        turn,
        training,
        status=RecordStatus.ACTIVE,
        school_cohort_id=school_cohort.id,
        schedule_id=default_schedule(turn.records, school_cohort.cohort).id,
        mentor_record_id=mentor.id if mentor else None,
        induction_start_date=None,
        pupil_premium_uplift=pupil_premium,
        sparsity_uplift=sparsity,
    )


def _keep_email(turn: Turn, training: TrainingRecord, email: str | None) -> Identity:
    """The identity with the e-mail address; a new address shows on the record so far as well."""
    induction = newest(turn.records, training)
    present = preferred_identity(turn.records, training, induction)
    if email is None or email == present.email:
        return present
    identity = identity_for(turn, user_of(turn.records, training), email)
    if induction is not None:
        supersede(turn, induction, preferred_identity_id=identity.id)
    return identity


def _close_open(turn: Turn, training: TrainingRecord) -> None:
    induction = newest(turn.records, training)
    if induction is not None and induction.end_date is None:
        save_induction(turn, replace(induction, induction_status=InductionStatus.CHANGED, end_date=turn.stamp()))


def merge_participants(
    turn: Turn,
    from_participant_id: Annotated[ParticipantId, "the participant id that is retired"],
    to_participant_id: Annotated[ParticipantId, "the participant id that remains"],
) -> User:
    """Everything of one person goes to another, who is the same: the first id is retired.

    Both are updated by what moves, not by the note of it: from somebody who has nothing left, nothing does.
    """
    if from_participant_id == to_participant_id:
        raise DoesNotFit("nobody can be merged with themselves")
    _move_identities(turn, from_participant_id, to_participant_id)
    _move_tutor(turn, from_participant_id, to_participant_id)
    _note_id_change(turn, from_participant_id, to_participant_id)
    return turn.records.users[to_participant_id]


def merge_into_oldest(turn: Turn, user: User) -> None:
    """People with the same teacher reference number are one: the one who was registered first."""
    if user.trn:
        oldest = min(turn.records.users.by("trn", user.trn), key=lambda it: it.created_at)
        if oldest.id != user.id:
            merge_participants(turn, user.id, oldest.id)


def _move_identities(turn: Turn, from_id: str, to_id: str) -> None:
    for identity in turn.records.identities.by("user_id", from_id):
        save_identity(turn, replace(identity, user_id=to_id))
        touch_user(turn, from_id)
        for training in turn.records.training_records.by("identity_id", identity.id):
            save_training(turn, training)
            for declaration in turn.records.declarations.by("training_record_id", training.id):
                turn.save(replace(declaration, user_id=to_id, updated_at=turn.stamp()))


def _move_tutor(turn: Turn, from_id: str, to_id: str) -> None:
    turn.save(*(replace(it, user_id=to_id) for it in turn.records.induction_tutors.by("user_id", from_id)))


def _note_id_change(turn: Turn, from_id: str, to_id: str) -> None:
    turn.save(*(replace(it, user_id=to_id) for it in turn.records.id_changes.by("user_id", from_id)))
    noted = turn.records.id_changes.by("user_id", to_id)
    if not any((it.from_participant_id, it.to_participant_id) == (from_id, to_id) for it in noted):
        turn.save(
            IdChange(
                id=turn.new_id(),
                user_id=to_id,
                from_participant_id=from_id,
                to_participant_id=to_id,
                created_at=turn.stamp(),
            )
        )
