"""When voiding a declaration is refused, and when one cannot become eligible."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, Declaration, DeclarationState, LineItem, Statement
from ecf_sandbox.ecf.rules.declarations import CONTRACT_ENDED
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.state.record import Record

INVALID = "Invalid action"


class Voiding(Record, frozen=True, kw_only=True):
    """A wish to void: the declaration, the line item of an earlier clawback, the statement that would take one."""

    declaration: Declaration
    refund: LineItem | None
    statement: Statement | None

    @property
    def paid(self) -> bool:
        """Whether the money would have to be clawed back."""
        return self.declaration.state is DeclarationState.PAID

    @property
    def year(self) -> int:
        """The cohort whose contract paid."""
        return self.declaration.cohort


@rule(
    "voiding.already-voided",
    field=INVALID,
    detail="This declaration has already been voided.",
    source="behaviour/declarations.md#6-x1",
)
def already_voided(voiding: Voiding) -> bool:
    """A declaration is voided once."""
    return voiding.declaration.state is DeclarationState.VOIDED


@rule(
    "voiding.clawed-back",
    field=INVALID,
    detail="This declaration has been clawed-back, so you can only view it.",
    source="behaviour/declarations.md#6-x2",
)
def clawed_back(voiding: Voiding) -> bool:
    """What is being clawed back, or has been, stays as it is."""
    return voiding.declaration.state in REFUNDABLE


@rule(
    "voiding.already-refunded",
    field=INVALID,
    detail="Participant declaration will or has been be refunded",
    source="behaviour/declarations.md#6-x4",
)
def already_refunded(voiding: Voiding) -> bool:
    """The payment for a declaration is clawed back once."""
    return voiding.paid and voiding.refund is not None


@rule(
    "voiding.cohort-closed",
    field=INVALID,
    detail=f"Participant declaration {CONTRACT_ENDED}",
    source="behaviour/declarations.md#6-x3",
)
def cohort_closed(voiding: Voiding) -> bool:
    """A payment is clawed back on a statement of the declaration's own cohort that is still open."""
    return voiding.paid and voiding.statement is None


VOID_DECLARATION: Rulebook[Voiding] = Rulebook(
    "void a declaration", (already_voided, clawed_back, already_refunded, cohort_closed)
)


class Promotion(Record, frozen=True, kw_only=True):
    """A submitted declaration that is to become eligible, and the statement that would take it."""

    declaration: Declaration
    statement: Statement | None

    @property
    def year(self) -> int:
        """The cohort whose contract would pay."""
        return self.declaration.cohort

    @property
    def declared(self) -> str:
        """The type of the declaration."""
        return self.declaration.type


@rule(
    "eligibility.cohort-closed",
    field="cohort",
    detail="This participant cannot become eligible: their submitted '{declared}' declaration would need an open "
    "statement of the {year} cohort, and its provider has none. Void the declaration first.",
    source="behaviour/declarations.md#10-1, where the service crashes",
)
def no_open_statement(promotion: Promotion) -> bool:
    """Whoever becomes eligible has their submitted declarations paid, so each needs a statement that is open."""
    return promotion.statement is None


BECOME_ELIGIBLE: Rulebook[Promotion] = Rulebook("make a declaration eligible", (no_open_statement,))
