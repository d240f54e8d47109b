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
from ecf_sandbox.scenario.fields import Fields
from ecf_sandbox.state.record import replace

DEFAULT_SCHEDULE = "ecf-standard-september"
NOT_CHECKED = "none"
_BORN = date(1990, 1, 2)
_UPLIFTS = {it: it for it in ("pupil_premium", "sparsity")}
_DUPLICITY = {it: it for it in ("single", "primary", "secondary")}
_MENTOR = ParticipantType.MENTOR
# What may be said of each outcome of the checks, behaviour/participants.md#11-2; the first is meant if nothing is said.
REASONS: Mapping[EligibilityStatus, Mapping[str, str]] = {
    status: {it: it for it in reasons.split()}
    for status, reasons in {
        EligibilityStatus.ELIGIBLE: "none",
        EligibilityStatus.MATCHED: "none",
        EligibilityStatus.MANUAL_CHECK: "no_qts no_induction active_flags different_trn",
        EligibilityStatus.INELIGIBLE: "previous_induction previous_participation duplicate_profile"
        " exempt_from_induction",
    }.items()
}


class Registration(NamedTuple):
    """A training record as it was registered, and what of its part of the file is still to be read.

    `eligible_from` is the moment since when it is funded, if it is.
    """

    name: str
    fields: Fields
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


def register(draft: Builder, person: Fields, type: ParticipantType, n: int) -> Registration | None:
    """The training record of one type that a person has in the file, if any; `n` is their place in it."""
    fields = person.inner(type.value)
    if fields is None:
        return None
    place = _place(draft, fields, type, n)
    if place is None:
        # Say what is wrong with the place, and not what would follow from it.
        fields.finish()
        return None
    name = person.text("name", "")
    training = _training(draft, fields, name, type, place)
    eligible_from = _read_eligibility(draft, fields, name, training)
    _enrol(draft, fields, name, training, place)
    return Registration(name, fields, draft.users[name].id, place.cohort, training, eligible_from)


def _place(draft: Builder, fields: Fields, type: ParticipantType, n: int) -> Placement | None:
    cohort = fields.known("cohort", {it: it for it in draft.schedules}, "cohort")
    school = fields.text("school") if fields.known("school", draft.schools, "school") else None
    if cohort is None:
        return None
    schedule = fields.maybe_known("schedule", draft.schedules[cohort], "schedule")
    if "schedule" not in fields:
        schedule = draft.schedules[cohort][DEFAULT_SCHEDULE]
    if schedule is not None and not schedule.permits(type.course):
        fields.note("is for mentors only", "schedule")
    programme = _programme(draft, fields, school, cohort) if school else None
    registered = fields.maybe_moment("registered") or usual_registration(cohort, n)
    if registered > draft.as_of:
        fields.note("is after the moment that the scenario describes (as_of)", "registered")
    if school is None or schedule is None or programme is None:
        return None
    return Placement(school, cohort, schedule, programme, registered)


def _programme(draft: Builder, fields: Fields, school: str, cohort: int) -> Programme | None:
    """That of the named provider, else the one that the school's new participants join."""
    if "provider" in fields:
        own = draft.partnerships.get((school, cohort), {})
        partnership: Partnership | None = fields.maybe_known("provider", own, f"partner of {school} for {cohort}")
        return draft.programme_with[partnership.id] if partnership else None
    found = draft.default_programmes.get((school, cohort))
    if found is None:
        fields.note(f"{school} has no programme for {cohort}: see its programmes, and partnerships", "school")
    return found


def _training(draft: Builder, fields: Fields, name: str, type: ParticipantType, place: Placement) -> TrainingRecord:
    uplifts = fields.several("uplifts", _UPLIFTS, "uplift")
    ect = type is not _MENTOR
    mentor = fields.maybe_known("mentor", draft.mentors, "mentor") if ect else None
    if mentor and mentor.identity_id == draft.identities[name].id:
        fields.note("nobody can be their own mentor", "mentor")
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
        duplicity=fields.maybe_known("duplicity", _DUPLICITY, "duplicity") or "single",
        notes=fields.maybe_text("notes"),
        created_at=place.registered,
        updated_at=place.registered,
    )
    return training if ect else _read_mentor_completion(fields, training)


