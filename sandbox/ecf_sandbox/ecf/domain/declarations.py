"""Declarations, the statements that pay for them, and the states both go through."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ecf_sandbox.ecf.domain.participants import Course, ParticipantType
from ecf_sandbox.state.record import Record


class DeclarationState(StrEnum):
    """The state of a declaration, as stored."""

    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    PAYABLE = "payable"
    PAID = "paid"
    VOIDED = "voided"
    INELIGIBLE = "ineligible"
    AWAITING_CLAWBACK = "awaiting_clawback"
    CLAWED_BACK = "clawed_back"


# behaviour/declarations.md#7-1; no other move exists.
MOVES: dict[DeclarationState, frozenset[DeclarationState]] = {
    DeclarationState.SUBMITTED: frozenset(
        {DeclarationState.ELIGIBLE, DeclarationState.INELIGIBLE, DeclarationState.VOIDED}
    ),
    DeclarationState.ELIGIBLE: frozenset({DeclarationState.PAYABLE, DeclarationState.VOIDED}),
    DeclarationState.PAYABLE: frozenset({DeclarationState.PAID, DeclarationState.VOIDED}),
    DeclarationState.PAID: frozenset({DeclarationState.AWAITING_CLAWBACK}),
    DeclarationState.INELIGIBLE: frozenset({DeclarationState.VOIDED}),
    DeclarationState.AWAITING_CLAWBACK: frozenset({DeclarationState.CLAWED_BACK}),
    DeclarationState.VOIDED: frozenset(),
    DeclarationState.CLAWED_BACK: frozenset(),
}

BILLABLE = frozenset({DeclarationState.ELIGIBLE, DeclarationState.PAYABLE, DeclarationState.PAID})
REFUNDABLE = frozenset({DeclarationState.AWAITING_CLAWBACK, DeclarationState.CLAWED_BACK})
# What takes the slot of its type: no second declaration of it may be made.
LIVE = BILLABLE | {DeclarationState.SUBMITTED}


class Declaration(Record, frozen=True, kw_only=True):
    """A provider's word that a participant reached a milestone."""

    id: str
    user_id: str
    training_record_id: str
    provider_id: str
    course: Course
    participant_type: ParticipantType
    type: str
    date: datetime
    cohort: int
    state: DeclarationState = DeclarationState.SUBMITTED
    state_reason: str | None = None
    evidence_held: str | None = None
    delivery_partner_id: str | None = None
    mentor_user_id: str | None = None
    pupil_premium_uplift: bool | None = False
    sparsity_uplift: bool | None = False
    superseded_by_id: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def live(self) -> bool:
        """Submitted, or on its way to payment, or paid."""
        return self.state in LIVE

    @property
    def bills(self) -> bool:
        """Eligible for payment, payable or paid."""
        return self.state in BILLABLE


class Phase(StrEnum):
    """Where a statement is between opening and payment."""

    OPEN = "open"
    PAYABLE = "payable"
    PAID = "paid"


class Statement(Record, frozen=True, kw_only=True):
    """What the DfE pays a provider for a cohort at one payment date."""

    id: str
    provider_id: str
    cohort: int
    name: str
    deadline_date: date
    payment_date: date
    output_fee: bool = True
    phase: Phase = Phase.OPEN
    created_at: datetime
    updated_at: datetime

    def takes(self, today: date) -> bool:
        """Whether declarations may still be put on it: open, an output statement, its cut-off not past."""
        return self.phase is Phase.OPEN and self.output_fee and self.deadline_date >= today


class LineItem(Record, frozen=True, kw_only=True):
    """A declaration on a statement. `state` takes the values of `State`."""

    id: str
    statement_id: str
    declaration_id: str
    state: DeclarationState
    created_at: datetime
    updated_at: datetime


class Feature(Record, frozen=True, kw_only=True):
    """A switch that the DfE's staff throw."""

    name: str
    active: bool = False
