"""The section of a scenario on people: who they are and which ids they have had."""

from __future__ import annotations

import re
from datetime import datetime

from ecf_sandbox.ecf.domain.participants import EarlyRollOutMentor, IdChange, Identity, ParticipantType, User
from ecf_sandbox.ecf.scenario.draft import Draft
from ecf_sandbox.ecf.scenario.registration import Registration, register, usual_registration
from ecf_sandbox.scenario.fields import Fields
from ecf_sandbox.state.record import replace


def read_people(draft: Draft, scenario: Fields) -> list[Registration]:
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


def add_people(draft: Draft) -> None:
    """Everybody as they are once they have been registered and checked."""
    draft.add(*draft.users.values(), *draft.identities.values())


def _read_person(draft: Draft, fields: Fields, n: int) -> None:
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


def _read_merged(draft: Draft, fields: Fields, user: User) -> User:
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
