"""The section of a scenario on people: who they are and which ids they have had."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import (
    EarlyRollOutMentor,
    Eligibility,
    EligibilityStatus,
    IdChange,
    Identity,
    InductionRecord,
    ParticipantType,
    SchoolMentor,
    StatusChange,
    TrainingRecord,
    User,
    ValidationDetails,
)
from ecf_sandbox.ecf.domain.participants import TrainingStatus as Status
from ecf_sandbox.ecf.domain.schools import Partnership, Programme
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.people_sections import (
    NOT_CHECKED,
    REASONS,
    EctEntry,
    MentorEntry,
    PersonEntry,
    TrainingEntry,
)
from ecf_sandbox.ecf.scenario.sections import SchoolsAndPeople
from ecf_sandbox.state.record import replace

DEFAULT_SCHEDULE = "ecf-standard-september"
_BORN = date(1990, 1, 2)
_MENTOR = ParticipantType.MENTOR


class Registration(NamedTuple):
    """A training record as it was registered, and what of its part of the file is still to be read.

    `eligible_from` is the moment since when it is funded, if it is.
    """

    name: str
    entry: TrainingEntry
    user_id: str
    cohort: int
    training: TrainingRecord
    eligible_from: datetime | None


class Placement(NamedTuple):
    """Where and when somebody trains."""

    school: str
    cohort: int
    schedule: Schedule
    programme: Programme
    registered: datetime


def usual_registration(cohort: int, n: int) -> datetime:
    """In the first days of September, one after the other, so that the file's order is the order of creation."""
    return datetime(cohort, 9, 2, 9, tzinfo=UTC) + timedelta(minutes=7 * n)


def register(draft: Builder, person: PersonEntry, type: ParticipantType, n: int) -> Registration | None:
    """The training record of one type that a person has in the file, if any; `n` is their place in it."""
    entry = person.mentor if type is _MENTOR else person.ect
    if entry is None:
        return None
    place = _place(draft, entry, type, n)
    if place is None:
        # Say what is wrong with the place, and not what would follow from it.
        entry.finish()
        return None
    name = person.name
    training = _training(draft, entry, name, type, place)
    eligible_from = _read_eligibility(draft, entry, name, training)
    _enrol(draft, entry, name, training, place)
    return Registration(name, entry, draft.users[name].id, place.cohort, training, eligible_from)


def _place(draft: Builder, entry: TrainingEntry, type: ParticipantType, n: int) -> Placement | None:
    cohort = entry.cohort.among({it: it for it in draft.schedules})
    school = entry.school.name if entry.school.among(draft.schools) else None
    if cohort is None:
        return None
    schedules = draft.schedules[cohort]
    schedule = entry.schedule.among(schedules) if entry.schedule else schedules[DEFAULT_SCHEDULE]
    if schedule is not None and not schedule.permits(type.course):
        entry.note("is for mentors only", "schedule")
    programme = _programme(draft, entry, school, cohort) if school else None
    registered = entry.registered or usual_registration(cohort, n)
    if registered > draft.as_of:
        entry.note("is after the moment that the scenario describes (as_of)", "registered")
    if school is None or schedule is None or programme is None:
        return None
    return Placement(school, cohort, schedule, programme, registered)


def _programme(draft: Builder, entry: TrainingEntry, school: str, cohort: int) -> Programme | None:
    """That of the named provider, else the one that the school's new participants join."""
    if entry.provider:
        own: Mapping[str, Partnership] = draft.partnerships.get((school, cohort), {})
        partnership = entry.provider.among(own, f"partner of {school} for {cohort}")
        return draft.programme_with[partnership.id] if partnership else None
    found = draft.default_programmes.get((school, cohort))
    if found is None:
        entry.note(f"{school} has no programme for {cohort}: see its programmes, and partnerships", "school")
    return found


def _training(
    draft: Builder, entry: TrainingEntry, name: str, type: ParticipantType, place: Placement
) -> TrainingRecord:
    uplifts = entry.uplifts or ()
    ect = type is not _MENTOR
    mentor = entry.mentor.among(draft.mentors) if isinstance(entry, EctEntry) else None
    if mentor and mentor.identity_id == draft.identities[name].id:
        entry.note("nobody can be their own mentor", "mentor")
    training = TrainingRecord(
        id=draft.id("training record", name, type.value),
        type=type,
        identity_id=draft.identities[name].id,
        school_cohort_id=place.programme.school_cohort_id,
        schedule_id=place.schedule.id,
        mentor_record_id=mentor.id if mentor else None,
        pupil_premium_uplift="pupil_premium" in uplifts,
        sparsity_uplift="sparsity" in uplifts,
        induction_start_date=place.schedule.milestones[0].start if ect else None,
        duplicity=entry.duplicity,
        notes=entry.notes,
        created_at=place.registered,
        updated_at=place.registered,
    )
    return _read_mentor_completion(entry, training) if isinstance(entry, MentorEntry) else training


def _read_mentor_completion(entry: MentorEntry, training: TrainingRecord) -> TrainingRecord:
    """`mentor_completion:` for what the DfE set; a completed declaration sets it by itself."""
    completion = entry.mentor_completion
    if completion is None:
        return training
    training = replace(training, mentor_completion_date=completion.date, mentor_completion_reason=completion.reason)
    completion.finish()
    return training


