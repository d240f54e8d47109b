"""Sound requests for every write of the provider API, read off a world, and what the rules say of any request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.actions.change_schedule import change_schedule
from ecf_sandbox.ecf.actions.declarations import record_declaration
from ecf_sandbox.ecf.actions.participants import defer, resume, withdraw, withdrawal_reasons
from ecf_sandbox.ecf.actions.partnerships import confirm_partnership, update_partnership
from ecf_sandbox.ecf.actions.voiding import void_declaration
from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import MOVES, DeclarationState
from ecf_sandbox.ecf.domain.participants import RecordStatus, TrainingRecord, TrainingStatus, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.properties.arguments import names_of
from ecf_sandbox.ecf.queries.participants import participants
from ecf_sandbox.ecf.queries.partnerships import ordinary_partnership
from ecf_sandbox.ecf.records import Records, Turn, records_in
from ecf_sandbox.ecf.rules.declarations import CLASSIC, ENGAGED
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS
from ecf_sandbox.rulebook.refusals import NotFound
from ecf_sandbox.state.properties import Choose, Request
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.requests import (
    Candidate,
    attributes_in,
    first_sound,
    fixed,
    id_in,
    moments_between,
    rules_against,
)
from ecf_sandbox.tools.properties.requests import named as names_in_place

# The writes of the API by their operation, the likeliest first.
WRITES = (
    "createDeclaration",
    "voidDeclaration",
    "deferParticipant",
    "withdrawParticipant",
    "resumeParticipant",
    "changeParticipantSchedule",
    "confirmPartnership",
    "updatePartnership",
)
DECLARATIONS, PARTICIPANTS, PARTNERSHIPS = (
    "/api/v3/participant-declarations",
    "/api/v3/participants/ecf",
    "/api/v3/partnerships/ecf",
)
_STATUS = {
    "deferParticipant": ("defer", DEFERRAL_REASONS),
    "withdrawParticipant": ("withdraw", None),
    "resumeParticipant": ("resume", frozenset[str]()),
}
_REASONS_LAST = ("moved-school", "mentor-no-longer-being-mentor")


def sound(world: World, client: str, write: str, choose: Choose) -> Request | None:
    """A request that the provider of that name may make now and that is accepted; None where there is none."""
    records = records_in(world.state)
    found = candidates(records, provider_named(records, client), write, world.now())
    return first_sound(found, lambda request: judged(world, client, request), choose)


def candidates(records: Records, provider: Provider, write: str, now: datetime) -> Iterator[Candidate]:
    """Requests of that kind which a provider might make now, each of which draws its details; some are refused."""
    return _CANDIDATES[write](records, provider, now)


def judged(world: World, client: str, request: Request) -> tuple[str, ...]:
    """The rules that refuse a request now, each once; nothing of it is kept. `not found` and `bad request` are none."""
    turn: Turn = world.look()
    provider = provider_named(turn.records, client)
    return rules_against(lambda: _act(turn, provider, request))


def named(records: Records, value: Any) -> Any:
    """A target or a document with references in place of ids."""
    return names_in_place(names_of(records), value)


def provider_named(records: Records, name: str) -> Provider:
    """The lead provider of that name; raises KeyError."""
    found = next((it for it in records.providers if it.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def _act(turn: Turn, provider: Provider, request: Request) -> object:
    fields, id = attributes_in(request), id_in(request.target)
    match request.operation:
        case "createDeclaration":
            return record_declaration(turn, provider, fields)
        case "voidDeclaration":
            return void_declaration(turn, provider, id)
        case "confirmPartnership":
            return confirm_partnership(turn, provider, fields)
        case "updatePartnership":
            found = ordinary_partnership(turn.records, provider.id, id)
            if found is None:
                raise NotFound
            return update_partnership(turn, provider, found, fields)
    return _UPDATES[request.operation](turn, provider, id, fields)


_UPDATES: Mapping[str, Callable[..., object]] = {
    "deferParticipant": defer,
    "withdrawParticipant": withdraw,
    "resumeParticipant": resume,
    "changeParticipantSchedule": change_schedule,
}


# Documents


def declaration(**attributes: Any) -> Request:
    """A declaration with these attributes."""
    body = {"data": {"type": "participant-declaration", "attributes": attributes}}
    return Request(operation="createDeclaration", method="POST", target=DECLARATIONS, body=body)


def voiding(id: str) -> Request:
    """The voiding of a declaration."""
    return Request(operation="voidDeclaration", method="PUT", target=f"{DECLARATIONS}/{id}/void")


def update(operation: str, id: str, **attributes: Any) -> Request:
    """Something that is said of a participant."""
    action = _STATUS[operation][0] if operation in _STATUS else "change-schedule"
    body = {"data": {"type": f"participant-{action}", "attributes": attributes}}
    return Request(operation=operation, method="PUT", target=f"{PARTICIPANTS}/{id}/{action}", body=body)


def confirmation(**attributes: Any) -> Request:
    """The confirmation of a partnership."""
    body = {"data": {"type": "ecf-partnership", "attributes": attributes}}
    return Request(operation="confirmPartnership", method="POST", target=PARTNERSHIPS, body=body)


def partnership_update(id: str, **attributes: Any) -> Request:
    """Another delivery partner for a partnership."""
    body = {"data": {"type": "ecf-partnership-update", "attributes": attributes}}
    return Request(operation="updatePartnership", method="PUT", target=f"{PARTNERSHIPS}/{id}", body=body)


# What might be requested

Trained = tuple[User, TrainingRecord, TrainingStatus]


def trained(records: Records, provider: Provider) -> Iterator[Trained]:
    """Whom a provider trains, each training record that the school stands by, with what the provider said last."""
    for person in participants(records, provider.id, validated_only=True):
        for it in person.enrolments:
            if it.training.status is RecordStatus.ACTIVE:
                yield person.user, it.training, it.induction.training_status


def moments_in(milestone: Milestone, now: datetime) -> Sequence[datetime]:
    """Moments at which a milestone may have been reached by now: in the middle of a day, then those at its edges."""
    return moments_between(milestone.opens, milestone.closes, now)


def _declarations(records: Records, provider: Provider, now: datetime) -> Iterator[Candidate]:
    for user, training, _ in trained(records, provider):
        made = {it.type for it in records.declarations.by("training_record_id", training.id) if it.live}
        for milestone in records.schedules[training.schedule_id].milestones:
            if milestone.opens <= now and milestone.declaration_type not in made:
                yield _declare(records, user, training, milestone, now)


def _declare(records: Records, user: User, training: TrainingRecord, milestone: Milestone, now: datetime) -> Candidate:
    def drawn(choose: Choose) -> Request:
        cohort = records.cohorts[records.schedules[training.schedule_id].cohort]
        attributes = {
            "participant_id": user.id,
            "declaration_type": milestone.declaration_type,
            "declaration_date": instant(choose(moments_in(milestone, now))),
            "course_identifier": training.type.course.value,
        }
        if milestone.declaration_type != "started":
            engaged = cohort.detailed_evidence_types and milestone.declaration_type in ("retained-2", "completed")
            attributes["evidence_held"] = choose(sorted(ENGAGED if engaged else CLASSIC))
        return declaration(**attributes)

    return drawn


def _voidings(records: Records, provider: Provider, _: datetime) -> Iterator[Candidate]:
    for it in sorted(records.declarations.by("provider_id", provider.id), key=lambda it: (it.created_at, it.id)):
        if MOVES[it.state] & {DeclarationState.VOIDED, DeclarationState.AWAITING_CLAWBACK}:
            yield fixed(voiding(it.id))


def _of_status(write: str, *wanted: TrainingStatus) -> Callable[[Records, Provider, datetime], Iterator[Candidate]]:
    def found(records: Records, provider: Provider, _: datetime) -> Iterator[Candidate]:
        for user, training, status in trained(records, provider):
            if status in wanted:
                yield _update(records, write, user, training)

    return found


def _update(records: Records, write: str, user: User, training: TrainingRecord) -> Candidate:
    def drawn(choose: Choose) -> Request:
        reasons = _STATUS[write][1]
        options = sorted(
            withdrawal_reasons(records) if reasons is None else reasons, key=lambda it: it in _REASONS_LAST
        )
        reason = {"reason": choose(options)} if options else {}
        return update(write, user.id, course_identifier=training.type.course.value, **reason)

    return drawn


def _schedule_changes(records: Records, provider: Provider, _: datetime) -> Iterator[Candidate]:
    for user, training, status in trained(records, provider):
        if status is TrainingStatus.WITHDRAWN:
            continue
        present = records.schedules[training.schedule_id]
        for it in sorted(records.schedules, key=lambda it: it.identifier):
            if it.cohort == present.cohort and it.id != present.id and it.permits(training.type.course.value):
                told = {"schedule_identifier": it.identifier, "course_identifier": training.type.course.value}
                yield fixed(update("changeParticipantSchedule", user.id, **told, cohort=str(it.cohort)))


def _confirmations(records: Records, provider: Provider, _: datetime) -> Iterator[Candidate]:
    for relationship in records.provider_relationships.by("provider_id", provider.id):
        if relationship.discarded_at is None:
            for school in records.schools:
                there = records.partnerships.by("school_id,cohort", (school.id, relationship.cohort))
                if all(it.challenged for it in there):
                    yield fixed(
                        confirmation(
                            cohort=str(relationship.cohort),
                            school_id=school.id,
                            delivery_partner_id=relationship.delivery_partner_id,
                        )
                    )


def _partnership_updates(records: Records, provider: Provider, _: datetime) -> Iterator[Candidate]:
    for it in records.partnerships.by("provider_id", provider.id):
        for relationship in records.provider_relationships.by("provider_id", provider.id):
            works = relationship.discarded_at is None and relationship.cohort == it.cohort
            if works and not it.challenged and relationship.delivery_partner_id != it.delivery_partner_id:
                yield fixed(partnership_update(it.id, delivery_partner_id=relationship.delivery_partner_id))


_CANDIDATES: Mapping[str, Callable[[Records, Provider, datetime], Iterator[Candidate]]] = {
    "createDeclaration": _declarations,
    "voidDeclaration": _voidings,
    "deferParticipant": _of_status("deferParticipant", TrainingStatus.ACTIVE),
    "withdrawParticipant": _of_status("withdrawParticipant", TrainingStatus.ACTIVE, TrainingStatus.DEFERRED),
    "resumeParticipant": _of_status("resumeParticipant", TrainingStatus.DEFERRED),
    "changeParticipantSchedule": _schedule_changes,
    "confirmPartnership": _confirmations,
    "updatePartnership": _partnership_updates,
}
