"""What was done, in words: `Void declaration: Amara Okafor, retained-1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.pages.words import ABBREVIATIONS
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.service import SERVICE
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
    user = records.users.get(id)
    if user is None:
        identity = records.identities.one("external_id", id)
        return _retired(records.users[identity.user_id]) if identity else None
    return user.full_name


def _retired(it: User) -> str:
    return f"{it.full_name} (by a retired id)"


def _declaration(records: Records, id: str) -> str | None:
    found = records.declarations.get(id)
    return f"{records.users[found.user_id].full_name}, {found.type}" if found else None


def _partnership(records: Records, id: str) -> str | None:
    found = records.partnerships.get(id)
    return f"{records.schools[found.school_id].name}, {found.cohort}" if found else None


def _statement(records: Records, id: str) -> str | None:
    found = records.statements.get(id)
    return f"{found.name}, cohort {found.cohort}" if found else None


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
    """What the attributes of a new declaration or partnership are about."""
    return (
        _person(records, attributes.get("participant_id", "")),
        attributes.get("declaration_type"),
        day_of(attributes.get("declaration_date", "")),
        _school(records, attributes.get("school_id", "")),
        attributes.get("cohort"),
    )


def _called(records: Records) -> Mapping[str, str]:
    """What each id stands for: `Jane Smith`, `January 2026 statement of Ambition Institute for 2025`."""
    retired = {it.from_participant_id: _retired(records.users[it.user_id]) for it in records.id_changes}
    return called(names(records), statement=str, parts=(".ect", ".mentor"), retired=retired)


deed = Deeds(
    service=SERVICE,
    verbs=_VERBS,
    nouns=_ONE,
    subjects=_SUBJECTS,
    about=_about,
    called=_called,
    abbreviations=ABBREVIATIONS,
).deed