def _read_mentor_completion(fields: Fields, training: TrainingRecord) -> TrainingRecord:
    """`mentor_completion:` for what the DfE set; a completed declaration sets it by itself."""
    completion = fields.inner("mentor_completion")
    if completion is None:
        return training
    reasons = {it: it for it in ("started_not_completed", "completed_during_early_roll_out")}
    training = replace(
        training,
        mentor_completion_date=completion.day("date"),
        mentor_completion_reason=completion.known("reason", reasons, "reason"),
    )
    completion.finish()
    return training


def _read_eligibility(draft: Builder, fields: Fields, name: str, training: TrainingRecord) -> datetime | None:
    """`eligibility:`; without it eligible, `none` for somebody whose details the DfE has not validated yet.

    Answers from when on the training is funded, if it is.
    """
    checked = fields.maybe_moment("eligible_from") or training.created_at + timedelta(days=1)
    typed = fields.maybe_text("typed_trn") or draft.users[name].trn
    details = ValidationDetails(training_record_id=training.id, full_name=name, date_of_birth=_BORN, trn=typed)
    if fields.raw("eligibility") == NOT_CHECKED:
        if typed:
            draft.add(details)
        return None
    status = fields.choice("eligibility", EligibilityStatus, EligibilityStatus.ELIGIBLE)
    reason = fields.maybe_known("eligibility_reason", REASONS[status], f"reason for {status}")
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


def _enrol(draft: Builder, fields: Fields, name: str, training: TrainingRecord, place: Placement) -> None:
    at = place.registered
    starts = fields.maybe_moment("starts") or datetime.combine(place.schedule.milestones[0].start, time(), UTC)
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


def read_people(draft: Builder, scenario: Fields) -> list[Registration]:
    """`people:`: everybody's person, identities and registrations. What happened afterwards is read by others."""
    people = list(scenario.each("people", finish=False))
    for n, fields in enumerate(people):
        _read_person(draft, fields, n)
    found = [
        registration
        # mentors first, so that ECTs can name them
        for type in (ParticipantType.MENTOR, ParticipantType.ECT)
        for n, fields in enumerate(people)
        if (registration := register(draft, fields, type, n))
    ]
    for fields in people:
        fields.finish()
    return found


def add_people(draft: Builder) -> None:
    """Everybody as they are once they have been registered and checked."""
    draft.add(*draft.users.values(), *draft.identities.values())


def _read_person(draft: Builder, fields: Fields, n: int) -> None:
    name, story = fields.text("name"), fields.text("story", "")
    if name in draft.users:
        fields.note(f"somebody else is called '{name}', too", "name")
    draft.stories[name] = story
    since = _first_registered(fields, n)
    user = User(
        id=draft.id("person", name),
        full_name=name,
        email=fields.text("email", f"{re.sub(r'[^a-z]+', '.', name.lower()).strip('.')}@example.com"),
        trn=fields.maybe_text("trn"),
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
    draft.users[name] = _read_merged(draft, fields, user)
    if fields.flag("early_roll_out") and user.trn:
        draft.add(EarlyRollOutMentor(trn=user.trn))


def _first_registered(fields: Fields, n: int) -> datetime:
    """A person is made with the first of their training records, which are read, and judged, later."""
    found = []
    for type in ParticipantType:
        training = fields.raw(type.value)
        if isinstance(training, dict):
            quiet = Fields(training, (), [])
            cohort = quiet.number("cohort", 2025)
            found.append(quiet.maybe_moment("registered") or usual_registration(min(max(cohort, 2021), 2100), n))
    return min(found, default=usual_registration(2025, n))


def _read_merged(draft: Builder, fields: Fields, user: User) -> User:
    """`merged:` lists people who turned out to be this one: their ids are retired, still accepted in writes."""
    for it in fields.each("merged"):
        name, at = it.text("name"), it.moment("at")
        retired = draft.id("person", name)
        draft.add(
            Identity(
                id=draft.id("identity", name),
                user_id=user.id,
                email=it.text("email"),
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
