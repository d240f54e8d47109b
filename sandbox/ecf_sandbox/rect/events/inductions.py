"""What appropriate bodies record of an ECT's induction."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.declarations import declarations_of, next_statement
from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.rect.domain.declarations import PaymentStatus, State
from ecf_sandbox.rect.domain.periods import overlap
from ecf_sandbox.rect.domain.teachers import InductionPeriod, Outcome, Teacher, TeacherType
from ecf_sandbox.rect.events.event import ParticipantId, as_now
from ecf_sandbox.rect.queries.history import delivery_of
from ecf_sandbox.rect.queries.training import at_school_periods_of, induction_periods_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace


def induction_starts(
    turn: Turn, participant_id: ParticipantId, started_on: Annotated[date, "the first day of the induction"]
) -> Teacher:
    """An appropriate body claims an ECT. Whoever is registered is eligible for funding from now on.

    Declarations that were only submitted become eligible with the next statement.
    """
    made = InductionPeriod(id=turn.new_id(), teacher_id=participant_id, started_on=started_on)
    if any(overlap(it, made) for it in induction_periods_of(turn.records, participant_id)):
        raise DoesNotFit("an induction goes on already, or went on after that day")
    save(turn, made)
    registered = at_school_periods_of(turn.records, participant_id, TeacherType.ECT)
    teacher = as_now(turn, participant_id)
    if registered and teacher.ect_eligible_since is None:
        save(turn, replace(teacher, ect_eligible_since=turn.now))
        _make_eligible(turn, teacher)
    return as_now(turn, participant_id)


def _make_eligible(turn: Turn, teacher: Teacher) -> None:
    records, today = turn.records, uk_day(turn.now)
    for it in declarations_of(records, teacher, TeacherType.ECT):
        delivery = delivery_of(records, records.training_periods[it.training_period_id])
        if it.state is not State.SUBMITTED or delivery is None:
            continue
        statement = next_statement(
            records, delivery.lead_provider_id, delivery.contract_period_year, today, open_only=True
        )
        if statement is not None:
            save(turn, replace(it, payment_status=PaymentStatus.ELIGIBLE, payment_statement_id=statement.id))


def induction_ends(
    turn: Turn,
    participant_id: ParticipantId,
    finished_on: Annotated[date, "the last day of the induction"],
    outcome: Annotated[Outcome | None, "pass or fail; null if it only stops"] = None,
) -> Teacher:
    """An appropriate body says that an induction is passed or failed, or that it goes on elsewhere."""
    going_on = [it for it in induction_periods_of(turn.records, participant_id) if it.finished_on is None]
    if not going_on:
        raise DoesNotFit("no induction goes on")
    if finished_on <= going_on[-1].started_on:
        raise DoesNotFit(f"the induction started on {going_on[-1].started_on.isoformat()} only")
    save(turn, replace(going_on[-1], finished_on=finished_on, outcome=outcome))
    return as_now(turn, participant_id)
