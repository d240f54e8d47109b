"""/schools, /delivery-partners and /statements, which providers only read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.providers import DeliveryPartner
from ecf_sandbox.rect.domain.schools import School
from ecf_sandbox.rect.endpoints.lists import (
    Columns,
    ordered,
    page_of,
    required_year,
    updated_since,
    years,
    years_in_range,
)
from ecf_sandbox.rect.endpoints.shape import id_of
from ecf_sandbox.rect.queries import schools as query
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.rulebook.refusals import NotFound
from ecf_sandbox.rulebook.values import whole_number

_PARTNERS: Columns[DeliveryPartner] = {
    "created_at": attrgetter("created_at"),
    "updated_at": attrgetter("updated_at"),
    "api_updated_at": attrgetter("updated_at"),
    "id": attrgetter("created_at"),
    "api_id": attrgetter("id"),
    "name": attrgetter("name"),
}
_SCHOOLS: Columns[School] = {
    "created_at": attrgetter("created_at"),
    "id": attrgetter("created_at"),
    "api_id": attrgetter("id"),
    "urn": attrgetter("urn"),
    "marked_as_eligible": attrgetter("marked_as_eligible"),
    "induction_tutor_name": attrgetter("induction_tutor_name"),
    "induction_tutor_email": attrgetter("induction_tutor_email"),
}


def list_schools(context: RequestContext) -> Json:
    """Schools as they are for one contract period, by pages."""
    year, records = required_year(context), context.turn.records
    found: Sequence[School] = query.schools_in(records, year) if year is not None else ()
    since = updated_since(context)
    if year is None:
        return {"data": page_of(context, ())}
    if (urn := context.filter("urn")) is not None:
        found = [it for it in found if it.urn == whole_number(urn)]
    if since is not None:
        found = [it for it in found if query.school_updated_at(records, it, year) >= since]
    rows = page_of(context, ordered(context, found, _columns(context, records, year)))
    return {"data": [v3.school(records, it, year, context.provider.id) for it in rows]}


def _columns(context: RequestContext, records: Records, year: int) -> Columns[School]:
    """What sorts: a school's columns, or those of what is known of it for the period once that is mentioned."""
    if "updated_at" not in str(context.params.get("sort")):
        return _SCHOOLS
    updated_at = partial(_updated_at, records, year)
    return {"updated_at": updated_at, "api_updated_at": updated_at}


def _updated_at(records: Records, year: int, it: School) -> Any:
    return query.school_updated_at(records, it, year)


def show_school(context: RequestContext) -> Json:
    """One school as it is for a contract period."""
    year, records = required_year(context), context.turn.records
    id = id_of(context)
    found = [it for it in query.schools_in(records, year) if it.id == id] if year is not None else []
    if not found or year is None:
        raise NotFound
    return {"data": v3.school(records, found[0], year, context.provider.id)}


def list_delivery_partners(context: RequestContext) -> Json:
    """Delivery partners that work with the provider, by pages."""
    records, provider_id = context.turn.records, context.provider.id
    found: Sequence[DeliveryPartner] = query.delivery_partners_of(records, provider_id)
    if (wanted := years_in_range(context)) is not None:
        found = [it for it in found if query.works_in(records, it.id, wanted)]
    rows = page_of(context, ordered(context, found, _PARTNERS))
    return {"data": [v3.delivery_partner(records, it, provider_id) for it in rows]}


def show_delivery_partner(context: RequestContext) -> Json:
    """One delivery partner."""
    records, id = context.turn.records, id_of(context)
    for it in query.delivery_partners_of(records, context.provider.id):
        if it.id == id:
            return {"data": v3.delivery_partner(records, it, context.provider.id)}
    raise NotFound


def list_statements(context: RequestContext) -> Json:
    """The provider's output statements by payment date, by pages."""
    found: Sequence[Statement] = query.statements_of(context.turn.records, context.provider.id)
    if (wanted := years(context)) is not None:
        found = [it for it in found if it.contract_period_year in wanted]
    if (since := updated_since(context)) is not None:
        found = [it for it in found if it.updated_at >= since]
    return {"data": [v3.statement(it) for it in page_of(context, found)]}


def show_statement(context: RequestContext) -> Json:
    """One statement."""
    found = context.turn.records.statements.get(id_of(context))
    if found is None or not found.output_fee or found.lead_provider_id != context.provider.id:
        raise NotFound
    return {"data": v3.statement(found)}
