"""Sound requests for every write of the API, read off a world, and what the rules say of any request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.uk import uk_day, uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.actions.change_schedule import change_schedule
from ecf_sandbox.rect.actions.declarations import declarations_of, record_declaration
from ecf_sandbox.rect.actions.participants import defer, resume, withdraw
from ecf_sandbox.rect.actions.partnerships import create_partnership, update_partnership
from ecf_sandbox.rect.actions.voiding import void_declaration
from ecf_sandbox.rect.domain.contracts import Milestone
from ecf_sandbox.rect.domain.declarations import LIVE
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.properties.arguments import names_of
from ecf_sandbox.rect.queries.history import contract_period_of, schedule_of
from ecf_sandbox.rect.queries.participants import participant, participants
from ecf_sandbox.rect.queries.schools import partnership, partnerships_of
from ecf_sandbox.rect.queries.training import delivery_partnership_of, provider_of
from ecf_sandbox.rect.records import Records, Turn, records_in
from ecf_sandbox.rect.rules.declarations import DeclarationAttempt, last_moment
from ecf_sandbox.rect.rules.participants import DEFERRAL_REASONS, NO_LONGER_MENTOR, WITHDRAWAL_REASONS
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
    "/api/v3/participants",
    "/api/v3/partnerships",
)
_UPDATES: Mapping[str, tuple[str, Callable[..., None]]] = {
    "deferParticipant": ("defer", defer),
    "withdrawParticipant": ("withdraw", withdraw),
    "resumeParticipant": ("resume", resume),
    "changeParticipantSchedule": ("change-schedule", change_schedule),
}
Trained = tuple[Teacher, TrainingPeriod]


def sound(world: World, client: str, write: str, choose: Choose) -> Request | None:
    """A request that the provider of that name may make now and that is accepted; None where there is none."""
    records = records_in(world.state)
    found = candidates(records, provider_named(records, client), write, world.now())
    return first_sound(found, lambda request: judged(world, client, request), choose)


def candidates(records: Records, provider: LeadProvider, write: str, now: datetime) -> Iterator[Candidate]:
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


def provider_named(records: Records, name: str) -> LeadProvider:
    """The lead provider of that name; raises KeyError."""
    found = records.lead_providers.one("name", name)
    if found is None:
        raise KeyError(name)
    return found


def _act(turn: Turn, provider: LeadProvider, request: Request) -> object:
    fields, id = attributes_in(request), id_in(request.target)
    match request.operation:
        case "createDeclaration":
            return record_declaration(turn, provider, fields)
        case "voidDeclaration":
            return void_declaration(turn, provider, id)
        case "confirmPartnership":
            return create_partnership(turn, provider, fields)
        case "updatePartnership":
            there = partnership(turn.records, provider.id, id)
            if there is None:
                raise NotFound
            return update_partnership(turn, provider, there, fields)
    found = participant(turn.records, provider.id, id)
    if found is None:
        raise NotFound
    return _UPDATES[request.operation][1](turn, provider, found.teacher, fields)


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
    action = _UPDATES[operation][0]
    body = {"data": {"type": f"participant-{action}", "attributes": attributes}}
    return Request(operation=operation, method="PUT", target=f"{PARTICIPANTS}/{id}/{action}", body=body)


def confirmation(**attributes: Any) -> Request:
    """A new partnership."""
    body = {"data": {"type": "partnership", "attributes": attributes}}
    return Request(operation="confirmPartnership", method="POST", target=PARTNERSHIPS, body=body)


def partnership_update(id: str, **attributes: Any) -> Request:
    """Another delivery partner for a partnership."""
    body = {"data": {"type": "partnership-update", "attributes": attributes}}
    return Request(operation="updatePartnership", method="PUT", target=f"{PARTNERSHIPS}/{id}", body=body)


# What might be requested


def trained(records: Records, provider: LeadProvider) -> Iterator[Trained]:
    """Whom a provider trains or trained, with its latest training of each kind."""
    for person in participants(records, provider.id):
        yield from ((person.teacher, it) for it in person.enrolments)


def moments_in(milestone: Milestone, now: datetime) -> Sequence[datetime]:
    """Moments at which a milestone may have been reached by now."""
    end = milestone.milestone_date
    return moments_between(uk_midnight(milestone.start_date), None if end is None else last_moment(end), now)


def _declarations(records: Records, provider: LeadProvider, now: datetime) -> Iterator[Candidate]:
    for teacher, training in trained(records, provider):
        schedule = schedule_of(records, training)
        made = {it.declaration_type for it in declarations_of(records, teacher, training.kind) if it.state in LIVE}
        for milestone in schedule.milestones if schedule else ():
            if milestone.declaration_type not in made and moments_in(milestone, now):
                yield _declare(records, teacher, training, milestone, now)


def _declare(
    records: Records, teacher: Teacher, training: TrainingPeriod, milestone: Milestone, now: datetime
) -> Candidate:
    def drawn(choose: Choose) -> Request:
        attributes = {
            "participant_id": teacher.id,
            "declaration_type": milestone.declaration_type,
            "declaration_date": instant(choose(moments_in(milestone, now))),
            "course_identifier": training.kind.course,
        }
        evidence = evidence_for(records, training, milestone.declaration_type)
        if evidence is not None:
            attributes["evidence_held"] = choose(sorted(evidence))
        return declaration(**attributes)

    return drawn


def evidence_for(records: Records, training: TrainingPeriod, declaration_type: str) -> frozenset[str] | None:
    """The evidence that counts for a type of declaration in somebody's training; None where none is kept."""
    attempt = DeclarationAttempt(
        now=training.created_at,
        type=declaration_type,
        kind=training.kind,
        contract_period=contract_period_of(records, training),
    )
    return attempt.evidence_choices


