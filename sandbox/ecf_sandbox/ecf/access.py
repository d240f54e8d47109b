"""Whose a token is."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.providers import Provider, TokenKind
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.rulebook.refusals import OutOfScope


def caller_of(records: Records, token: str) -> Provider | None:
    """The provider who has a token, None for a token that nobody has; raises OutOfScope for one of another kind."""
    known = records.tokens.get(token)
    if known is None:
        return None
    provider = records.providers.get(known.provider_id)
    if provider is None or known.kind is not TokenKind.LEAD_PROVIDER:
        raise OutOfScope
    return provider
