"""What an event is: a described function of a turn, and what becomes of bad arguments.

From the signature (`described.py`) follow the decoding of the arguments and the documentation:

    def change_name(turn: Turn, participant_id: ParticipantId, full_name: Annotated[str, "the new name"]) -> User:
        \"\"\"A school corrects somebody's name.\"\"\"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from ecf_sandbox.described import DescribedFunction, Parameter, decode, parameters_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.rulebook.refusals import BadEvent
from ecf_sandbox.state.record import Record


class KeyOf(Record, frozen=True):
    """Marks a parameter that names a row of a table."""

    table: str
    noun: str


ParticipantId = Annotated[str, KeyOf("users", "participant"), "the participant id"]
MentorId = Annotated[str, KeyOf("users", "participant"), "the participant id of the mentor"]
SchoolId = Annotated[str, KeyOf("schools", "school"), "the id of the school"]
StatementId = Annotated[str, KeyOf("statements", "statement"), "the id of the statement"]
DeclarationId = Annotated[str, KeyOf("declarations", "declaration"), "the id of the declaration"]
PartnershipId = Annotated[str, KeyOf("partnerships", "partnership"), "the id of the partnership"]
ProviderId = Annotated[str, KeyOf("providers", "lead provider"), "the id of the lead provider"]
DeliveryPartnerId = Annotated[str, KeyOf("delivery_partners", "delivery partner"), "the id of the delivery partner"]
StartYear = Annotated[int, KeyOf("cohorts", "cohort"), "the year in which the cohort starts"]


def key_of(it: Parameter) -> KeyOf | None:
    """The table whose row a parameter names, if it names one."""
    return next((note for note in it.notes if isinstance(note, KeyOf)), None)


class Event(DescribedFunction, frozen=True, kw_only=True):
    """Something that can happen: its docstring says the policy, its parameters what it depends on."""

    run: Callable[..., Record | None]

    def read(self, records: Records, given: Mapping[str, object]) -> dict[str, Any]:
        """The arguments for `run`; raises BadEvent with everything that is wrong with them."""
        unknown, missing = f"{self.name} takes no", f"{self.name} needs {{}}"
        arguments, problems = decode(self.parameters, given, unknown=unknown, missing=missing)
        for it in self.parameters:
            key, value = key_of(it), arguments.get(it.keyword)
            if key and value is not None and value not in getattr(records, key.table):
                problems.append(f"{it.name}: there is no {key.noun} {value}")
        if problems:
            raise BadEvent(problems)
        return arguments


def event_of(run: Callable[..., Record | None]) -> Event:
    """The event that a function is."""
    return Event(run=run, parameters=parameters_of(run, provided={Turn}))