def own_declarations(records: Records, provider: LeadProvider) -> list[Any]:
    """The declarations that a provider made, the oldest first."""
    own = (
        it
        for it in records.declarations
        if provider_of(records, records.training_periods[it.training_period_id]) == provider.id
    )
    return sorted(own, key=lambda it: (it.created_at, it.id))


def _voidings(records: Records, provider: LeadProvider, _: datetime) -> Iterator[Candidate]:
    yield from (fixed(voiding(it.id)) for it in own_declarations(records, provider) if it.live)


def _of_status(write: str, *wanted: TrainingStatus) -> Callable[..., Iterator[Candidate]]:
    def found(records: Records, provider: LeadProvider, _: datetime) -> Iterator[Candidate]:
        for teacher, training in trained(records, provider):
            if training.training_status in wanted:
                yield _update(write, teacher, training)

    return found


def _update(write: str, teacher: Teacher, training: TrainingPeriod) -> Candidate:
    def drawn(choose: Choose) -> Request:
        options = reasons_for(write, training.kind)
        reason = {"reason": choose(options)} if options else {}
        return update(write, teacher.id, course_identifier=training.kind.course, **reason)

    return drawn


def reasons_for(write: str, kind: TeacherType) -> Sequence[str]:
    """The reasons that count for a deferral or a withdrawal; nothing else has any."""
    if write == "deferParticipant":
        return sorted(DEFERRAL_REASONS)
    if write != "withdrawParticipant":
        return ()
    return sorted(it for it in WITHDRAWAL_REASONS if kind is TeacherType.MENTOR or it != NO_LONGER_MENTOR)


def _schedule_changes(records: Records, provider: LeadProvider, _: datetime) -> Iterator[Candidate]:
    for teacher, training in trained(records, provider):
        present = schedule_of(records, training)
        for it in sorted(records.schedules, key=lambda it: it.identifier):
            barred = it.reduced if training.kind is TeacherType.MENTOR else it.replacement
            same = present is not None and it.contract_period_year == present.contract_period_year
            if same and it != present and not barred:
                told = {"schedule_identifier": it.identifier, "course_identifier": training.kind.course}
                cohort = str(it.contract_period_year)
                yield fixed(update("changeParticipantSchedule", teacher.id, **told, cohort=cohort))


def _confirmations(records: Records, provider: LeadProvider, now: datetime) -> Iterator[Candidate]:
    for works in records.delivery_partnerships.by("lead_provider_id", provider.id):
        period = records.contract_periods[works.contract_period_year]
        if period.enabled and period.started_on <= uk_day(now):
            for school in records.schools:
                yield fixed(
                    confirmation(
                        cohort=str(period.year), school_id=school.id, delivery_partner_id=works.delivery_partner_id
                    )
                )


def _partnership_updates(records: Records, provider: LeadProvider, _: datetime) -> Iterator[Candidate]:
    for it in partnerships_of(records, provider.id):
        present = delivery_partnership_of(records, it)
        for works in records.delivery_partnerships.by("lead_provider_id", provider.id):
            if works.contract_period_year == present.contract_period_year and works.id != present.id:
                yield fixed(partnership_update(it.id, delivery_partner_id=works.delivery_partner_id))


_CANDIDATES: Mapping[str, Callable[[Records, LeadProvider, datetime], Iterator[Candidate]]] = {
    "createDeclaration": _declarations,
    "voidDeclaration": _voidings,
    "deferParticipant": _of_status("deferParticipant", TrainingStatus.ACTIVE),
    "withdrawParticipant": _of_status("withdrawParticipant", TrainingStatus.ACTIVE, TrainingStatus.DEFERRED),
    "resumeParticipant": _of_status("resumeParticipant", TrainingStatus.DEFERRED, TrainingStatus.WITHDRAWN),
    "changeParticipantSchedule": _schedule_changes,
    "confirmPartnership": _confirmations,
    "updatePartnership": _partnership_updates,
}
