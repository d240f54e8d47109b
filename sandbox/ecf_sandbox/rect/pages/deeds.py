"""What was done, in words: `Void declaration: Hannah Boyle, started`."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping

from ecf_sandbox.rect.domain.teachers import Teacher
from ecf_sandbox.rect.pages.teachers import declared_for, teacher_called
from ecf_sandbox.rect.pages.words import ABBREVIATIONS, partnership, statement_name
from ecf_sandbox.rect.queries.names import full_name, names
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.web.ui.deeds import Deeds, Subject, called, day_of

# The verbs of what can be done to a resource, by method and action of the path.
_VERBS: Mapping[tuple[str, str, str | None], str] = {
    ("POST", "declarations", None): "Declare training",
    ("PUT", "declarations", "void"): "Void declaration",
    ("PUT", "participants", "defer"): "Defer participant",
    ("PUT", "participants", "resume"): "Resume participant",
    ("PUT", "participants", "withdraw"): "Withdraw participant",
    ("PUT", "participants", "change-schedule"): "Change schedule",
    ("POST", "partnerships", None): "Confirm partnership",
    ("PUT", "partnerships", None): "Update partnership",
    ("PATCH", "partnerships", None): "Update partnership",
}
_ONE: Mapping[str, str] = {
    "participants": "participant",
    "transfers": "transfers of a participant",
    "unfunded mentors": "unfunded mentor",
    "declarations": "declaration",
    "partnerships": "partnership",
    "schools": "school",
    "delivery partners": "delivery partner",
    "statements": "statement",
}


def _person(records: Records, id: str) -> str | None:
    found = teacher_called(records, id)
    if found is None:
        return None
    return full_name(found) if found.id == id else _retired(found)


def _retired(it: Teacher) -> str:
    return f"{full_name(it)} (by a retired id)"


def _declaration(records: Records, id: str) -> str | None:
    found = records.declarations.get(id)
    return f"{full_name(declared_for(records, found))}, {found.declaration_type}" if found else None


def _partnership(records: Records, id: str) -> str | None:
    found = records.school_partnerships.get(id)
    return partnership(records, found) if found else None


def _statement(records: Records, id: str) -> str | None:
    found = records.statements.get(id)
    return f"{statement_name(found)}, cohort {found.contract_period_year}" if found else None


def _school(records: Records, id: str) -> str | None:
    found = records.schools.get(id)
    return found.name if found else None


def _delivery_partner(records: Records, id: str) -> str | None:
    found = records.delivery_partners.get(id)
    return found.name if found else None


_SUBJECTS: Mapping[str, Subject] = {
    "participants": _person,
    "transfers": _person,
    "unfunded mentors": _person,
    "declarations": _declaration,
    "partnerships": _partnership,
    "statements": _statement,
    "schools": _school,
    "delivery partners": _delivery_partner,
}


def _about(records: Records, attributes: Mapping[str, str]) -> Iterable[str | None]:
    """What the attributes of a body are about."""
    return (
        _person(records, attributes.get("participant_id", "")),
        attributes.get("declaration_type"),
        day_of(attributes.get("declaration_date", "")),
        _school(records, attributes.get("school_id", "")),
        attributes.get("cohort"),
        _delivery_partner(records, attributes.get("delivery_partner_id", "")),
    )


def _called(records: Records) -> Mapping[str, str]:
    """What each id stands for: `Hannah Boyle`, `January 2026 statement of Ambition Institute for 2025`."""
    retired = {it.from_participant_id: _retired(records.teachers[it.teacher_id]) for it in records.id_changes}
    return called(names(records), statement=_month, parts=(".ect", ".mentor"), retired=retired)


def _month(named: str) -> str:
    year, _, number = named.partition("-")
    return f"{month_name[int(number)]} {year}"


deed = Deeds(
    service=SERVICE,
    verbs=_VERBS,
    nouns=_ONE,
    subjects=_SUBJECTS,
    about=_about,
    called=_called,
    abbreviations=ABBREVIATIONS,
).deed
