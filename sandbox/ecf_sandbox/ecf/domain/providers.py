"""Lead providers, their tokens and the delivery partners they work with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record


class Provider(Record, frozen=True, kw_only=True):
    """A lead provider.

    `name` is the lead provider's own name, shown in transfers; `organisation` is the organisation's name,
    shown as `lead_provider_name` in declarations (behaviour/errata.md#names).
    """

    id: str
    name: str
    organisation: str


class TokenKind(StrEnum):
    """The classes of token; only LEAD_PROVIDER opens the provider API."""

    LEAD_PROVIDER = "lead_provider"
    ENGAGE_AND_LEARN = "engage_and_learn"
    DATA_STUDIO = "data_studio"


class Token(Record, frozen=True, kw_only=True):
    """What a client presents. `provider_id` is None when the organisation is no lead provider (403)."""

    value: str
    kind: TokenKind = TokenKind.LEAD_PROVIDER
    provider_id: str | None = None


class DeliveryPartner(Record, frozen=True, kw_only=True):
    """An organisation that delivers training for providers; closed down once `discarded_at` is set."""

    id: str
    name: str
    discarded_at: datetime | None = None
    created_at: datetime
    updated_at: datetime


class ProviderRelationship(Record, frozen=True, kw_only=True):
    """Says that a provider may name a delivery partner for a cohort, until `discarded_at`."""

    id: str
    provider_id: str
    delivery_partner_id: str
    cohort: int
    discarded_at: datetime | None = None
