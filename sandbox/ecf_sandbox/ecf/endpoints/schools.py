"""/schools/ecf, /delivery-partners and /statements: what a provider reads before it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.api.lists import cohorts, in_order, order_of, page_of, updated_since
from ecf_sandbox.ecf.domain.schools import School
from ecf_sandbox.ecf.queries.declarations import statements
from ecf_sandbox.ecf.queries.partnerships import (
    cohorts_with,
    delivery_partners,
    listed,
    live_delivery_partner,
    school_touched_since,
    schools,
)
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.serializers import v3
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.rulebook.values import whole_number

# The service's columns, and what they are called here.
COLUMNS = {
    "id": "id",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "urn": "urn",
    "name": "name",
    "school_type_code": "type_code",
    "school_status_code": "status_code",
    "administrative_district_code": "district_code",
    "section_41_approved": "section_41_approved",
    "primary_contact_email": "primary_contact_email",
    "secondary_contact_email": "secondary_contact_email",
    "postcode": "postcode",
    "address_line1": "address",
}


def list_schools(context: RequestContext) -> Json:
    """The schools on offer for the cohort that the filter names."""
    cohort, found = _found(context, schools)
    order = order_of(context, COLUMNS)
    ordered = found if order is None else in_order(found, order, lambda it, name: getattr(it, COLUMNS[name]))
    return {"data": [v3.school(context.turn.records, it, cohort) for it in page_of(context, ordered)]}


def show_school(context: RequestContext) -> Json:
    """One of them."""
    cohort, found = _found(context, lambda records, cohort: _one(records, context.uuid, cohort))
    if not found:
        raise NotFound
    return {"data": v3.school(context.turn.records, found[0], cohort)}


def _one(records: Records, id: str | None, cohort: int) -> Sequence[School]:
    school = records.schools.get(id)
    return [school] if school is not None and listed(records, school, cohort) else []


def _found(context: RequestContext, start: Callable[[Records, int], Sequence[School]]) -> tuple[int, Sequence[School]]:
    chosen = context.params.get("filter")
    if not isinstance(chosen, Mapping) or "cohort" not in chosen:
        raise BadRequest("Bad parameter", "The filter '#/cohort' must be included in your request")
    cohort = whole_number(context.filter("cohort")) or 0
    records, urn, since = context.turn.records, context.filter("urn"), updated_since(context)
    if urn is not None and "\0" in urn:
        raise BadRequest("Bad request", "string contains null byte")  # what the service's database driver says
    if cohort not in records.cohorts:
        return cohort, ()
    found = start(records, cohort)
    if urn is not None:
        found = [it for it in found if it.urn == urn]
    if since is not None:
        found = [it for it in found if school_touched_since(records, it, since)]
    return cohort, found


DELIVERY_PARTNER_COLUMNS = ("id", "name", "created_at", "updated_at", "discarded_at")


def list_delivery_partners(context: RequestContext) -> Json:
    """Those that the provider works with in the cohorts asked for."""
    records = context.turn.records
    found = delivery_partners(records, context.provider.id, cohorts(context))
    order = order_of(context, DELIVERY_PARTNER_COLUMNS)
    ordered = found if order is None else in_order(found, order, getattr)
    page = page_of(context, ordered)
    return {"data": [v3.delivery_partner(records, it, context.provider.id) for it in page]}


def show_delivery_partner(context: RequestContext) -> Json:
    """One that the provider works with, in whatever cohort."""
    records = context.turn.records
    found = live_delivery_partner(records, context.uuid)
    if found is None or not cohorts_with(records, context.provider.id, found.id):
        raise NotFound
    return {"data": v3.delivery_partner(records, found, context.provider.id)}


def list_statements(context: RequestContext) -> Json:
    """The provider's output statements, the first payment first."""
    found = statements(context.turn.records, context.provider.id, cohorts(context)) if _of_this_kind(context) else ()
    since = updated_since(context)
    if since is not None:
        found = tuple(it for it in found if it.updated_at >= since)
    return {"data": [v3.statement(it) for it in page_of(context, found)]}


def show_statement(context: RequestContext) -> Json:
    """One of the provider's statements, output or not."""
    found = context.turn.records.statements.get(context.uuid)
    if found is None or found.provider_id != context.provider.id or not _of_this_kind(context):
        raise NotFound
    return {"data": v3.statement(found)}


def _of_this_kind(context: RequestContext) -> bool:
    return context.filter("type") in (None, "ecf")
