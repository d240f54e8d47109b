"""Declarations, and the states that payment and clawback take them through."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record

STARTED, COMPLETED = "started", "completed"
# In the order in which training goes through them (behaviour/rect.md#11-9).
TYPES = (
    *(STARTED, "retained-1", "retained-2", "retained-3", "retained-4"),
    *(COMPLETED, "extended-1", "extended-2", "extended-3"),
)


class PaymentStatus(StrEnum):
    """How far a declaration has come on its way to payment."""

    NO_PAYMENT = "no_payment"
    ELIGIBLE = "eligible"
    PAYABLE = "payable"
    PAID = "paid"
    VOIDED = "voided"


class ClawbackStatus(StrEnum):
    """Whether what was paid is taken back."""

    NO_CLAWBACK = "no_clawback"
    AWAITING_CLAWBACK = "awaiting_clawback"
    CLAWED_BACK = "clawed_back"


class State(StrEnum):
    """The one state that the API shows."""

    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    PAYABLE = "payable"
    PAID = "paid"
    VOIDED = "voided"
    AWAITING_CLAWBACK = "awaiting-clawback"
    CLAWED_BACK = "clawed-back"


# Where nothing is clawed back, payment tells.
_OF_PAYMENT = {
    PaymentStatus.NO_PAYMENT: State.SUBMITTED,
    PaymentStatus.ELIGIBLE: State.ELIGIBLE,
    PaymentStatus.PAYABLE: State.PAYABLE,
    PaymentStatus.PAID: State.PAID,
    PaymentStatus.VOIDED: State.VOIDED,
}
# What takes the slot of its type, and what other providers are shown (behaviour/rect.md#11-6).
LIVE = frozenset({State.SUBMITTED, State.ELIGIBLE, State.PAYABLE, State.PAID})


class Declaration(Record, frozen=True, kw_only=True):
    """A provider's word that a participant reached a milestone.

    `delivery_partner_id` and `mentorship_period_id` are those of the day on which it was made.
    """

    id: str
    training_period_id: str
    declaration_type: str
    declaration_date: datetime
    payment_status: PaymentStatus = PaymentStatus.NO_PAYMENT
    clawback_status: ClawbackStatus = ClawbackStatus.NO_CLAWBACK
    payment_statement_id: str | None = None
    clawback_statement_id: str | None = None
    evidence_type: str | None = None
    delivery_partner_id: str | None = None
    mentorship_period_id: str | None = None
    pupil_premium_uplift: bool = False
    sparsity_uplift: bool = False
    created_at: datetime
    updated_at: datetime

    @property
    def state(self) -> State:
        """The clawback's state where there is one, else the payment's."""
        if self.clawback_status is ClawbackStatus.AWAITING_CLAWBACK:
            return State.AWAITING_CLAWBACK
        if self.clawback_status is ClawbackStatus.CLAWED_BACK:
            return State.CLAWED_BACK
        return _OF_PAYMENT[self.payment_status]

    @property
    def live(self) -> bool:
        """Submitted, or on its way to payment, or paid and not taken back."""
        return self.state in LIVE
