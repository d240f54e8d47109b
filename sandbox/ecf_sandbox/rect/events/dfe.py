"""What the DfE does: schools' eligibility, statements, contracts, and people who are in the records twice."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.saving import refresh_school, refresh_teacher, remove, save
from ecf_sandbox.rect.domain.contracts import ContractPeriod, Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration, PaymentStatus
from ecf_sandbox.rect.domain.periods import day_after
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership
from ecf_sandbox.rect.domain.schools import School
from ecf_sandbox.rect.domain.teachers import IdChange, Teacher
from ecf_sandbox.rect.events.event import (
    DeliveryPartnerId,
    ParticipantId,
    ProviderName,
    SchoolId,
    StatementId,
    Year,
    as_now,
    provider_named,
)
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import Record, replace


def school_eligibility(
    turn: Turn, school_id: SchoolId, eligible: Annotated[bool, "whether the DfE pays for training there"]
) -> School:
    """The import of the schools' register finds a school eligible, or no longer so."""
    save(turn, replace(turn.records.schools[school_id], eligible=eligible))
    return turn.records.schools[school_id]


def mark_statements_payable(turn: Turn) -> None:
    """The nightly job: statements whose deadline has passed are payable, with the declarations on them."""
    today = uk_day(turn.now)
    for it in turn.records.statements:
        if it.status is StatementStatus.OPEN and it.deadline_date < today:
            _mark(turn, it, PaymentStatus.ELIGIBLE, PaymentStatus.PAYABLE)
            turn.save(replace(it, status=StatementStatus.PAYABLE, updated_at=turn.now))


def pay_statement(turn: Turn, statement_id: StatementId) -> Statement:
    """The DfE pays a statement: what is payable is paid, and what was to be taken back is."""
    statement = turn.records.statements[statement_id]
    if not statement.output_fee or statement.status is not StatementStatus.PAYABLE:
        raise DoesNotFit(f"only a payable output statement is paid; it is {statement.status}")
    if statement.deadline_date >= uk_day(turn.now):
        raise DoesNotFit(f"it takes declarations until {statement.deadline_date.isoformat()}")
    paid = _mark(turn, statement, PaymentStatus.PAYABLE, PaymentStatus.PAID)
    taken_back = [
        replace(it, clawback_status=ClawbackStatus.CLAWED_BACK)
        for it in turn.records.declarations.by("clawback_statement_id", statement.id)
        if it.clawback_status is ClawbackStatus.AWAITING_CLAWBACK
    ]
    if not paid and not taken_back:
        raise DoesNotFit("there is nothing on it to be paid or taken back")
    save(turn, *taken_back)
    moved = {} if statement.updated_at == turn.now else {"updated_at": turn.now}
    turn.save(replace(statement, status=StatementStatus.PAID, marked_as_paid_at=turn.now, **moved))
    return turn.records.statements[statement_id]


def _mark(turn: Turn, statement: Statement, before: PaymentStatus, after: PaymentStatus) -> list[Declaration]:
    """Move the declarations on a statement on to the next status."""
    found = turn.records.declarations.by("payment_statement_id", statement.id)
    moved = [replace(it, payment_status=after) for it in found if it.payment_status is before]
    save(turn, *moved)
    return moved


def freeze_contract_period(turn: Turn, year: Year) -> ContractPeriod:
    """The DfE ends all payments for a cohort."""
    turn.save(replace(turn.records.contract_periods[year], payments_frozen_at=turn.now))
    return turn.records.contract_periods[year]


def close_contract_period(turn: Turn, year: Year) -> ContractPeriod:
    """The DfE lets nobody make partnerships for a cohort any more."""
    turn.save(replace(turn.records.contract_periods[year], enabled=False))
    return turn.records.contract_periods[year]


def add_delivery_partnership(
    turn: Turn, lead_provider: ProviderName, delivery_partner_id: DeliveryPartnerId, year: Year
) -> DeliveryPartnership:
    """A lead provider works with a delivery partner in a cohort."""
    provider = provider_named(turn.records, lead_provider)
    key = (provider.id, year, delivery_partner_id)
    if turn.records.delivery_partnerships.one("lead_provider_id,contract_period_year,delivery_partner_id", key):
        raise DoesNotFit(f"{provider.name} works with the delivery partner in {year} already")
    made = DeliveryPartnership(
        id=turn.new_id(),
        lead_provider_id=provider.id,
        delivery_partner_id=delivery_partner_id,
        contract_period_year=year,
    )
    turn.save(made)
    return made


def rename_delivery_partner(
    turn: Turn, delivery_partner_id: DeliveryPartnerId, name: Annotated[str, "the new name"]
) -> DeliveryPartner:
    """A delivery partner has another name, which its partnerships show."""
    partner = turn.records.delivery_partners[delivery_partner_id]
    if partner.name != name:
        save(turn, replace(partner, name=name, updated_at=turn.now))
    return turn.records.delivery_partners[delivery_partner_id]


def merge_participants(
    turn: Turn,
    from_id: ParticipantId,
    to_id: ParticipantId,
) -> Teacher:
    """Two records turn out to be one person's: all of the first is the second's, and the first id is gone."""
    if from_id == to_id:
        raise DoesNotFit("that is one record")
    records = turn.records
    moved: list[Record] = [
        replace(it, teacher_id=to_id)
        for table in (records.at_school_periods, records.induction_periods, records.id_changes)
        for it in table.by("teacher_id", from_id)
    ]
    change = IdChange(
        id=turn.new_id(),
        teacher_id=to_id,
        from_participant_id=from_id,
        to_participant_id=to_id,
        created_at=turn.now,
    )
    save(turn, *moved, change)
    turn.remove(*turn.records.teacher_metadata.by("teacher_id", from_id))
    remove(turn, turn.records.teachers[from_id])
    refresh_teacher(turn, to_id)
    return as_now(turn, to_id)


def nightly_refresh(turn: Turn) -> None:
    """Every night all look-up rows are worked out anew, since some of them hang on the day."""
    for teacher in turn.records.teachers:
        refresh_teacher(turn, teacher.id)
    for school in turn.records.schools:
        refresh_school(turn, school.id)


def nightly_partnership_touch(turn: Turn) -> None:
    """Every night partnerships are marked as changed in which somebody started today, or stopped yesterday.

    For how many train there is counted by the day (behaviour/rect.md#13).
    """
    today = uk_day(turn.now)
    ids = {
        it.school_partnership_id
        for it in turn.records.training_periods
        if today in (it.started_on, day_after(it.finished_on))
    }
    found = (turn.records.school_partnerships.get(it) for it in sorted(it for it in ids if it is not None))
    turn.save(*(replace(it, updated_at=turn.now) for it in found if it is not None))
