"""What an event is: a described function of a turn, what becomes of bad arguments, and an example of it.

From the signature (`described.py`) follow the decoding of the arguments and the documentation:

    def change_name(turn: Turn, participant_id: ParticipantId, full_name: Annotated[str, "the new name"]) -> User:
        \"\"\"A school corrects somebody's name.\"\"\"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit, Refused
from ecf_sandbox.state.described import DescribedFunction, Parameter, decode
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.suggest import did_you_mean, in_short

Told = Mapping[str, Any]

# No name or reason is longer, and records are kept as long as their world.
LONGEST_TEXT = 1000


class KeyOf(Record, frozen=True):
    """Marks a parameter that names a row of a table."""

    table: str
    noun: str


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
                problems.append(f"{it.name}: there is no {key.noun} {in_short(str(value))}")
            problems += [
                f"{it.name}: it has {len(text):,} characters, and at most {LONGEST_TEXT:,} are kept"
                for text in (value if isinstance(value, list) else [value])
                if isinstance(text, str) and len(text) > LONGEST_TEXT
            ]
        if problems:
            raise BadEvent(problems)
        return arguments


def play_event(
    events: Mapping[str, Event], turn: Turn[Any], name: str, arguments: Mapping[str, object]
) -> Record | None:
    """Make one of the events happen now, and answer the row that it is about.

    Raises BadEvent if there is no such event or its arguments are wrong, DoesNotFit if it could not have happened.
    """
    event = events.get(name)
    if event is None:
        raise BadEvent([f"there is no event {did_you_mean(name, events)}"])
    told = event.read(turn.records, arguments)
    try:
        return event.run(turn, **told)
    except Refused as refused:
        raise DoesNotFit(str(refused)) from refused


class Played(Record, frozen=True, kw_only=True):
    """An event as it is played: its name, what it is told, and when, unless now."""

    event: str
    told: Told = {}
    at: str | None = None


class Example(Record, frozen=True, kw_only=True):
    """What is known of an event beside its signature.

    `told` and `at` are those of a sound example, `first` what has to happen before it, and `refused` what is told
    otherwise so that it is refused.
    """

    by: str
    source: str
    told: Told = {}
    at: str | None = None
    first: tuple[Played, ...] = ()
    refused: tuple[Told, ...] = ()
