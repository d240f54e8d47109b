"""Lead providers, their tokens, and the delivery partners that they work with."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.state.record import Record


class LeadProvider(Record, frozen=True, kw_only=True):
    """Who trains early career teachers and mentors under contract, and calls this API."""

    id: str
    name: str


class Token(Record, frozen=True, kw_only=True):
    """What a lead provider shows to be known; it may have several."""

    value: str
    lead_provider_id: str


class ActiveLeadProvider(Record, frozen=True, kw_only=True):
    """A lead provider that has a contract for a contract period. A school without partnership can express interest."""

    id: str
    lead_provider_id: str
    contract_period_year: int


class DeliveryPartner(Record, frozen=True, kw_only=True):
    """Who delivers the training of a lead provider at schools."""

    id: str
    name: str
    created_at: datetime
    updated_at: datetime


class DeliveryPartnership(Record, frozen=True, kw_only=True):
    """That a lead provider works with a delivery partner in a contract period."""

    id: str
    lead_provider_id: str
    delivery_partner_id: str
    contract_period_year: int
