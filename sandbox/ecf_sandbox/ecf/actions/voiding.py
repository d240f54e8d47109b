"""Voiding declarations, and clawing back what was paid for them."""

from __future__ import annotations

from ecf_sandbox.ecf.actions.declarations import move, move_line_items, put_on
from ecf_sandbox.ecf.actions.mentor_completion import refresh_mentor_completion
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.declarations import next_output_statement, refunding
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.rules.declarations import COMPLETED
from ecf_sandbox.ecf.rules.voiding import VOID_DECLARATION, Voiding
from ecf_sandbox.rulebook.refusals import NotFound


def void_declaration(turn: Turn, provider: Provider, declaration_id: str | None) -> Declaration:
    """A provider takes back what it declared; what was paid is clawed back. Raises NotFound, or Refused."""
    declaration = turn.records.declarations.get(declaration_id)
    if declaration is None or declaration.provider_id != provider.id:
        raise NotFound
    return _void(turn, declaration)


def void_as_dfe(turn: Turn, declaration_id: str) -> Declaration:
    """A finance user of the DfE voids or claws back any provider's declaration. Raises NotFound, or Refused."""
    declaration = turn.records.declarations.get(declaration_id)
    if declaration is None:
        raise NotFound
    return _void(turn, declaration)


def _void(turn: Turn, declaration: Declaration) -> Declaration:
    voiding = _gather(turn, declaration)
    turn.enforce(VOID_DECLARATION, voiding)
    ended = _claw_back(turn, voiding) if voiding.paid else _strike(turn, declaration)
    if ended.type == COMPLETED:
        refresh_mentor_completion(turn, ended.training_record_id)
    return ended


def _gather(turn: Turn, declaration: Declaration) -> Voiding:
    today = turn.now.date()
    return Voiding(
        declaration=declaration,
        refund=refunding(turn.records, declaration),
        statement=next_output_statement(turn.records, declaration.provider_id, declaration.cohort, today),
    )


def _strike(turn: Turn, declaration: Declaration) -> Declaration:
    """Nothing was paid: the declaration and its line item are void."""
    voided = move(turn, declaration, DeclarationState.VOIDED)
    move_line_items(turn, voided, before=declaration.state)
    return voided


def _claw_back(turn: Turn, voiding: Voiding) -> Declaration:
    """The paid line item stays where it is, and the next statement takes the money back."""
    awaiting = move(turn, voiding.declaration, DeclarationState.AWAITING_CLAWBACK)
    put_on(turn, voiding.statement, awaiting)
    return awaiting
