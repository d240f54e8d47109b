"""A lead provider takes a declaration back; what was paid is clawed back (behaviour/rect.md#11-13)."""

from __future__ import annotations

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.declarations import next_statement
from ecf_sandbox.rect.actions.mentor_completion import reopen_mentor
from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.rect.domain.declarations import COMPLETED, ClawbackStatus, Declaration, PaymentStatus
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.queries.history import contract_period_of
from ecf_sandbox.rect.queries.training import provider_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.rules.voiding import VOID_DECLARATION, Voiding
from ecf_sandbox.rulebook.refusals import NotFound
from ecf_sandbox.state.record import replace


def void_declaration(turn: Turn, provider: LeadProvider, declaration_id: str | None) -> Declaration:
    """Void a declaration of the provider's own. Raises NotFound, or Refused."""
    declaration = turn.records.declarations.get(declaration_id)
    if declaration is None:
        raise NotFound
    training = turn.records.training_periods[declaration.training_period_id]
    period = contract_period_of(turn.records, training)
    if provider_of(turn.records, training) != provider.id or period is None:
        raise NotFound
    today = uk_day(turn.now)
    statement = next_statement(turn.records, provider.id, period.year, today, open_only=False)
    voiding = Voiding(declaration=declaration, year=period.year, statement=statement)
    turn.enforce(VOID_DECLARATION, voiding)
    save(turn, _ended(voiding))
    if declaration.declaration_type == COMPLETED and training.kind is TeacherType.MENTOR:
        reopen_mentor(turn, provider, declaration)
    return turn.records.declarations[declaration.id]


def _ended(voiding: Voiding) -> Declaration:
    if voiding.paid and voiding.statement:
        return replace(
            voiding.declaration,
            clawback_status=ClawbackStatus.AWAITING_CLAWBACK,
            clawback_statement_id=voiding.statement.id,
        )
    return replace(voiding.declaration, payment_status=PaymentStatus.VOIDED, payment_statement_id=None)
