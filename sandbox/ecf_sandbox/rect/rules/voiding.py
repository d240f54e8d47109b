"""When voiding a declaration is refused (behaviour/rect.md#11-13)."""

from __future__ import annotations

from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.declarations import Declaration, State
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.state.record import Record


class Voiding(Record, frozen=True, kw_only=True):
    """A wish to void: the declaration, its contract period, and the statement that would take a clawback."""

    declaration: Declaration
    year: int
    statement: Statement | None

    @property
    def paid(self) -> bool:
        """Whether money has to come back."""
        return self.declaration.state is State.PAID


FIELD = "participant_declaration_id"


@rule(
    "voiding.already-voided",
    field=FIELD,
    detail="The declaration has already been voided.",
    source="behaviour/rect.md#11-13",
)
def already_voided(attempt: Voiding) -> bool:
    """A declaration is voided once."""
    return attempt.declaration.state is State.VOIDED


@rule(
    "voiding.already-refunded",
    field=FIELD,
    detail="The declaration will or has been refunded",
    source="behaviour/rect.md#11-13",
)
def already_refunded(attempt: Voiding) -> bool:
    """What was paid is taken back once."""
    return attempt.declaration.state in (State.AWAITING_CLAWBACK, State.CLAWED_BACK)


@rule(
    "voiding.cohort-closed",
    field=FIELD,
    detail="You cannot submit or void declarations for the {year} cohort. The funding contract for this cohort has "
    "ended. Get in touch if you need to discuss this with us",
    source="behaviour/rect.md#11-13",
)
def cohort_closed(attempt: Voiding) -> bool:
    """A statement of the cohort has to be left, in whatever status, that takes back what was paid."""
    return attempt.paid and attempt.statement is None


VOID_DECLARATION: Rulebook[Voiding] = Rulebook("void a declaration", (already_voided, already_refunded, cohort_closed))
