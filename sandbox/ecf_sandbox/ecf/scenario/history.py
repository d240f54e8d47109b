"""What happened to somebody's training after they were registered: the `history:` of a scenario's people."""

from __future__ import annotations

from functools import partial

from ecf_sandbox.ecf.actions import training_history
from ecf_sandbox.ecf.actions.frozen_cohorts import DESTINATION
from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import InductionRecord, ParticipantType, TrainingStatus
from ecf_sandbox.ecf.domain.schools import Programme
from ecf_sandbox.ecf.events.mentors import change_mentor
from ecf_sandbox.ecf.events.participants import change_email, complete_induction, school_withdraws_record
from ecf_sandbox.ecf.events.transfers import school_marks_leaving, school_transfer
from ecf_sandbox.ecf.queries.training import newest, provider_id_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.scenario.builder import Builder, Event
from ecf_sandbox.ecf.scenario.people import Registration
from ecf_sandbox.ecf.scenario.people_sections import (
    HISTORY,
    Deferred,
    EmailChange,
    HistoryEntry,
    InductionCompleted,
    Joining,
    Leaving,
    MentorChange,
    Removed,
    Resumed,
    ScheduleChange,
    Withdrawn,
)


def change_status(turn: Turn, training_id: str, state: TrainingStatus, reason: str | None) -> None:
    """The provider defers, resumes or withdraws somebody."""
    latest = _newest(turn, training_id)
    training_history.change_status(turn, latest, provider_id_of(turn.records, latest), state, reason)


def change_schedule(
    turn: Turn, training_id: str, schedule: Schedule, programme: Programme | None, out_of_frozen: bool
) -> None:
    """The provider puts somebody on another schedule; with a `programme`, in that programme's cohort."""
    latest = _newest(turn, training_id)
    training = turn.records.training_records[training_id]
    training_history.reschedule(
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


def read_history(draft: Builder, registration: Registration) -> None:
    """`history:` lists what happened, each entry with its moment (`at`) and one thing that happened then."""
    marks = [it.shape.marked_by for it in HISTORY]
    for entry in registration.entry.history:
        at = entry.at
        happened = [it for it in marks if it in entry]
        # Who joins a school may have a mentor and an address there.
        if len(happened) == 1 or isinstance(entry, Joining):
            event = _event(draft, registration, entry)
            if event is not None:
                draft.add_event(at, event, entry)
        else:
            entry.note(f"says {' and '.join(happened) or 'nothing'}; one of {', '.join(marks)} is expected")
            entry.allow(*marks)
        if at > draft.as_of:
            entry.note("is after the moment that the scenario describes (as_of)", "at")
        if at < registration.training.created_at:
            entry.note("is before the registration", "at")


def _event(draft: Builder, registration: Registration, entry: HistoryEntry) -> Event | None:
    training, user_id = registration.training, registration.user_id
    status = partial(change_status, training_id=training.id)
    course = training.type.course
    match entry:
        case Deferred():
            return partial(status, state=TrainingStatus.DEFERRED, reason=entry.deferred)
        case Withdrawn():
            return partial(status, state=TrainingStatus.WITHDRAWN, reason=entry.withdrawn)
        case Resumed():
            return partial(status, state=TrainingStatus.ACTIVE, reason=None) if entry.resumed else None
        case Leaving():
            return partial(school_marks_leaving, participant_id=user_id, course_identifier=course, date=entry.leaving)
        case Joining():
            return _joining(draft, registration, entry)
        case ScheduleChange():
            return _schedule_change(draft, registration, entry)
        case MentorChange():
            return _mentor_change(draft, registration, entry)
        case InductionCompleted():
            if training.type is not ParticipantType.ECT:
                entry.note("only an ECT completes induction", "induction_completed")
            return partial(complete_induction, participant_id=user_id, date=entry.induction_completed)
        case Removed():
            removal = partial(school_withdraws_record, participant_id=user_id, course_identifier=course)
            return removal if entry.removed else None
        case EmailChange():
            return partial(change_email, participant_id=user_id, course_identifier=course, email=entry.email)
    return None


def _schedule_change(draft: Builder, registration: Registration, entry: ScheduleChange) -> Event | None:
    cohort = entry.cohort.among({it: it for it in draft.schedules})
    year = cohort or registration.cohort
    schedule = entry.schedule.among(draft.schedules[year])
    programme = _programme(draft, registration, entry, year) if cohort else None
    if schedule is None or (cohort and programme is None):
        return None
    frozen = draft.cohorts[registration.cohort].frozen(entry.at)
    declared = bool(registration.entry.declarations)
    return partial(
        change_schedule,
        training_id=registration.training.id,
        schedule=schedule,
        programme=programme,
        out_of_frozen=frozen and declared and year == DESTINATION,
    )


def _programme(draft: Builder, registration: Registration, entry: ScheduleChange, year: int) -> Programme | None:
    school = registration.entry.school.name
    found = draft.default_programmes.get((school, year))
    if found is None:
        entry.note(f"{school} has no programme for {year}", "cohort")
    return found


def _mentor_change(draft: Builder, registration: Registration, entry: MentorChange) -> Event | None:
    nobody = entry.mentor.value == "none"
    mentor_id = None if nobody else entry.mentor.among(draft.mentor_ids)
    if mentor_id is None and not nobody:
        return None
    return partial(change_mentor, participant_id=registration.user_id, mentor_id=mentor_id)


def _joining(draft: Builder, registration: Registration, entry: Joining) -> Event | None:
    school = entry.joining.among(draft.schools)
    date, keeps, email = entry.from_, entry.keeps_provider, entry.email
    mentor_id = entry.mentor.among(draft.mentor_ids)
    if school is None:
        return None
    return partial(
        school_transfer,
        participant_id=registration.user_id,
        course_identifier=registration.training.type.course,
        school_id=school.id,
        date=date,
        keep_provider=keeps,
        email=email,
        mentor_id=mentor_id,
    )
