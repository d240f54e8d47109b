"""What parts of a service look like to those who know none of its nouns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from ecf_sandbox.state.moments import Due
from ecf_sandbox.state.records import Records


class Caller(Protocol):
    """A row that stands for who calls the API."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class RuleEntry(Protocol):
    """A rule as the catalogue of a service has it."""

    @property
    def id(self) -> str: ...

    @property
    def policy(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def actions(self) -> tuple[str, ...]: ...

    @property
    def editions(self) -> tuple[str, ...]: ...


class FallsDue(Protocol):
    """What happens by itself from one moment to another, of which the second is part; `paying` names a payment date."""

    def __call__(
        self, records: Records, since: datetime, until: datetime, *, paying: date | None = None
    ) -> list[Due]: ...
