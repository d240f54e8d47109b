"""What things of this service are called on a page, and the cells that lead to them."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.ecf.domain.declarations import Declaration, Statement
from ecf_sandbox.ecf.domain.participants import InductionRecord, TrainingRecord, User
from ecf_sandbox.ecf.domain.schools import Partnership, School
from ecf_sandbox.ecf.queries.training import provider_id_of, training_records_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Wording
from ecf_sandbox.web.ui.sections import Cell

PEOPLE, STATEMENTS, SCHOOLS = "people", "statements", "schools"
ABBREVIATIONS = {"dfe": "DfE", "ect": "ECT", "id": "ID", "trn": "TRN"}
WORDING = Wording(
    others="Schools and the DfE",
    another="a school or the DfE",
    paying="Only “Go” on a payment pays; a date alone cuts statements off that are due by then.",
    abbreviations=ABBREVIATIONS,
)


def person(it: User) -> Cell:
    """Somebody, with the way to their page."""
    return Cell(text=it.full_name, section=PEOPLE, id=it.id)


def school(it: School) -> Cell:
    """A school, with the way to its page."""
    return Cell(text=it.name, section=SCHOOLS, id=it.id)


def statement(records: Records, it: Statement, *, whose: bool = False) -> Cell:
    """A statement, with the way to its page."""
    owner = f" of {records.providers[it.provider_id].name} for {it.cohort}" if whose else ""
    return Cell(text=f"{it.name}{owner}", section=STATEMENTS, id=it.id)


def course(it: TrainingRecord) -> str:
    """What somebody trains to be."""
    return "ECT" if it.ect else "mentor"


def standing(it: TrainingRecord) -> str:
    """How somebody's training stands, in a few words."""
    if it.status.value != "active":
        return "removed by the school"
    return "training completed" if it.completed else it.training_status.value


def provider_of(records: Records, it: InductionRecord | None) -> str:
    """The name of the provider behind an induction record; empty if a school trains by itself."""
    found = records.providers.get(provider_id_of(records, it)) if it else None
    return found.name if found else ""


def partnership(records: Records, it: Partnership) -> str:
    """A partnership by school, cohort and provider."""
    return f"{records.schools[it.school_id].name}, {it.cohort}, {records.providers[it.provider_id].name}"


def declaration(records: Records, it: Declaration) -> str:
    """A declaration by person, type and state."""
    whose = user_of(records, records.training_records[it.training_record_id]).full_name
    return f"{whose}, {it.type}, {state(it.state.value)}"


def providers(records: Records) -> list[str]:
    """The names of the lead providers, in their order."""
    return sorted(it.name for it in records.providers)


def cohorts(records: Records) -> list[str]:
    """The cohorts, the newest first."""
    return [str(it) for it in sorted((it.start_year for it in records.cohorts), reverse=True)]


def options(records: Records, table: str) -> list[tuple[str, str]]:
    """The keys of a table's rows with what each is called, in the order of that."""
    found = [(str(key), called) for key, called in _called(records, table)]
    return sorted(found, key=lambda it: (it[1].lower(), it[0]))


def _called(records: Records, table: str) -> Iterable[tuple[object, str]]:
    if table == "users":
        return [(it.id, it.full_name) for it in records.users if training_records_of(records, it.id)]
    if table == "statements":
        return [
            (it.id, f"{it.name}, {records.providers[it.provider_id].name}, {it.cohort}") for it in records.statements
        ]
    if table == "declarations":
        return [(it.id, declaration(records, it)) for it in records.declarations]
    if table == "partnerships":
        return [(it.id, partnership(records, it)) for it in records.partnerships]
    if table == "cohorts":
        return [(it.start_year, str(it.start_year)) for it in records.cohorts]
    return [(it.id, it.name) for it in getattr(records, table)]
