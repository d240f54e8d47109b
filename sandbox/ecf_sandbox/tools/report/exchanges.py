"""An exchange as a journal file tells it: a line of JSON, of which only what a report needs is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from ecf_sandbox.state.record import Record

Header = tuple[str, str]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Asked(Record, frozen=True, kw_only=True):
    """Headers and body of a request; the body as JSON, as text, or None."""

    headers: tuple[Header, ...] = ()
    body: Any = None


class Answered(Record, frozen=True, kw_only=True):
    """Status, headers and body of an answer."""

    status: int
    headers: tuple[Header, ...] = ()
    body: Any = None


class Broken(Record, frozen=True, kw_only=True):
    """One refusal of an answer, with the rule behind it."""

    title: str
    detail: str
    rule: str


class Noted(Record, frozen=True, kw_only=True):
    """One finding of the observer."""

    code: str
    severity: str
    where: str = ""
    received: str = ""
    expected: str = ""
    message: str = ""
    fix: str = ""
    link: str = ""


class Heard(Record, frozen=True, kw_only=True):
    """One exchange of a journal. `journal` and `line` (None without a file) say where it was read.

    `world` is there where the journals of several worlds were written to one file.
    """

    number: int
    operation: str
    method: str
    target: str
    at: Moment
    moment: Moment
    provider: str | None
    request: Asked
    response: Answered
    rules: Mapping[str, str] = {}
    refusals: tuple[Broken, ...] = ()
    findings: tuple[Noted, ...] = ()
    undone: bool = False
    journal: str = ""
    line: int | None = None
    world: str | None = None

    @property
    def name(self) -> str:
        """What a report calls it: `main#12`."""
        return f"{self.world or self.journal}#{self.number}"

    @property
    def place(self) -> tuple[str, str | None]:
        """The world that it happened in: of two in one place the later one follows the earlier."""
        return self.journal, self.world

    @property
    def asked(self) -> bool:
        """Whether it is a request, not something done to the world from outside the provider API."""
        return bool(self.method)

    @property
    def accepted(self) -> bool:
        """Whether it is a request that succeeded, or whose answer had not changed."""
        return self.asked and (200 <= self.response.status < 300 or self.response.status == 304)

    @property
    def subject(self) -> str:
        """Its operation without the version: `record_declaration`."""
        return self.operation.partition(" ")[2]

    @property
    def path(self) -> str:
        """What was asked for, without the query."""
        return self.target.partition("?")[0]


class Journal(Record, frozen=True, kw_only=True):
    """The exchanges of one world or one file, in order. `file` is where they were read, if anywhere."""

    name: str
    exchanges: tuple[Heard, ...]
    file: str | None = None
    secrets: tuple[str, ...] = ()
