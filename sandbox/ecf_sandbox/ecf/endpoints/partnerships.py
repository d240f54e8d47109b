"""/partnerships/ecf: view, confirm and update partnerships."""

from __future__ import annotations

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.api.lists import cohorts, in_order, order_of, page_of, updated_since, uuids
from ecf_sandbox.ecf.actions.partnerships import confirm_partnership as confirm
from ecf_sandbox.ecf.actions.partnerships import update_partnership as update
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.partnerships import ordinary_partnership, partnership_touched_since, partnerships
from ecf_sandbox.ecf.serializers import v3
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


def list_partnerships(context: RequestContext) -> Json:
    """The provider's partnerships, challenged ones included."""
    records = context.turn.records
    found = partnerships(records, context.provider.id, cohorts(context))
    since, partners = updated_since(context), uuids(context, "delivery_partner_id")
    if since is not None:
        found = tuple(it for it in found if partnership_touched_since(records, it, since))
    if partners is not None:
        found = tuple(it for it in found if it.delivery_partner_id in partners)
    order = order_of(context, COLUMNS)
    ordered = found if order is None else in_order(found, order, lambda it, name: getattr(it, COLUMNS[name]))
    return {"data": [v3.partnership(records, it) for it in page_of(context, ordered)]}


def show_partnership(context: RequestContext) -> Json:
    """One of the provider's partnerships."""
    return {"data": v3.partnership(context.turn.records, _own(context))}


def confirm_partnership(context: RequestContext) -> Json:
    """The provider has agreed with a school and a delivery partner for a cohort."""
    attributes = context.attributes()
    made = confirm(context.turn, context.provider, attributes)
    # A confirmation shows the delivery partner's id as it was typed (behaviour/errata.md#partnerships).
    return {"data": v3.partnership(context.turn.records, made, str(attributes["delivery_partner_id"]))}


def update_partnership(context: RequestContext) -> Json:
    """The provider works with another delivery partner."""
    updated = update(context.turn, context.provider, _own(context), context.attributes())
    return {"data": v3.partnership(context.turn.records, updated)}


def _own(context: RequestContext) -> Partnership:
    found = ordinary_partnership(context.turn.records, context.provider.id, context.uuid)
    if found is None:
        raise NotFound
    return found
