"""Recording declarations, and moving them from state to state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ecf_sandbox.dates.readers import read_strictly
from ecf_sandbox.ecf.actions.mentor_completion import refresh_mentor_completion
from ecf_sandbox.ecf.actions.participants import TYPES
from ecf_sandbox.ecf.domain.declarations import (
    BILLABLE,
    MOVES,
    REFUNDABLE,
    Declaration,
    DeclarationState,
    LineItem,
    Statement,
)
from ecf_sandbox.ecf.domain.participants import InductionRecord, RecordStatus, StatusChange, TrainingRecord, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.declarations import next_output_statement
from ecf_sandbox.ecf.queries.training import (
    latest,
    owned_by,
    partnership_of,
    resolve,
    schedule_of,
    training_records_of,
    unvalidated,
    user_of,
)
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.rules.declarations import (
    COMPLETED,
    RECORD_DECLARATION,
    DeclarationAttempt,
    insist_on_comparable_dates,
)
from ecf_sandbox.ecf.rules.voiding import BECOME_ELIGIBLE, Promotion
from ecf_sandbox.rulebook.values import is_blank, uuid_of
from ecf_sandbox.state.record import replace

Scalar = str | int | float | bool | None
Fields = Mapping[str, Scalar]


def gather(turn: Turn, provider: Provider, fields: Fields) -> DeclarationAttempt:
    """Look up everything that decides about a declaration, once, and by index alone."""
    attempt = _as_sent(turn, fields)
    user, training = attempt.user, attempt.training
    if user is None or training is None:
        return attempt
    return _with_rivals(turn.records, provider, _with_history(turn, provider, attempt, training), training, user)


def _as_sent(turn: Turn, fields: Fields) -> DeclarationAttempt:
    course, date, evidence = (fields.get(it) for it in ("course_identifier", "declaration_date", "evidence_held"))
    user, training = _whom(turn, _text(fields.get("participant_id")), _text(course))
    dated, is_well_formed = read_strictly(date) if isinstance(date, str) else (None, False)
    return DeclarationAttempt(
        now=turn.now,
        course=_given(course),
        type=_given(fields.get("declaration_type")),
        date=None if is_blank(date) else date,
        dated=dated,
        well_formed=is_well_formed,
        evidence=_given(evidence),
        kept_evidence=_text(evidence),
        user=user,
        enrolled=training is not None or _enrolled(turn.records, user, _text(course)),
        training=training,
    )


def _with_history(
    turn: Turn, provider: Provider, attempt: DeclarationAttempt, training: TrainingRecord
) -> DeclarationAttempt:
    records = turn.records
    schedule = schedule_of(records, training)
    own = tuple(owned_by(records, records.induction_records.by("training_record_id", training.id), provider.id))
    induction = _on(attempt.dated, own)
    eligibility = records.eligibilities.get(training.id)
    known = replace(
        attempt,
        schedule=schedule,
        cohort=records.cohorts[schedule.cohort],
        status=_last_word(records, training, provider),
        induction=induction,
        delivery_partner_id=_delivery_partner_id(records, induction) if induction else None,
        mentor_user_id=_mentor_user_id(records, induction) if induction and training.ect else None,
        linked=any(it.schedule_id == schedule.id for it in own),
        fundable=eligibility is not None and eligibility.fundable,
        statement=next_output_statement(records, provider.id, schedule.cohort, turn.now.date()),
    )
    # Where any evidence is taken, none is kept (behaviour/declarations.md#4-7).
    return replace(known, kept_evidence=None) if known.evidence_choices is None else known


def _with_rivals(
    records: Records, provider: Provider, attempt: DeclarationAttempt, training: TrainingRecord, user: User
) -> DeclarationAttempt:
    own = [it for it in records.declarations.by("user_id", user.id) if _rivals(it, attempt, training)]
    same = next((it for it in own if _repeats(it, attempt, training, provider)), None)
    return replace(
        attempt,
        # Of what is repeated exactly, the statement is looked for again (behaviour/declarations.md#4-4-step-8).
        billed=attempt.fundable if same is None else same.state is not DeclarationState.SUBMITTED,
        taken_by=own[0] if own else None,
        twin=_twin(records, attempt, training, user.trn) if user.trn else None,
    )


def _whom(turn: Turn, participant_id: str | None, course: str | None) -> tuple[User | None, TrainingRecord | None]:
    """The person and the active training record that are meant; an unknown course still finds the person.

    Where the edition hides people whose details have not been validated, they are unknown
    (behaviour/editions.md#unvalidated-hidden).
    """
    id = uuid_of(participant_id)
    user, training = resolve(turn.records, id, TYPES.get(course or ""))
    if turn.edition.on("unvalidated_hidden") and unvalidated(turn.records, user, training):
        return None, None
    return user, training


def _enrolled(records: Records, user: User | None, course: str | None) -> bool:
    """Whether somebody has an active training record for the course, under any of their identities."""
    if user is None or course not in TYPES:
        return False
    trainings = training_records_of(records, user.id)
    return any(it.type is TYPES[course] and it.status is RecordStatus.ACTIVE for it in trainings)


def _last_word(records: Records, training: TrainingRecord, provider: Provider) -> StatusChange | None:
    """What the provider said last about the training."""
    said = records.status_changes.by("training_record_id", training.id)
    # Two requests of one frozen second stamp the same milliseconds: there the later entry is the newer.
    own = [it for it in reversed(said) if it.provider_id == provider.id]
    return max(own, key=lambda it: it.created_at.replace(microsecond=0), default=None)


def _on(dated: datetime | None, own: tuple[InductionRecord, ...]) -> InductionRecord | None:
    """The latest of the provider's induction records that had begun by the declared moment."""
    return None if dated is None else latest(it for it in own if it.start_date <= dated)


def _delivery_partner_id(records: Records, induction: InductionRecord) -> str | None:
    partnership = partnership_of(records, induction)
    partner = records.delivery_partners.get(partnership.delivery_partner_id) if partnership else None
    # One that has closed down is not noted (behaviour/errata.md#declarations).
    return partner.id if partner is not None and partner.discarded_at is None else None


def _mentor_user_id(records: Records, induction: InductionRecord) -> str | None:
    mentor = records.training_records.get(induction.mentor_record_id)
    return user_of(records, mentor).id if mentor else None


def _rivals(it: Declaration, attempt: DeclarationAttempt, training: TrainingRecord) -> bool:
    """Whether a declaration is for the same event and still counts; the kind of record stands for the course."""
    return it.type == attempt.type and it.participant_type is training.type and it.live


def _repeats(it: Declaration, attempt: DeclarationAttempt, training: TrainingRecord, provider: Provider) -> bool:
    """Whether a rival says exactly the same."""
    return (
        it.training_record_id == training.id
        and it.provider_id == provider.id
        and it.date == attempt.dated
        and it.evidence_held == attempt.kept_evidence
        and it.delivery_partner_id == attempt.delivery_partner_id
        and it.mentor_user_id == attempt.mentor_user_id
    )


def _twin(records: Records, attempt: DeclarationAttempt, training: TrainingRecord, trn: str) -> Declaration | None:
    """The oldest declaration of the same event, not itself a duplicate, for anybody with the same TRN."""
    twins = (
        declaration
        for user in records.users.by("trn", trn)
        for record in training_records_of(records, user.id)
        for declaration in records.declarations.by("training_record_id", record.id)
        if _rivals(declaration, attempt, training) and declaration.superseded_by_id is None
    )
    return min(twins, key=lambda it: it.created_at, default=None)


def _text(value: Scalar) -> str | None:
    """A value as the service's text columns would have it."""
    return ("t" if value else "f") if isinstance(value, bool) else None if value is None else str(value)


def _given(value: Scalar) -> str | None:
    """A value as text, None when blank."""
    return None if is_blank(value) else _text(value)


def record_declaration(turn: Turn, provider: Provider, fields: Fields) -> Declaration:
    """A provider says that a participant reached a milestone.

    `fields` are the scalar attributes as they came. Raises Refused, or BadRequest for a date that cannot be compared
    with anything.
    """
    attempt = gather(turn, provider, fields)
    insist_on_comparable_dates(attempt)
    turn.enforce(RECORD_DECLARATION, attempt)
    declaration = _bill(turn, _submitted(turn, provider, attempt), attempt)
    if declaration.type == COMPLETED:
        refresh_mentor_completion(turn, declaration.training_record_id)
    return declaration


def become_eligible(turn: Turn, training_record_id: str) -> None:
    """Somebody's funding is confirmed: what was submitted for them becomes eligible (behaviour/declarations.md#10-1).

    Each goes on the next output statement of its own provider and cohort. Raises Refused if one has none.
    """
    today = turn.now.date()
    for it in turn.records.declarations.by("training_record_id", training_record_id):
        if it.state is DeclarationState.SUBMITTED:
            statement = next_output_statement(turn.records, it.provider_id, it.cohort, today)
            turn.enforce(BECOME_ELIGIBLE, Promotion(declaration=it, statement=statement))
            put_on(turn, statement, move(turn, it, DeclarationState.ELIGIBLE))


def move(turn: Turn, declaration: Declaration, state: DeclarationState, reason: str | None = None) -> Declaration:
    """Take a declaration to its next state and save it; raises ValueError if there is no such move."""
    moved = _moved(turn, declaration, state, reason)
    turn.save(moved)
    return moved


def _moved(turn: Turn, declaration: Declaration, state: DeclarationState, reason: str | None = None) -> Declaration:
    if state not in MOVES[declaration.state]:
        raise ValueError(f"a declaration that is {declaration.state} cannot become {state}")
    return replace(declaration, state=state, state_reason=reason, updated_at=turn.stamp())


def put_on(turn: Turn, statement: Statement | None, declaration: Declaration) -> None:
    """Note a declaration on a statement in its present state.

    What is paid or clawed back already stands on one, and a second line is silently not written.
    """
    if statement is not None and not _stands_on_one(turn, declaration):
        turn.save(_line_item(turn, statement, declaration))


def _line_item(turn: Turn, statement: Statement, declaration: Declaration) -> LineItem:
    at = turn.stamp()
    return LineItem(
        id=turn.new_id(),
        statement_id=statement.id,
        declaration_id=declaration.id,
        state=declaration.state,
        created_at=at,
        updated_at=at,
    )


def move_line_items(turn: Turn, declaration: Declaration, before: DeclarationState) -> None:
    """Its line items that were in the declaration's state before follow it into its present one."""
    for it in turn.records.line_items.by("declaration_id", declaration.id):
        if it.state is before:
            turn.save(replace(it, state=declaration.state, updated_at=turn.stamp()))


def _submitted(turn: Turn, provider: Provider, attempt: DeclarationAttempt) -> Declaration:
    user, training, cohort, dated = attempt.user, attempt.training, attempt.cohort, attempt.dated
    if not (user and training and cohort and dated and attempt.type):
        raise AssertionError("the rulebook lets no declaration through that lacks one of these")
    at = turn.stamp()
    return Declaration(
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


def _bill(turn: Turn, declaration: Declaration, attempt: DeclarationAttempt) -> Declaration:
    """Rule a duplicate out, or let a fundable declaration be paid; either stands on the statement. Saves them."""
    statement = attempt.statement
    if attempt.twin is not None:
        duplicate = replace(declaration, superseded_by_id=attempt.twin.id)
        declaration = _moved(turn, duplicate, DeclarationState.INELIGIBLE, "duplicate")
    elif attempt.fundable:
        declaration = _moved(turn, declaration, DeclarationState.ELIGIBLE)
    else:
        statement = None
    # At once, for a save costs as much as all the rules. What is new stands on no statement yet.
    items = () if statement is None else (_line_item(turn, statement, declaration),)
    turn.save(declaration, *items)
    return declaration


def _stands_on_one(turn: Turn, declaration: Declaration) -> bool:
    kind = next((it for it in (BILLABLE, REFUNDABLE) if declaration.state in it), frozenset({declaration.state}))
    return any(it.state in kind for it in turn.records.line_items.by("declaration_id", declaration.id))
