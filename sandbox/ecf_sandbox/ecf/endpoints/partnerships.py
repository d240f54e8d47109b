"""/partnerships/ecf: view, confirm and update partnerships."""

from __future__ import annotations

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.lists import cohorts, in_order, order_of, page_of, updated_since, uuids
from ecf_sandbox.ecf.actions.partnerships import confirm_partnership as confirm
from ecf_sandbox.ecf.actions.partnerships import update_partnership as update
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.partnerships import ordinary_partnership, partnership_touched_since, partnerships
from ecf_sandbox.ecf.serializers.partnerships import partnership_document
from ecf_sandbox.rulebook.refusals import NotFound

# The service's columns, and what they are called here.
COLUMNS = {
    "id": "id",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "school_id": "school_id",
    "lead_provider_id": "provider_id",
    "cohort_id": "cohort",
    "delivery_partner_id": "delivery_partner_id",
    "challenged_at": "challenged_at",
    "challenge_reason": "challenge_reason",
    "challenge_deadline": "challenge_deadline",
    "pending": "pending",
    "report_id": "report_id",
    "relationship": "relationship",
}


def list_partnerships(call: Call) -> Json:
    """The provider's partnerships, challenged ones included."""
    records = call.turn.records
    found = partnerships(records, call.provider.id, cohorts(call))
    since, partners = updated_since(call), uuids(call, "delivery_partner_id")
    if since is not None:
        found = tuple(it for it in found if partnership_touched_since(records, it, since))
    if partners is not None:
        found = tuple(it for it in found if it.delivery_partner_id in partners)
    order = order_of(call, COLUMNS)
    ordered = found if order is None else in_order(found, order, lambda it, name: getattr(it, COLUMNS[name]))
    return {"data": [partnership_document(records, it) for it in page_of(call, ordered)]}


def show_partnership(call: Call) -> Json:
    """One of the provider's partnerships."""
    return {"data": partnership_document(call.turn.records, _own(call))}


def confirm_partnership(call: Call) -> Json:
    """The provider has agreed with a school and a delivery partner for a cohort."""
    attributes = call.attributes()
    made = confirm(call.turn, call.provider, attributes)
    # A confirmation shows the delivery partner's id as it was typed (behaviour/errata.md#partnerships).
    return {"data": partnership_document(call.turn.records, made, str(attributes["delivery_partner_id"]))}


def update_partnership(call: Call) -> Json:
    """The provider works with another delivery partner."""
    updated = update(call.turn, call.provider, _own(call), call.attributes())
    return {"data": partnership_document(call.turn.records, updated)}


def _own(call: Call) -> Partnership:
    found = ordinary_partnership(call.turn.records, call.provider.id, call.id)
    if found is None:
        raise NotFound
    return found
