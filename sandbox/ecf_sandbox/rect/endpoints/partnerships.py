"""/partnerships: list and view partnerships."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.endpoints.lists import Columns, by_number, ordered, page_of, updated_since, uuids, years
from ecf_sandbox.rect.endpoints.shape import id_of
from ecf_sandbox.rect.queries.schools import partnership, partnerships_of
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.rulebook.refusals import NotFound

_COLUMNS: Columns[SchoolPartnership] = {
    "created_at": attrgetter("created_at"),
    "updated_at": attrgetter("updated_at"),
    "api_updated_at": attrgetter("updated_at"),
    "id": by_number,
    "api_id": attrgetter("id"),
}


def list_partnerships(context: RequestContext) -> Json:
    """The provider's partnerships, by pages."""
    records = context.turn.records
    rows = page_of(context, ordered(context, _filtered(context), _COLUMNS))
    return {"data": [v3.partnership(records, it, context.turn.now) for it in rows]}


def _filtered(context: RequestContext) -> Sequence[SchoolPartnership]:
    records = context.turn.records
    found: Sequence[SchoolPartnership] = partnerships_of(records, context.provider.id)
    if (wanted := years(context)) is not None:
        found = [it for it in found if delivery_partnership_of(records, it).contract_period_year in wanted]
    if (since := updated_since(context)) is not None:
        found = [it for it in found if it.updated_at >= since]
    if (partners := uuids(context, "delivery_partner_id")) is not None:
        found = [it for it in found if delivery_partnership_of(records, it).delivery_partner_id in partners]
    return found


def show_partnership(context: RequestContext) -> Json:
    """One partnership."""
    return {"data": v3.partnership(context.turn.records, partnership_in_path(context), context.turn.now)}


def partnership_in_path(context: RequestContext) -> SchoolPartnership:
    """The partnership whose id stands in the path; raises NotFound for one that is not the provider's."""
    found = partnership(context.turn.records, context.provider.id, id_of(context))
    if found is None:
        raise NotFound
    return found
