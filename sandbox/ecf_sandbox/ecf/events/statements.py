"""How the DfE closes and pays statements, and takes back what was declared."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from ecf_sandbox.ecf.actions.declarations import move
from ecf_sandbox.ecf.actions.voiding import void_as_dfe
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Phase, Statement
from ecf_sandbox.ecf.events.event import DeclarationId, StatementId
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace


def cut_off_statement(turn: Turn, statement_id: StatementId) -> Statement:
    """A statement's deadline has passed: what is eligible on it becomes payable, and so does the statement."""
    statement = turn.records.statements[statement_id]
    if statement.phase is not Phase.OPEN:
        raise DoesNotFit(f"the statement of {statement.name} is {statement.phase} already")
    _advance(turn, statement, DeclarationState.ELIGIBLE, DeclarationState.PAYABLE)
    return _enter(turn, statement, Phase.PAYABLE)


def nightly_cut_off(turn: Turn) -> None:
    """Every night, the statements whose deadline was the day before are cut off."""
    yesterday = turn.now.date() - timedelta(days=1)
    for it in turn.records.statements:
        if it.phase is Phase.OPEN and it.deadline_date == yesterday:
            cut_off_statement(turn, it.id)


def pay_statement(turn: Turn, statement_id: StatementId) -> Statement:
    """The DfE pays a statement: what is payable on it is paid, what awaits clawback is clawed back."""
    statement = turn.records.statements[statement_id]
    if statement.phase is not Phase.PAYABLE:
        raise DoesNotFit(f"the statement of {statement.name} is {statement.phase}, not payable")
    _advance(turn, statement, DeclarationState.PAYABLE, DeclarationState.PAID)
    _advance(turn, statement, DeclarationState.AWAITING_CLAWBACK, DeclarationState.CLAWED_BACK)
    return _enter(turn, statement, Phase.PAID)


def dfe_void_declaration(
    turn: Turn,
    declaration_id: DeclarationId,
    user_id: Annotated[str | None, "who in the DfE does it; it shows nowhere"] = None,  # noqa: ARG001 - as told
) -> Declaration:
    """A finance user of the DfE voids a declaration of any provider, or claws back what was paid for it."""
    return void_as_dfe(turn, declaration_id)


def _advance(turn: Turn, statement: Statement, before: DeclarationState, after: DeclarationState) -> None:
    """Line items in a state move on to the next, and their declarations with them."""
    for it in turn.records.line_items.by("statement_id", statement.id):
        declaration = turn.records.declarations[it.declaration_id]
        if it.state is before and declaration.state is before:
            move(turn, declaration, after)
            turn.save(replace(it, state=after, updated_at=turn.stamp()))


def _enter(turn: Turn, statement: Statement, phase: Phase) -> Statement:
    entered = replace(statement, phase=phase, updated_at=turn.stamp())
    turn.save(entered)
    return entered
