"""What happened to somebody before the moment that a scenario describes, each a function of a turn at its moment.

People are known by their reference numbers, since ids are drawn when they are registered. Raises what the rules, or the
event, raise where something could not have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.actions.declarations import declarations_of, record_declaration
from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.rect.actions.voiding import void_declaration
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.events.dfe import merge_participants, pay_statement
from ecf_sandbox.rect.events.inductions import induction_starts
from ecf_sandbox.rect.events.registration import assign_mentor
from ecf_sandbox.rect.queries.names import names
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.scenario.sections import DeclarationEntry, FundingEnded
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.rulebook.values import Scalar
from ecf_sandbox.scenario.references import resolve
from ecf_sandbox.state.record import replace


def known(turn: Turn, trn: str) -> Teacher:
    """The person with a reference number."""
    found = turn.records.teachers.one("trn", trn)
    if found is None:
        raise DoesNotFit("somebody had not been registered by then")
    return found


def mentored(trn: str, mentor: str, turn: Turn) -> None:
    """A school says who mentors an ECT."""
    assign_mentor(turn, known(turn, trn).id, known(turn, mentor).id)


def inducted(trn: str, day: date, turn: Turn) -> None:
    """An appropriate body records that an induction begins."""
    induction_starts(turn, known(turn, trn).id, day)


def said(
    trn: str,
    provider: LeadProvider,
    action: Callable[[Turn, LeadProvider, Teacher, Mapping[str, Scalar]], None],
    fields: Mapping[str, Scalar],
    turn: Turn,
) -> None:
    """A provider says that somebody is gone or back, or trains by another schedule."""
    action(turn, provider, known(turn, trn), fields)


def declared(trn: str, kind: TeacherType, provider: LeadProvider, it: DeclarationEntry, turn: Turn) -> None:
    """A provider declares something."""
    fields = {
        "participant_id": known(turn, trn).id,
        "course_identifier": kind.course,
        "declaration_type": it.type,
        "declaration_date": instant(it.date),
        "evidence_held": it.evidence_held,
    }
    record_declaration(turn, provider, fields)


def voided(trn: str, kind: TeacherType, provider: LeadProvider, type: str, turn: Turn) -> None:
    """A provider voids the newest of its declarations of a type."""
    found = [it for it in declarations_of(turn.records, known(turn, trn), kind) if it.declaration_type == type]
    if not found:
        raise DoesNotFit("it had not been declared by then")
    void_declaration(turn, provider, max(found, key=lambda it: it.created_at).id)


def funding_ended(trn: str, entry: FundingEnded, turn: Turn) -> None:
    """The DfE finds that a mentor's training is not paid for from a day on."""
    ended = {"mentor_ineligible_since": entry.on, "mentor_ineligible_reason": entry.reason.value}
    save(turn, replace(known(turn, trn), **ended))


def second_record(id_of: Callable[[str], str], name: str, trn: str, at: datetime) -> Teacher:
    """A record of somebody under another reference number, in which nothing is known of them but the name."""
    first, _, last = name.partition(" ")
    return Teacher(
        id=id_of("person"),
        ect_training_record_id=id_of("ect"),
        mentor_training_record_id=id_of("mentor"),
        trn=trn,
        first_name=first,
        last_name=last,
        created_at=at,
        updated_at=at,
        unfunded_updated_at=at,
    )


def merged(id: str, trn: str, turn: Turn) -> None:
    """A second record turns out to be somebody's."""
    merge_participants(turn, id, known(turn, trn).id)


def paid(statement_id: str, turn: Turn) -> None:
    """A statement is paid, also one with nothing on it."""
    try:
        pay_statement(turn, statement_id)
    except DoesNotFit:
        statement = turn.records.statements[statement_id]
        turn.save(replace(statement, status=StatementStatus.PAID, marked_as_paid_at=turn.now, updated_at=turn.now))


def resolved(turn: Turn, given: dict[str, Any]) -> dict[str, Any]:
    """Parameters of an event, with ids in the place of names."""
    try:
        found: dict[str, Any] = resolve(given, names(turn.records))
    except KeyError as missing:
        raise DoesNotFit(f"nothing was called {missing.args[0]} by then") from None
    return found
