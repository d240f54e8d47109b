"""/schools/ecf: schools that a provider can confirm a partnership with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.filters import leading_integer, updated_since
from ecf_sandbox.api.paging import page_of
from ecf_sandbox.api.sorting import in_order, order_of
from ecf_sandbox.ecf.domain.schools import School
from ecf_sandbox.ecf.queries.schools import listed, school_touched_since, schools
from ecf_sandbox.ecf.serializers.partnerships import school_document
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
