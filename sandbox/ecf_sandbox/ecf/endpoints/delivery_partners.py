"""/delivery-partners: those that a provider may name in a partnership."""

from __future__ import annotations

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.filters import cohorts
from ecf_sandbox.api.paging import page_of
from ecf_sandbox.api.sorting import in_order, order_of
from ecf_sandbox.ecf.queries.partnerships import cohorts_with, delivery_partners, live_delivery_partner
from ecf_sandbox.ecf.serializers.partnerships import delivery_partner_document
from ecf_sandbox.rulebook.refusals import NotFound

COLUMNS = ("id", "name", "created_at", "updated_at", "discarded_at")


def list_delivery_partners(call: Call) -> Json:
    """Those that the provider works with in the cohorts asked for."""
    records = call.turn.records
    found = delivery_partners(records, call.provider.id, cohorts(call))
    order = order_of(call, COLUMNS)
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
