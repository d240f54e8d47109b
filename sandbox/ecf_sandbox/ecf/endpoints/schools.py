"""/schools/ecf, /delivery-partners and /statements: what a provider reads before it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.lists import cohorts, in_order, leading_integer, order_of, page_of, updated_since
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
from ecf_sandbox.ecf.serializers.declarations import statement_document
from ecf_sandbox.ecf.serializers.partnerships import delivery_partner_document, school_document
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.state.records import Records

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


def list_schools(call: Call) -> Json:
    """The schools on offer for the cohort that the filter names."""
    cohort, found = _found(call, schools)
    order = order_of(call, COLUMNS)
    ordered = found if order is None else in_order(found, order, lambda it, name: getattr(it, COLUMNS[name]))
    return {"data": [school_document(call.turn.records, it, cohort) for it in page_of(call, ordered)]}


def show_school(call: Call) -> Json:
    """One of them."""
    cohort, found = _found(call, lambda records, cohort: _one(records, call.id, cohort))
    if not found:
        raise NotFound
    return {"data": school_document(call.turn.records, found[0], cohort)}


def _one(records: Records, id: str | None, cohort: int) -> Sequence[School]:
    school = records.schools.get(id)
    return [school] if school is not None and listed(records, school, cohort) else []


def _found(call: Call, start: Callable[[Records, int], Sequence[School]]) -> tuple[int, Sequence[School]]:
    chosen = call.parameters.get("filter")
    if not isinstance(chosen, Mapping) or "cohort" not in chosen:
        raise BadRequest("Bad parameter", "The filter '#/cohort' must be included in your request")
    cohort = leading_integer(call.filter("cohort") or "")
    records, urn, since = call.turn.records, call.filter("urn"), updated_since(call)
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


def list_delivery_partners(call: Call) -> Json:
    """Those that the provider works with in the cohorts asked for."""
    records = call.turn.records
    found = delivery_partners(records, call.provider.id, cohorts(call))
    order = order_of(call, DELIVERY_PARTNER_COLUMNS)
    ordered = found if order is None else in_order(found, order, getattr)
    page = page_of(call, ordered)
    return {"data": [delivery_partner_document(records, it, call.provider.id) for it in page]}


def show_delivery_partner(call: Call) -> Json:
    """One that the provider works with, in whatever cohort."""
    records = call.turn.records
    found = live_delivery_partner(records, call.id)
    if found is None or not cohorts_with(records, call.provider.id, found.id):
        raise NotFound
    return {"data": delivery_partner_document(records, found, call.provider.id)}


def list_statements(call: Call) -> Json:
    """The provider's output statements, the first payment first."""
    found = statements(call.turn.records, call.provider.id, cohorts(call)) if _of_this_kind(call) else ()
    since = updated_since(call)
    if since is not None:
        found = tuple(it for it in found if it.updated_at >= since)
    return {"data": [statement_document(it) for it in page_of(call, found)]}


def show_statement(call: Call) -> Json:
    """One of the provider's statements, output or not."""
    found = call.turn.records.statements.get(call.id)
    if found is None or found.provider_id != call.provider.id or not _of_this_kind(call):
        raise NotFound
    return {"data": statement_document(found)}


def _of_this_kind(call: Call) -> bool:
    return call.filter("type") in (None, "ecf")
