"""What happened to somebody's training after they were registered: the `history:` of a scenario's people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from ecf_sandbox.scenario.fields import Fields
from ecf_sandbox.scenario.keys import HISTORY


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


Reader = Callable[[Builder, Registration, Fields], Event | None]


def read_history(draft: Builder, registration: Registration) -> None:
    """`history:` lists what happened, each entry with its moment (`at`) and one thing that happened then."""
    for it in registration.fields.each("history"):
        at = it.moment("at")
        happened = [name for name in READERS if name in it]
        joined = "joining" in happened  # a joiner may have a mentor and an address there
        if len(happened) == 1 or joined:
            name = "joining" if joined else happened[0]
            it.narrow(HISTORY[name])
            event = READERS[name](draft, registration, it)
            if event is not None:
                draft.add_event(at, event, it)
        else:
            it.note(f"says {' and '.join(happened) or 'nothing'}; one of {', '.join(READERS)} is expected")
            it.allow(*READERS)
        if at > draft.as_of:
            it.note("is after the moment that the scenario describes (as_of)", "at")
        if at < registration.training.created_at:
            it.note("is before the registration", "at")


def _read_deferral(_: Builder, registration: Registration, it: Fields) -> Event | None:
    return _status(registration, TrainingStatus.DEFERRED, it.text("deferred"))


def _read_withdrawal(_: Builder, registration: Registration, it: Fields) -> Event | None:
    return _status(registration, TrainingStatus.WITHDRAWN, it.text("withdrawn"))


def _status(registration: Registration, state: TrainingStatus, reason: str | None) -> Event:
    return partial(change_status, training_id=registration.training.id, state=state, reason=reason)


def _read_return(_: Builder, registration: Registration, it: Fields) -> Event | None:
    if not it.flag("resumed"):
        return None
    return _status(registration, TrainingStatus.ACTIVE, None)


def _read_schedule(draft: Builder, registration: Registration, it: Fields) -> Event | None:
    cohort = it.maybe_known("cohort", {it: it for it in draft.schedules}, "cohort")
    year = cohort or registration.cohort
    schedule = it.known("schedule", draft.schedules[year], "schedule")
    programme = _programme(draft, registration, it, year) if cohort else None
    if schedule is None or (cohort and programme is None):
        return None
    frozen = draft.cohorts[registration.cohort].frozen(it.moment("at"))
    declared = bool(registration.fields.raw("declarations"))
    return partial(
        change_schedule,
        training_id=registration.training.id,
        schedule=schedule,
        programme=programme,
        out_of_frozen=frozen and declared and year == DESTINATION,
    )


def _programme(draft: Builder, registration: Registration, it: Fields, year: int) -> Programme | None:
    school = str(registration.fields.raw("school"))
    found = draft.default_programmes.get((school, year))
    if found is None:
        it.note(f"{school} has no programme for {year}", "cohort")
    return found


def _read_mentor(draft: Builder, registration: Registration, it: Fields) -> Event | None:
    mentor_id = None if it.raw("mentor") == "none" else it.maybe_known("mentor", draft.mentor_ids, "mentor")
    if mentor_id is None and it.raw("mentor") != "none":
        return None
    return partial(change_mentor, participant_id=registration.user_id, mentor_id=mentor_id)


def _read_leaving(_: Builder, registration: Registration, it: Fields) -> Event | None:
    return partial(
        school_marks_leaving,
        participant_id=registration.user_id,
        course_identifier=registration.training.type.course,
        date=it.day("leaving"),
    )


def _read_joining(draft: Builder, registration: Registration, it: Fields) -> Event | None:
    school = it.maybe_known("joining", draft.schools, "school")
    date, keeps, email = it.day("from"), it.flag("keeps_provider"), it.maybe_text("email")
    mentor_id = it.maybe_known("mentor", draft.mentor_ids, "mentor")
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


def _read_completion(_: Builder, registration: Registration, it: Fields) -> Event | None:
    if registration.training.type is not ParticipantType.ECT:
        it.note("only an ECT completes induction", "induction_completed")
    return partial(complete_induction, participant_id=registration.user_id, date=it.day("induction_completed"))


def _read_removal(_: Builder, registration: Registration, it: Fields) -> Event | None:
    return (
        partial(
            school_withdraws_record,
            participant_id=registration.user_id,
            course_identifier=registration.training.type.course,
        )
        if it.flag("removed")
        else None
    )


def _read_email(_: Builder, registration: Registration, it: Fields) -> Event | None:
    return partial(
        change_email,
        participant_id=registration.user_id,
        course_identifier=registration.training.type.course,
        email=it.text("email"),
    )


READERS: Mapping[str, Reader] = {
    "deferred": _read_deferral,
    "withdrawn": _read_withdrawal,
    "resumed": _read_return,
    "leaving": _read_leaving,
    "joining": _read_joining,
    "schedule": _read_schedule,
    "mentor": _read_mentor,
    "induction_completed": _read_completion,
    "removed": _read_removal,
    "email": _read_email,
}
