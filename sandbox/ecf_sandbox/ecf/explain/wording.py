"""A value of the records as a person reads it: `retained-1, 2026-04-01 to 2026-05-31`, `Jane Smith (1f0c…)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, LineItem, Statement
from ecf_sandbox.ecf.domain.participants import InductionRecord, StatusChange, TrainingRecord, User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, School, SchoolCohort
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.wording import readable as in_words


def readable(value: Any) -> str:
    """A value of this service in words."""
    return in_words(value, WORDS)


def name_of(records: Records, id: str) -> str | None:
    """The name of a lead provider, a delivery partner or a school."""
    for table in (records.providers, records.delivery_partners, records.schools):
        found = table.get(id)
        if found is not None:
            return str(found.name)
    return None


def _milestone(it: Milestone) -> str:
    end = f"{it.start} to {it.end}" if it.end else f"from {it.start}, without an end"
    return f"{it.declaration_type}, {end}"


def _schedule(it: Schedule) -> str:
    types = ", ".join(milestone.declaration_type for milestone in it.milestones)
    return f"{it.identifier} of {it.cohort} (milestones: {types or 'none'})"


def _cohort(it: Cohort) -> str:
    frozen = f", payments frozen since {readable(it.payments_frozen_at)}" if it.payments_frozen_at else ""
    mentors = ", with mentor funding" if it.mentor_funding else ""
    return f"{it.start_year}{frozen}{mentors}"


def _status_change(it: StatusChange) -> str:
    reason = f" ({it.reason})" if it.reason else ""
    return f"{it.state.value} since {instant(it.created_at)}{reason}"


def _training(it: TrainingRecord) -> str:
    removed = "" if it.status.value == "active" else ", removed by the school"
    return f"the {'ECT' if it.ect else 'mentor'} record {it.id}{removed}"


def _induction(it: InductionRecord) -> str:
    end = f" to {instant(it.end_date)}" if it.end_date else ""
    return f"from {instant(it.start_date)}{end}, training status {it.training_status.value}"


def _statement(it: Statement) -> str:
    return f"{it.name} of {it.cohort} ({it.phase.value}, cut-off {it.deadline_date})"


def _declaration(it: Declaration) -> str:
    return f"{it.type} dated {instant(it.date)}, {it.state.value} ({it.id})"


def _line_item(it: LineItem) -> str:
    return f"a line that is {it.state.value} on statement {it.statement_id}"


def _school(it: School) -> str:
    traits = [
        "open" if it.open else f"not open (status {it.status_code})",
        f"type {it.type_code}",
        "in England" if it.in_england else "not in England",
    ]
    if it.section_41_approved:
        traits.append("approved under section 41")
    return f"{it.name}, URN {it.urn}: {', '.join(traits)}"


def _delivery_partner(it: DeliveryPartner) -> str:
    return f"{it.name} ({it.id}){', closed down' if it.discarded_at else ''}"


def _partnership(it: Partnership) -> str:
    kind = "a transfer's relationship" if it.relationship else "a partnership"
    reason = f" ({it.challenge_reason.value})" if it.challenge_reason else ""
    return f"{kind} for {it.cohort} ({it.id}){', challenged' + reason if it.challenged else ''}"


def _school_cohort(it: SchoolCohort) -> str:
    return f"{it.cohort}: {it.choice.value}"


# Each kind of record in words.
WORDS: Mapping[type[Record], Callable[[Any], str]] = {
    Milestone: _milestone,
    Schedule: _schedule,
    Cohort: _cohort,
    StatusChange: _status_change,
    User: lambda it: f"{it.full_name} ({it.id})",
    TrainingRecord: _training,
    InductionRecord: _induction,
    Statement: _statement,
    Declaration: _declaration,
    LineItem: _line_item,
    School: _school,
    DeliveryPartner: _delivery_partner,
    Provider: lambda it: f"{it.name} ({it.id})",
    Partnership: _partnership,
    SchoolCohort: _school_cohort,
    Programme: lambda it: f"{it.kind.value} ({it.id})",
}
