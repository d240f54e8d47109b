"""A declaration that can be voided, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.domain.declarations import DeclarationState, LineItem
from ecf_sandbox.ecf.rules.examples.declarations import LONG_AGO, RIVAL, STATEMENT
from ecf_sandbox.ecf.rules.voiding import Voiding
from ecf_sandbox.state.record import replace

REFUND = LineItem(
    id="refund",
    statement_id="statement",
    declaration_id="rival",
    state=DeclarationState.AWAITING_CLAWBACK,
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
PAID = replace(RIVAL, state=DeclarationState.PAID)


def an_attempt(**changes: Any) -> Voiding:
    """A paid declaration whose cohort has an open statement: it may be clawed back."""
    return replace(Voiding(declaration=PAID, refund=None, statement=STATEMENT), **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "voiding.already-voided": {"declaration": replace(RIVAL, state=DeclarationState.VOIDED)},
    "voiding.clawed-back": {"declaration": replace(RIVAL, state=DeclarationState.CLAWED_BACK)},
    "voiding.already-refunded": {"refund": REFUND},
    "voiding.cohort-closed": {"statement": None},
}
