"""Whose a token is. There is one kind of token, so nobody is ever out of scope (behaviour/rect.md#4)."""

from __future__ import annotations

from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.records import Records


def caller_of(records: Records, token: str) -> LeadProvider | None:
    """The lead provider who has a token, None for a token that nobody has."""
    known = records.tokens.get(token)
    return None if known is None else records.lead_providers.get(known.lead_provider_id)
