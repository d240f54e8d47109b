"""Says what world a request is to be played in: who and what it needs, of what was shown before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ecf_sandbox.moving.difference import Seen, resources
from ecf_sandbox.moving.facts import Facts, Partnered, Person, Training
from ecf_sandbox.moving.rect_world import COHORTS, RectWorld
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State

_MOST = 10  # of a list: enough to show that there is something in it
# Between these there are cohorts; a clock or a server date may say anything.
_EARLIEST, _LATEST = datetime(2021, 6, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_BEFORE = timedelta(days=30)
_COURSES = {"ecf-induction": "ect", "ecf-mentor": "mentor"}
_PARTNERSHIP = "partnership."


# What is answered so was not looked at far enough to ask about anybody.
_NOT_LOOKED_AT = frozenset({400, 401, 403, 406})


class NotShown(Exception):
    """The journal does not show what a request is about. Says what is missing, for many requests in the same words."""


def setting_of(seen: Seen, facts: Facts, provider: str) -> State:
    """The world in which to play a request; raises NotShown."""
    # A server date that has passed is that of a client that plays what was; nothing had happened yet by then.
    at, moment = seen.entry.at, seen.entry.moment
    world = RectWorld(provider, facts, min(max(_EARLIEST, min(at, moment)), _LATEST))
    try:
        _PREPARE.get(seen.operation, _list)(world, seen, facts)
    except NotShown:
        if seen.status not in _NOT_LOOKED_AT:
            raise
    except OverflowError:
        raise NotShown("days that the calendar has") from None
    return world.state(at)


def _list(world: RectWorld, seen: Seen, facts: Facts) -> None:
    """A list shows what there is: some of what it showed."""
    for it in resources(seen.entry.response.body)[:_MOST]:
        id = str(it.get("id"))
        if id in facts.people:
            if all(each.cohort in COHORTS for each in facts.people[id].training.values()):
                world.add_person(facts.people[id])
        elif id in facts.partnerships and facts.partnerships[id].cohort in COHORTS:
            world.add_partnership(facts.partnerships[id])
        elif id in facts.schools:
            world.add_school(id)
        elif id in facts.partners:
            world.add_delivery_partner(id)


def _show_person(world: RectWorld, seen: Seen, facts: Facts) -> None:
    id = _shown_id(seen)
    if seen.accepted:
        _place(world, facts.people.get(id) or _answered(seen).people.get(id))
    elif seen.status in _NOT_LOOKED_AT or seen.kept:
        _place(world, facts.people.get(id))


def _act(world: RectWorld, seen: Seen, facts: Facts) -> None:
    id = uuid_of(seen.id) or ""
    if not seen.accepted:
        known = facts.people.get(id)
        # Nobody has an id that is no UUID, whatever else was told.
        if known is None and id and not seen.rules & _UNKNOWN and seen.status == 422:
            raise NotShown("the participant")
        if seen.kept and seen.rules & _UNKNOWN:
            raise NotShown("whether the participant is still at the school")
        if known is not None and not seen.rules & _UNKNOWN:
            _place(world, known)
        return
    shown = _shown_id(seen)
    known = facts.people.get(shown)
    if known is None:
        known = _answered(seen).people.get(shown)
        known = known and _as_it_was(known, seen)
    if known is not None:
        _trained(known, _COURSES.get(str(seen.sent.get("course_identifier")), ""))
    _place(world, known)
    if seen.operation == "changeParticipantSchedule":
        for it in _answered(seen).people[shown].training.values():
            if it.cohort in COHORTS:
                world.add_partnership_of(it)


_UNKNOWN = frozenset({"participant.unknown", "participant.training-record-unknown", "participant.not-linked"})


def _as_it_was(person: Person, seen: Seen) -> Person:
    """Somebody before the action that was the first thing to show them: in a state that it could begin in."""
    kind = _COURSES.get(str(seen.sent.get("course_identifier")), "")
    training = person.training.get(kind)
    if training is None:
        raise NotShown("the participant's training")
    changes: Mapping[str, Any] = {"training_status": "active", "stopped_at": None}
    if training.participant_status in ("withdrawn", None):
        changes = {**changes, "participant_status": "active"}
    if seen.operation == "resumeParticipant":
        changes = {"training_status": "deferred", "stopped_at": seen.entry.at - _BEFORE}
    if seen.operation == "changeParticipantSchedule":
        changes = {"schedule": _other_schedule(training)}
    before = replace(training, **changes)
    return Person(person.id, person.name, person.trn, {**person.training, kind: before})


def _other_schedule(it: Training) -> str:
    names = ("ecf-standard-september", "ecf-standard-january")
    return names[1] if it.schedule == names[0] else names[0]


def _declare(world: RectWorld, seen: Seen, facts: Facts) -> None:
    id = uuid_of(str(seen.sent.get("participant_id") or "")) or ""
    if seen.rules & _STRANGERS:
        if "declaration.participant-not-linked" in seen.rules and id in facts.people:
            world.add_person(facts.people[id])
        return
    if seen.accepted and id not in facts.people:
        meant = next(iter(_answered(seen).declarations.values()), None)
        if meant is not None and meant.participant_id != id:
            _place(world, facts.people.get(meant.participant_id))
            return
    if id not in facts.people:
        raise NotShown("the participant")
    kind = _COURSES.get(str(seen.sent.get("course_identifier")), "")
    if seen.accepted:
        _trained(facts.people[id], kind)
    _place(world, facts.people[id])
    training = facts.people[id].training.get(kind)
    if "declaration.already-made" in seen.rules and training is not None:
        made = [it.type for it in facts.declared_of(id, kind) if it.state != "voided"]
        if seen.sent.get("declaration_type") not in made:
            raise NotShown("the declaration that was made before")


_STRANGERS = frozenset(
    {
        *("declaration.participant-unknown", "declaration.training-record-unknown"),
        "declaration.participant-not-linked",
    }
)


def _one_declaration(world: RectWorld, seen: Seen, facts: Facts) -> None:
    if seen.status == 404:
        return
    known = facts.declarations.get(uuid_of(seen.id) or "")
    if known is None and seen.accepted:
        known = next(iter(_answered(seen).declarations.values()), None)
        if known is not None and seen.operation == "voidDeclaration":
            known = replace(known, state="eligible" if known.state == "voided" else "paid")
    if known is None:
        raise NotShown("the declaration")
    facts.declarations.setdefault(known.id, known)
    person = facts.people.get(known.participant_id)
    if person is None:
        raise NotShown("the participant of the declaration")
    _trained(person, known.kind)
    _place(world, person)


def _trained(person: Person, kind: str) -> None:
    """Insist that training of a kind was shown that the old service took for granted."""
    if kind and kind not in person.training:
        raise NotShown(f"that the participant is trained as {kind}")


def _one_partnership(world: RectWorld, seen: Seen, facts: Facts) -> None:
    if seen.status == 404:
        return
    known = facts.partnerships.get(uuid_of(seen.id) or "")
    if known is None and seen.accepted and seen.entry.method == "GET":
        known = next(iter(_answered(seen).partnerships.values()), None)
    if known is None or known.cohort not in COHORTS:
        raise NotShown("the partnership")
    world.add_partnership(known)
    partner = uuid_of(str(seen.sent.get("delivery_partner_id") or ""))
    if partner and not seen.rules & {"partnership.delivery-partner-unknown"}:
        recognised = "partnership.delivery-partner-not-recognised" not in seen.rules
        world.add_delivery_partner(partner, known.cohort if recognised else None)


def _confirm(world: RectWorld, seen: Seen, facts: Facts) -> None:
    school = uuid_of(str(seen.sent.get("school_id") or ""))
    partner = uuid_of(str(seen.sent.get("delivery_partner_id") or ""))
    cohort = next((it for it in COHORTS if str(it) == str(seen.sent.get("cohort")).strip()), None)
    if seen.accepted and not (school and partner):
        raise NotShown("what its body says")
    broken = {it.removeprefix(_PARTNERSHIP) for it in seen.rules}
    if school and "school-unknown" not in broken:
        world.add_school(school, eligible="school-ineligible" not in broken)
    if partner and "delivery-partner-unknown" not in broken:
        world.add_delivery_partner(partner, None if "delivery-partner-not-recognised" in broken else cohort)
    if school and partner and cohort:
        theirs = [it for it in facts.partnerships.values() if (it.school_id, it.cohort) == (school, cohort)]
        if "already-confirmed" in broken and not theirs:
            urn = facts.schools.get(school, "")
            theirs = [Partnered(id=school, cohort=cohort, school_id=school, urn=urn, delivery_partner_id=partner)]
        for it in theirs:
            world.add_partnership(it)


def _one_school(world: RectWorld, seen: Seen, facts: Facts) -> None:  # noqa: ARG001 - as all of them are called
    if seen.accepted and seen.id:
        world.add_school(_shown_id(seen))


def _one_delivery_partner(world: RectWorld, seen: Seen, facts: Facts) -> None:
    if seen.accepted and seen.id:
        facts.partners.setdefault(_shown_id(seen), _answered(seen).partners.get(_shown_id(seen), frozenset()))
        world.add_delivery_partner(_shown_id(seen))


def _one_statement(world: RectWorld, seen: Seen, facts: Facts) -> None:  # noqa: ARG001 - as all of them are called
    if seen.accepted:
        facts.statements.update(_answered(seen).statements)


def _not_made(world: RectWorld, seen: Seen, facts: Facts) -> None:  # noqa: ARG001 - as all of them are called
    if seen.status != 404:
        raise NotShown("the history that it tells")


def _place(world: RectWorld, person: Person | None) -> None:
    if person is None or not person.training:
        raise NotShown("the participant's training")
    if not all(it.cohort in COHORTS for it in person.training.values()):
        raise NotShown("a cohort that the new service has")
    world.add_person(person)


def _shown_id(seen: Seen) -> str:
    return next((str(it.get("id")) for it in resources(seen.entry.response.body)), uuid_of(seen.id) or "")


def _answered(seen: Seen) -> Facts:
    found = Facts()
    found.learn(seen.entry.response.body)
    return found


_PREPARE: Mapping[str, Callable[[RectWorld, Seen, Facts], None]] = {
    "showParticipant": _show_person,
    "deferParticipant": _act,
    "resumeParticipant": _act,
    "withdrawParticipant": _act,
    "changeParticipantSchedule": _act,
    "showTransfers": _not_made,
    "showUnfundedMentor": _not_made,
    "createDeclaration": _declare,
    "showDeclaration": _one_declaration,
    "voidDeclaration": _one_declaration,
    "confirmPartnership": _confirm,
    "showPartnership": _one_partnership,
    "updatePartnership": _one_partnership,
    "showSchool": _one_school,
    "showDeliveryPartner": _one_delivery_partner,
    "showStatement": _one_statement,
}
