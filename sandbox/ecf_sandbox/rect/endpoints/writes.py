"""What lead providers write: declarations, partnerships, and what they say of participants."""

from __future__ import annotations

from collections.abc import Callable

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.rect.actions import change_schedule as schedules
from ecf_sandbox.rect.actions import declarations, participants, partnerships, voiding
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher
from ecf_sandbox.rect.endpoints.participants import participant_in_path
from ecf_sandbox.rect.endpoints.partnerships import partnership_in_path
from ecf_sandbox.rect.endpoints.shape import attributes, id_of
from ecf_sandbox.rect.queries.participants import participant
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.rulebook.refusals import NotFound
from ecf_sandbox.rulebook.values import Fields

LEAVING = ("reason", "course_identifier")
RESUMING = ("course_identifier",)
SCHEDULE = ("schedule_identifier", "cohort", "course_identifier")
DECLARATION = ("participant_id", "declaration_type", "declaration_date", "course_identifier", "evidence_held")
PARTNERSHIP = ("cohort", "school_id", "delivery_partner_id")
PARTNER = ("delivery_partner_id",)

_Action = Callable[[Turn, LeadProvider, Teacher, Fields], None]


def defer(context: RequestContext) -> Json:
    """A participant takes a break."""
    return _change(context, participants.defer, LEAVING)


def withdraw(context: RequestContext) -> Json:
    """A participant is gone."""
    return _change(context, participants.withdraw, LEAVING)


def resume(context: RequestContext) -> Json:
    """A participant is back."""
    return _change(context, participants.resume, RESUMING)


def change_schedule(context: RequestContext) -> Json:
    """A participant trains by another schedule."""
    return _change(context, schedules.change_schedule, SCHEDULE)


def _change(context: RequestContext, action: _Action, known: tuple[str, ...]) -> Json:
    id, fields = id_or_nobody(context), attributes(context, known)
    found = participant(context.turn.records, context.provider.id, id)
    if found is None:
        raise NotFound
    action(context.turn, context.provider, found.teacher, fields)
    return {"data": v3.participant(context.turn.records, participant_in_path(context), context.turn.now)}


def id_or_nobody(context: RequestContext) -> str | None:
    """The id in the path, None for what is no id: a body in the wrong shape is refused before an unknown id is."""
    try:
        return id_of(context)
    except NotFound:
        return None


def create_declaration(context: RequestContext) -> Json:
    """A participant reached a milestone."""
    made = declarations.record_declaration(context.turn, context.provider, attributes(context, DECLARATION))
    return {"data": v3.declaration(context.turn.records, made)}


def void_declaration(context: RequestContext) -> Json:
    """A declaration is taken back."""
    voided = voiding.void_declaration(context.turn, context.provider, id_of(context))
    return {"data": v3.declaration(context.turn.records, voided)}


def create_partnership(context: RequestContext) -> Json:
    """The provider trains a school."""
    made = partnerships.create_partnership(context.turn, context.provider, attributes(context, PARTNERSHIP))
    return {"data": v3.partnership(context.turn.records, made, context.turn.now)}


def update_partnership(context: RequestContext) -> Json:
    """Another delivery partner trains a school."""
    found = partnership_in_path(context)
    changed = partnerships.update_partnership(context.turn, context.provider, found, attributes(context, PARTNER))
    return {"data": v3.partnership(context.turn.records, changed, context.turn.now)}
