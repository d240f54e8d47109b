"""A declaration that can be voided, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.rect.domain.declarations import ClawbackStatus, PaymentStatus
from ecf_sandbox.rect.rules.examples.people import STARTED_MADE, STATEMENT
from ecf_sandbox.rect.rules.voiding import Voiding
from ecf_sandbox.state.record import replace

PAID = replace(STARTED_MADE, payment_status=PaymentStatus.PAID, payment_statement_id="statement")


def an_attempt(**changes: Any) -> Voiding:
    """A paid declaration whose cohort has a statement ahead: it may be clawed back."""
    return replace(Voiding(declaration=PAID, year=2025, statement=STATEMENT), **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "voiding.already-voided": {"declaration": replace(PAID, payment_status=PaymentStatus.VOIDED)},
    "voiding.already-refunded": {"declaration": replace(PAID, clawback_status=ClawbackStatus.AWAITING_CLAWBACK)},
    "voiding.cohort-closed": {"statement": None},
}
