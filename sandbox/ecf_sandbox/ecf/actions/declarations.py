"""Recording declarations, and moving them from state to state."""

from __future__ import annotations

from ecf_sandbox.ecf.actions.declaration_attempt import Fields, gather
from ecf_sandbox.ecf.actions.mentor_completion import refresh_mentor_completion
from ecf_sandbox.ecf.domain.declarations import BILLABLE, MOVES, REFUNDABLE, Declaration, LineItem, State, Statement
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.statements_open import next_output_statement
from ecf_sandbox.ecf.rules.becoming_eligible import BECOME_ELIGIBLE, Promotion
from ecf_sandbox.ecf.rules.declarations import COMPLETED, RECORD_DECLARATION, Attempt, insist_on_comparable_dates
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.turn import Turn


def record_declaration(turn: Turn, provider: Provider, fields: Fields) -> Declaration:
    """A provider says that a participant reached a milestone.

    `fields` are the scalar attributes as they came. Raises Refused, or BadRequest for a date that cannot be compared
    with anything.
    """
    attempt = gather(turn, provider, fields)
    insist_on_comparable_dates(attempt)
    turn.enforce(RECORD_DECLARATION, attempt)
    declaration = _bill(turn, _submit(turn, provider, attempt), attempt)
    if declaration.type == COMPLETED:
        refresh_mentor_completion(turn, declaration.training_record_id)
    return declaration


def become_eligible(turn: Turn, training_record_id: str) -> None:
    """Somebody's funding is confirmed: what was submitted for them becomes eligible (behaviour/declarations.md#10-1).

    Each goes on the next output statement of its own provider and cohort. Raises Refused if one has none.
    """
    today = turn.now.date()
    for it in turn.records.declarations.by("training_record_id", training_record_id):
        if it.state is State.SUBMITTED:
            statement = next_output_statement(turn.records, it.provider_id, it.cohort, today)
            turn.enforce(BECOME_ELIGIBLE, Promotion(declaration=it, statement=statement))
            put_on(turn, statement, move(turn, it, State.ELIGIBLE))


def move(turn: Turn, declaration: Declaration, state: State, reason: str | None = None) -> Declaration:
    """Take a declaration to its next state and save it; raises ValueError if there is no such move."""
    if state not in MOVES[declaration.state]:
        raise ValueError(f"a declaration that is {declaration.state} cannot become {state}")
    moved = replace(declaration, state=state, state_reason=reason, updated_at=turn.stamp())
    turn.save(moved)
    return moved


def put_on(turn: Turn, statement: Statement | None, declaration: Declaration) -> None:
    """Note a declaration on a statement in its present state.

    What is paid or clawed back already stands on one, and a second line is silently not written.
    """
    if statement is None or _stands_on_one(turn, declaration):
        return
    at = turn.stamp()
    turn.save(
        LineItem(
            id=turn.new_id(),
            statement_id=statement.id,
            declaration_id=declaration.id,
            state=declaration.state,
            created_at=at,
            updated_at=at,
        )
    )


def move_line_items(turn: Turn, declaration: Declaration, before: State) -> None:
    """Its line items that were in the declaration's state before follow it into its present one."""
    for it in turn.records.line_items.by("declaration_id", declaration.id):
        if it.state is before:
            turn.save(replace(it, state=declaration.state, updated_at=turn.stamp()))


def _submit(turn: Turn, provider: Provider, attempt: Attempt) -> Declaration:
    user, training, cohort, dated = attempt.user, attempt.training, attempt.cohort, attempt.dated
    if not (user and training and cohort and dated and attempt.type):
        raise AssertionError("the rulebook lets no declaration through that lacks one of these")
    at = turn.stamp()
    declaration = Declaration(
        id=turn.new_id(),
        user_id=user.id,
        training_record_id=training.id,
        provider_id=provider.id,
        course=training.type.course,
        participant_type=training.type,
        type=attempt.type,
        date=dated,
        cohort=cohort.start_year,
        evidence_held=attempt.kept_evidence,
        delivery_partner_id=attempt.delivery_partner_id,
        mentor_user_id=attempt.mentor_user_id,
        pupil_premium_uplift=training.pupil_premium_uplift,
        sparsity_uplift=training.sparsity_uplift,
        created_at=at,
        updated_at=at,
    )
    turn.save(declaration)
    return declaration


def _bill(turn: Turn, declaration: Declaration, attempt: Attempt) -> Declaration:
    """Rule a duplicate out, or let a fundable declaration be paid; either stands on the statement."""
    if attempt.twin is not None:
        duplicate = replace(declaration, superseded_by_id=attempt.twin.id)
        declaration = move(turn, duplicate, State.INELIGIBLE, "duplicate")
    elif attempt.fundable:
        declaration = move(turn, declaration, State.ELIGIBLE)
    else:
        return declaration
    put_on(turn, attempt.statement, declaration)
    return declaration


def _stands_on_one(turn: Turn, declaration: Declaration) -> bool:
    kind = next((it for it in (BILLABLE, REFUNDABLE) if declaration.state in it), frozenset({declaration.state}))
    return any(it.state in kind for it in turn.records.line_items.by("declaration_id", declaration.id))
