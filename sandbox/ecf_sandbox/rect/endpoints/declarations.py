"""/participant-declarations: list and view declarations."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.endpoints.lists import page_of, updated_since, uuids, years
from ecf_sandbox.rect.endpoints.shape import id_of
from ecf_sandbox.rect.queries.declarations import sees, visible
from ecf_sandbox.rect.queries.history import year_of
from ecf_sandbox.rect.queries.training import at_school_of
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.rulebook.refusals import NotFound


def list_declarations(context: RequestContext) -> Json:
    """All declarations that the provider sees, by pages."""
    records = context.turn.records
    return {"data": [v3.declaration(records, it) for it in page_of(context, _filtered(context))]}


def _filtered(context: RequestContext) -> Sequence[Declaration]:
    records = context.turn.records
    found: Sequence[Declaration] = visible(records, context.provider.id)
    training = records.training_periods
    if (wanted := years(context)) is not None:
        found = [it for it in found if year_of(records, training[it.training_period_id]) in wanted]
    if (people := uuids(context, "participant_id")) is not None:
        found = [it for it in found if at_school_of(records, training[it.training_period_id]).teacher_id in people]
    if (partners := uuids(context, "delivery_partner_id")) is not None:
        found = [it for it in found if it.delivery_partner_id in partners]
    if (since := updated_since(context)) is not None:
        found = [it for it in found if it.updated_at >= since]
    return found


def show_declaration(context: RequestContext) -> Json:
    """One declaration."""
    records = context.turn.records
    found = records.declarations.get(id_of(context))
    if found is None or not sees(records, context.provider.id, found):
        raise NotFound
    return {"data": v3.declaration(records, found)}