def _read_eligibility(draft: Builder, entry: TrainingEntry, name: str, training: TrainingRecord) -> datetime | None:
    """`eligibility:`; without it eligible, `none` for somebody whose details the DfE has not validated yet.

    Answers from when on the training is funded, if it is.
    """
    checked = entry.eligible_from or training.created_at + timedelta(days=1)
    typed = entry.typed_trn or draft.users[name].trn
    details = ValidationDetails(training_record_id=training.id, full_name=name, date_of_birth=_BORN, trn=typed)
    if entry.eligibility == NOT_CHECKED:
        if typed:
            draft.add(details)
        return None
    status = EligibilityStatus(entry.eligibility)
    reason = entry.eligibility_reason.among(REASONS[status], f"reason for {status}")
    draft.add(details, _outcome(training.id, status, reason or next(iter(REASONS[status]))))
    user = draft.users[name]
    draft.users[name] = replace(user, updated_at=max(user.updated_at, checked))
    return checked if status is EligibilityStatus.ELIGIBLE else None


def _outcome(training_id: str, status: EligibilityStatus, reason: str) -> Eligibility:
    return Eligibility(
        training_record_id=training_id,
        status=status,
        reason=reason,
        qts=reason != "no_qts",
        active_flags=reason == "active_flags",
        previous_participation=reason == "previous_participation",
        previous_induction=reason == "previous_induction",
        different_trn=reason == "different_trn",
        no_induction=reason == "no_induction",
        exempt_from_induction=reason == "exempt_from_induction",
    )


def _enrol(draft: Builder, entry: TrainingEntry, name: str, training: TrainingRecord, place: Placement) -> None:
    at = place.registered
    starts = entry.starts or datetime.combine(place.schedule.milestones[0].start, time(), UTC)
    draft.add(
        training,
        InductionRecord(
            id=draft.id("induction record", name, training.type.value),
            training_record_id=training.id,
            programme_id=place.programme.id,
            schedule_id=training.schedule_id,
            start_date=starts,
            preferred_identity_id=training.identity_id,
            mentor_record_id=training.mentor_record_id,
            created_at=at,
            updated_at=at,
        ),
        StatusChange(
            id=draft.id("status", name, training.type.value),
            training_record_id=training.id,
            provider_id=draft.provider_of.get(place.programme.id),
            state=Status.ACTIVE,
            created_at=at,
        ),
    )
    if not training.ect:
        draft.mentors[name] = training
        draft.mentor_ids[name] = draft.users[name].id
        draft.add(
            SchoolMentor(
                id=draft.id("school mentor", name),
                training_record_id=training.id,
                school_id=draft.schools[place.school].id,
                preferred_identity_id=training.identity_id,
            )
        )


def read_people(draft: Builder, scenario: SchoolsAndPeople) -> list[Registration]:
    """`people:`: everybody's person, identities and registrations. What happened afterwards is read by others."""
    people = list(scenario.people.unfinished())
    for n, person in enumerate(people):
        _read_person(draft, person, n)
    found = [
        registration
        # mentors first, so that ECTs can name them
        for type in (ParticipantType.MENTOR, ParticipantType.ECT)
        for n, person in enumerate(people)
        if (registration := register(draft, person, type, n))
    ]
    for person in people:
        person.finish()
    return found


def add_people(draft: Builder) -> None:
    """Everybody as they are once they have been registered and checked."""
    draft.add(*draft.users.values(), *draft.identities.values())


def _read_person(draft: Builder, person: PersonEntry, n: int) -> None:
    name = person.name
    if name in draft.users:
        person.note(f"somebody else is called '{name}', too", "name")
    draft.stories[name] = person.story or ""
    since = _first_registered(person, n)
    user = User(
        id=draft.id("person", name),
        full_name=name,
        email=person.email or f"{re.sub(r'[^a-z]+', '.', name.lower()).strip('.')}@example.com",
        trn=person.trn,
        created_at=since,
        updated_at=since,
    )
    draft.identities[name] = Identity(
        id=draft.id("identity", name),
        user_id=user.id,
        email=user.email,
        external_id=user.id,
        created_at=since,
        updated_at=since,
    )
    draft.users[name] = _read_merged(draft, person, user)
    if person.early_roll_out and user.trn:
        draft.add(EarlyRollOutMentor(trn=user.trn))


def _first_registered(person: PersonEntry, n: int) -> datetime:
    """A person is made with the first of their training records, which are judged later."""
    records = [it for it in (person.ect, person.mentor) if it]
    found = [it.registered or usual_registration(_year_of(it), n) for it in records]
    return min(found, default=usual_registration(2025, n))


def _year_of(training: TrainingEntry) -> int:
    cohort = training.cohort.value
    return min(max(cohort, 2021), 2100) if isinstance(cohort, int) else 2025


def _read_merged(draft: Builder, person: PersonEntry, user: User) -> User:
    """`merged:` lists people who turned out to be this one: their ids are retired, still accepted in writes."""
    for it in person.merged:
        name, at = it.name, it.at
        retired = draft.id("person", name)
        draft.add(
            Identity(
                id=draft.id("identity", name),
                user_id=user.id,
                email=it.email,
                external_id=retired,
                created_at=user.created_at,
                updated_at=at,
            ),
            IdChange(
                id=draft.id("id change", name),
                user_id=user.id,
                from_participant_id=retired,
                to_participant_id=user.id,
                created_at=at,
            ),
        )
        user = replace(user, updated_at=max(user.updated_at, at))
    return user
