"""Which facts a rule reads: its question is asked of an attempt that remembers what was looked at."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.ecf.explain.readable import readable
from ecf_sandbox.rulebook.rule import Rule
from ecf_sandbox.state.records import Records
from ecf_sandbox.tools.explain.explanation import Fact


class Remembering:
    """Stands for an attempt, and remembers the names of the attributes that are read of it.

    What an attempt derives (`milestone`) counts as itself; what a method of it reads counts as read by the rule.
    """

    def __init__(self, attempt: object) -> None:
        self._attempt = attempt
        self._read: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(type(self._attempt), name, None)
        if callable(method):
            return method.__get__(self)
        value = getattr(self._attempt, name)
        self._read.setdefault(name, value)
        return value


def facts_read(rule: Rule[Any], attempt: object, records: Records | None = None) -> tuple[Fact, ...]:
    """What the rule looked at to come to its verdict, in that order; ids of known things with their names."""
    remembering = Remembering(attempt)
    rule.broken_by(remembering)
    return tuple(Fact(name=name, value=_shown(value, records)) for name, value in remembering._read.items())


def _shown(value: Any, records: Records | None) -> str:
    name = _name_of(value, records) if isinstance(value, str) and records is not None else None
    return readable(value) if name is None else f"{name} ({value})"


def _name_of(id: str, records: Records) -> str | None:
    for table in (records.providers, records.delivery_partners, records.schools):
        found = table.get(id)
        if found is not None:
            return found.name
    return None
