"""What things of this service are called on a page, and the cells that lead to them."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Sequence
from datetime import date

from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.periods import Period
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership, TrainingProgramme
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.pages.teachers import declared_for
from ecf_sandbox.rect.queries.history import schedule_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.participants import ParticipantStatus, participant_status
from ecf_sandbox.rect.queries.training import delivery_partnership_of, provider_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Wording
from ecf_sandbox.web.ui.sections import Cell
from ecf_sandbox.web.ui.words import day

PEOPLE, STATEMENTS, SCHOOLS, PARTNERSHIPS = "people", "statements", "schools", "partnerships"
ABBREVIATIONS = {"dfe": "DfE", "ect": "ECT", "id": "ID", "trn": "TRN"}
WORDING = Wording(
    others="Schools, appropriate bodies and the DfE",
    another="a school, an appropriate body or the DfE",
    times="Days begin at midnight in the United Kingdom, in summer at 23:00 UTC.",
    paying="Only “Go” on a payment pays; a date alone makes statements payable whose cut-off has passed.",
    abbreviations=ABBREVIATIONS,
)
NOT_TRAINED = "not in training"
STANDINGS = (*(it.value for it in ParticipantStatus), "deferred", "withdrawn", NOT_TRAINED)
_PATTERNS = ("full_time", "part_time")


def statement_name(it: Statement) -> str:
    """A statement by its month: `January 2026`."""
    return f"{month_name[it.month]} {it.year}"


def person(it: Teacher) -> Cell:
    """Somebody, with the way to their page."""
    return Cell(text=full_name(it), section=PEOPLE, id=it.id)


def school(it: School) -> Cell:
    """A school, with the way to its page."""
    return Cell(text=it.name, section=SCHOOLS, id=it.id)


def statement(records: Records, it: Statement, *, whose: bool = False) -> Cell:
    """A statement, with the way to its page."""
    owner = f" of {records.lead_providers[it.lead_provider_id].name} for {it.contract_period_year}" if whose else ""
    return Cell(text=f"{statement_name(it)}{owner}", section=STATEMENTS, id=it.id)


def partnership(records: Records, it: SchoolPartnership) -> str:
    """A partnership by school, cohort and provider."""
    contract = delivery_partnership_of(records, it)
    provider = records.lead_providers[contract.lead_provider_id].name
    return f"{records.schools[it.school_id].name}, {contract.contract_period_year}, {provider}"


def declaration(records: Records, it: Declaration) -> str:
    """A declaration by person, type and state."""
    return f"{full_name(declared_for(records, it))}, {it.declaration_type}, {state(it.state.value)}"


def course(kind: TeacherType) -> str:
    """What somebody trains to be."""
    return "ECT" if kind is TeacherType.ECT else "mentor"


def provider_name(records: Records, it: TrainingPeriod | None) -> str:
    """The name of the lead provider who trains somebody; empty where none does."""
    found = records.lead_providers.get(provider_of(records, it)) if it else None
    return found.name if found else ""


def trained_by(records: Records, it: TrainingPeriod) -> str:
    """Who trains somebody: a lead provider, one that the school only wants, or the school."""
    if it.programme is TrainingProgramme.SCHOOL_LED:
        return "the school itself"
    wanted = records.active_lead_providers.get(it.expression_of_interest_id)
    if it.school_partnership_id is None and wanted is not None:
        return f"interest in {records.lead_providers[wanted.lead_provider_id].name}"
    return provider_name(records, it) or "nobody"


def schedule(records: Records, it: TrainingPeriod) -> str:
    """The schedule of somebody's training with its cohort."""
    found = schedule_of(records, it)
    return f"{found.identifier}, {found.contract_period_year}" if found else ""


def span(it: Period) -> str:
    """From when to when: `1 September 2025 to 12 May 2026`."""
    return f"{day(it.started_on)} to {day(it.finished_on)}" if it.finished_on else f"from {day(it.started_on)}"


def standing(records: Records, it: TrainingPeriod | None, today: date) -> str:
    """How somebody's training stands: what a provider said of it, else what the days say."""
    if it is None:
        return NOT_TRAINED
    if it.training_status is not TrainingStatus.ACTIVE:
        return it.training_status.value
    return participant_status(records, it, today).value


def providers(records: Records) -> list[str]:
    """The names of the lead providers, in their order."""
    return sorted(it.name for it in records.lead_providers)


def cohorts(records: Records) -> list[str]:
    """The cohorts, the newest first."""
    return [str(it) for it in sorted((it.year for it in records.contract_periods), reverse=True)]


def options(records: Records, table: str) -> list[tuple[str, str]]:
    """The keys of a table's rows with what each is called, in the order of that."""
    found = [(str(key), called) for key, called in _called(records, table)]
    return sorted(found, key=lambda it: (it[1].lower(), it[0]))


def _called(records: Records, table: str) -> Iterable[tuple[object, str]]:
    if table == "teachers":
        return [(it.id, full_name(it)) for it in records.teachers]
    if table == "statements":
        return [(it.id, statement(records, it, whose=True).text) for it in records.statements if it.output_fee]
    if table == "declarations":
        return [(it.id, declaration(records, it)) for it in records.declarations]
    if table == "school_partnerships":
        return [(it.id, partnership(records, it)) for it in records.school_partnerships]
    if table == "contract_periods":
        return [(it.year, str(it.year)) for it in records.contract_periods]
    return [(it.id, it.name) for it in getattr(records, table)]


def offered(records: Records, parameter: str) -> Sequence[tuple[str, str]]:
    """What can be given for a parameter of an event that is no key: lead providers go by name."""
    if parameter in ("lead_provider", "old_lead_provider"):
        return [(it, it) for it in providers(records)]
    if parameter == "working_pattern":
        return [(it, state(it)) for it in _PATTERNS]
    return ()
