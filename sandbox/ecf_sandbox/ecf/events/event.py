"""What an event is: a named action whose parameters say what they mean, and what becomes of a bad one.

An event is an ordinary function. Its first parameter is the turn; each other one is annotated with its type and,
in `Annotated`, with its meaning, so that signature, checks and documentation are one thing:

    def change_name(turn: Turn, participant_id: ParticipantId, full_name: Annotated[str, "the new name"]) -> User:
        \"\"\"A school corrects somebody's name.\"\"\"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from inspect import Parameter as Signed
from inspect import getdoc, signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from ecf_sandbox.rulebook.refusals import BadEvent
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.suggest import did_you_mean


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


class Parameter(Record, frozen=True, kw_only=True):
    """One thing that an event is told."""

    name: str
    kind: str
    meaning: str
    required: bool
    type: Any
    default: Any = None
    key_of: KeyOf | None = None

    def read(self, records: Records, given: object) -> Any:
        """The argument as its type; raises ValueError, which says what was expected."""
        try:
            it = msgspec.convert(given, self.type, strict=False)
        except msgspec.ValidationError:
            raise ValueError(f"{self.name} must be {self.kind}, not {given!r}") from None
        if self.key_of and it is not None and it not in getattr(records, self.key_of.table):
            raise ValueError(f"{self.name}: there is no {self.key_of.noun} {it}")
        return it


class Event(Record, frozen=True, kw_only=True):
    """Something that can happen: its name, what it must be told, the policy, and the function that does it."""

    name: str
    parameters: tuple[Parameter, ...]
    summary: str
    run: Callable[..., Record | None]

    def read(self, records: Records, given: Mapping[str, object]) -> dict[str, Any]:
        """The arguments for `run`; raises BadEvent with everything that is wrong with them."""
        known = {it.name: it for it in self.parameters}
        problems = [f"{self.name} takes no {did_you_mean(name, known)}" for name in given if name not in known]
        arguments: dict[str, Any] = {}
        for it in self.parameters:
            if it.name in given:
                try:
                    arguments[it.name] = it.read(records, given[it.name])
                except ValueError as wrong:
                    problems.append(str(wrong))
            elif it.required:
                problems.append(f"{self.name} needs {it.name}: {it.meaning}")
        if problems:
            raise BadEvent(problems)
        return arguments


def event_of(run: Callable[..., Record | None]) -> Event:
    """The event that a function is, read from its signature and docstring."""
    hints = get_type_hints(run, include_extras=True)
    told = [it for it in signature(run).parameters.values() if hints[it.name] is not Turn]
    return Event(
        name=run.__name__,
        parameters=tuple(_parameter(it, hints[it.name]) for it in told),
        summary=getdoc(run) or "",
        run=run,
    )


def _parameter(signed: Signed, hint: Any) -> Parameter:
    plain, notes = _unfold(hint)
    return Parameter(
        name=signed.name,
        kind=_kind(plain),
        meaning=next((it for it in notes if isinstance(it, str)), signed.name.replace("_", " ")),
        required=signed.default is Signed.empty,
        type=plain,
        default=None if signed.default is Signed.empty else signed.default,
        key_of=next((it for it in notes if isinstance(it, KeyOf)), None),
    )


def _unfold(hint: Any) -> tuple[Any, list[Any]]:
    """The bare type and all notes, outermost first, of an annotation such as `Annotated[SchoolId | None, "…"]`."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        plain, deeper = _unfold(inner)
        return plain, [*notes, *deeper]
    if type(None) in get_args(hint):
        (inner,) = (it for it in get_args(hint) if it is not type(None))
        plain, notes = _unfold(inner)
        return plain | None, notes
    return hint, []


def _kind(plain: Any) -> str:
    if type(None) in get_args(plain):
        (inner,) = (it for it in get_args(plain) if it is not type(None))
        return f"{_kind(inner)}, or null"
    if issubclass(plain, StrEnum):
        return f"one of {', '.join(plain)}"
    return {"str": "text", "int": "a whole number", "bool": "true or false", "date": "a date (YYYY-MM-DD)"}[
        plain.__name__
    ]
