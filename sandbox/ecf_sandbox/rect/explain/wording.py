"""A value of the records as a person reads it: `retained-1, from 2025-06-01`, `Hannah Boyle (1f0c…)`."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Mapping
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule, Statement
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.declared_dates import DeclaredDate
from ecf_sandbox.rect.domain.periods import Period
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership, LeadProvider
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    InductionPeriod,
    MentorshipPeriod,
    Teacher,
    TeacherType,
    TrainingPeriod,
    TrainingStatus,
)
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.wording import readable as in_words


def readable(value: Any) -> str:
    """A value of this service in words."""
    return in_words(value, WORDS)


def name_of(records: Records, id: str) -> str | None:
    """The name of a person, a lead provider, a delivery partner or a school."""
    teacher = records.teachers.get(id)
    if teacher is not None:
        return full_name(teacher)
    for table in (records.lead_providers, records.delivery_partners, records.schools):
        found = table.get(id)
        if found is not None:
            return str(found.name)
    return None


def kind_in_words(kind: TeacherType) -> str:
    """`ECT` or `mentor`."""
    return "ECT" if kind is TeacherType.ECT else "mentor"


def as_kind(kind: TeacherType) -> str:
    """`as an ECT` or `as a mentor`."""
    return f"as {'an' if kind is TeacherType.ECT else 'a'} {kind_in_words(kind)}"


def days(it: Period) -> str:
    """`from 2025-09-01 to 2026-07-20`; a period without an end is open."""
    return f"from {it.started_on} to {it.finished_on}" if it.finished_on else f"from {it.started_on} on"


def month_of(it: Statement) -> str:
    """The month that names a statement: `April 2026`."""
    return f"{month_name[it.month]} {it.year}"


def status_of(it: TrainingPeriod) -> str:
    """What was said of training, and when: `deferred at 2026-03-02T09:00:00Z (parental-leave)`."""
    status = it.training_status
    if status is TrainingStatus.WITHDRAWN and it.withdrawn_at:
        return f"withdrawn at {instant(it.withdrawn_at)} ({it.withdrawal_reason})"
    if status is TrainingStatus.DEFERRED and it.deferred_at:
        return f"deferred at {instant(it.deferred_at)} ({it.deferral_reason})"
    return "neither deferred nor withdrawn"


def window(it: Milestone) -> str:
    """The days on which a type may be dated."""
    return f"{it.start_date} to {it.milestone_date}" if it.milestone_date else f"from {it.start_date}, without an end"


def _contract_period(it: ContractPeriod) -> str:
    traits = [
        *([] if it.enabled else ["closed to new partnerships"]),
        *([f"payments frozen at {instant(it.payments_frozen_at)}"] if it.payments_frozen_at else []),
        *(["with mentor funding"] if it.mentor_funding else []),
    ]
    return ", ".join([f"{it.year} (begins {it.started_on})", *traits])


def _schedule(it: Schedule) -> str:
    types = ", ".join(milestone.declaration_type for milestone in it.milestones)
    return f"{it.identifier} of {it.contract_period_year} (milestones: {types or 'none'})"


def _statement(it: Statement) -> str:
    return f"{month_of(it)} of {it.contract_period_year} ({it.status.value}, deadline {it.deadline_date})"


def _declared(it: DeclaredDate) -> str:
    kept = "" if it.kept == it.judged else f", kept as {instant(it.kept)} for want of a zone"
    return f"{instant(it.judged)}{kept}{'' if it.well_formed else ', not written as RFC 3339 asks'}"


def _declaration(it: Declaration) -> str:
    return f"{it.declaration_type} dated {instant(it.declaration_date)}, {it.state.value} ({it.id})"


def _training(it: TrainingPeriod) -> str:
    return f"training {as_kind(it.kind)} {days(it)}, {status_of(it)}"


def _school(it: School) -> str:
    traits = [
        "eligible for funding" if it.fundable else "not eligible for funding",
        *([] if it.status == "open" else [it.status.replace("_", " ")]),
        *([] if it.in_england else ["not in England"]),
    ]
    return f"{it.name}, URN {it.urn}: {', '.join(traits)}"


def _induction(it: InductionPeriod) -> str:
    return f"induction {days(it)}{f', outcome {it.outcome.value}' if it.outcome else ''}"


# Each kind of record in words.
WORDS: Mapping[type[Record], Callable[[Any], str]] = {
    ContractPeriod: _contract_period,
    Milestone: lambda it: f"{it.declaration_type}, {window(it)}",
    Schedule: _schedule,
    Statement: _statement,
    DeclaredDate: _declared,
    Declaration: _declaration,
    LeadProvider: lambda it: f"{it.name} ({it.id})",
    DeliveryPartner: lambda it: f"{it.name} ({it.id})",
    DeliveryPartnership: lambda it: f"that they work together in {it.contract_period_year}",
    School: _school,
    SchoolPartnership: lambda it: f"the partnership {it.id}",
    Teacher: lambda it: f"{full_name(it)} ({it.id})",
    AtSchoolPeriod: lambda it: f"at the school {as_kind(it.kind)} {days(it)}",
    TrainingPeriod: _training,
    MentorshipPeriod: lambda it: f"mentored {days(it)}",
    InductionPeriod: _induction,
}
