"""When somebody cannot become eligible for funding (behaviour/declarations.md#10-1)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.declarations import Declaration, Statement
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.state.record import Record


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
