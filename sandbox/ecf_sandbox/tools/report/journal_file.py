"""Journals that were written out, an exchange to a line: of each only what a report needs is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from ecf_sandbox.state.record import Record, replace

Header = tuple[str, str]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Asked(Record, frozen=True, kw_only=True):
    """Headers and body of a request; the body as JSON, as text, or None."""

    headers: tuple[Header, ...] = ()
    body: Any = None


class RecordedAnswer(Record, frozen=True, kw_only=True):
    """Status, headers and body of an answer."""

    status: int
    headers: tuple[Header, ...] = ()
    body: Any = None


class Broken(Record, frozen=True, kw_only=True):
    """One refusal of an answer, with the rule behind it."""

    title: str
    detail: str
    rule: str


class RecordedFinding(Record, frozen=True, kw_only=True):
    """One finding of the observer."""

    code: str
    severity: str
    where: str = ""
    received: str = ""
    expected: str = ""
    message: str = ""
    fix: str = ""
    link: str = ""


class JournalEntry(Record, frozen=True, kw_only=True):
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
    response: RecordedAnswer
    rules: Mapping[str, str] = {}
    refusals: tuple[Broken, ...] = ()
    findings: tuple[RecordedFinding, ...] = ()
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


class ReadJournal(Record, frozen=True, kw_only=True):
    """The exchanges of one world or one file, in order. `file` is where they were read, if anywhere."""

    name: str
    exchanges: tuple[JournalEntry, ...]
    file: str | None = None
    secrets: tuple[str, ...] = ()


FORMAT = "ecf-sandbox/exchange"
VERSION = 1
_SHOWN = 10


class BadJournal(Exception):
    """A journal that cannot be read. Names the file and every line that is wrong, up to ten."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _SHOWN
        super().__init__("\n".join([*problems[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]))


class _Head(msgspec.Struct):
    format: Any = None
    version: Any = None


def read_files(paths: Iterable[Path]) -> list[ReadJournal]:
    """The journals in these files, each read once; raises BadJournal, or OSError if a file cannot be opened."""
    distinct = list({path.resolve(): path for path in paths}.values())
    stems = [it.stem for it in distinct]
    journals: list[ReadJournal] = []
    problems: list[str] = []
    for path in distinct:
        name = path.stem if stems.count(path.stem) == 1 else str(path)
        try:
            journals.append(read(path.read_bytes(), name, str(path)))
        except BadJournal as wrong:
            problems += wrong.problems
    if problems:
        raise BadJournal(problems)
    return journals


def read(written: bytes, name: str, file: str | None = None, secrets: Sequence[str] = ()) -> ReadJournal:
    """The journal that was written; raises BadJournal. Blank lines count, but are skipped."""
    heard: list[JournalEntry] = []
    problems: list[str] = []
    where = file or name
    for number, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        try:
            heard.append(replace(_exchange(line), journal=name, line=number if file else None))
        except ValueError as wrong:
            problems.append(f"{where}:{number}: {wrong}")
    if problems:
        raise BadJournal(problems)
    return ReadJournal(name=name, exchanges=tuple(heard), file=file, secrets=tuple(secrets))


def of_plain(name: str, exchanges: Iterable[Any], secrets: Sequence[str] = ()) -> ReadJournal:
    """The journal of exchanges that are plain values already."""
    heard = (replace(msgspec.convert(it, JournalEntry, strict=True), journal=name) for it in exchanges)
    return ReadJournal(name=name, exchanges=tuple(heard), secrets=tuple(secrets))


def _exchange(line: bytes) -> JournalEntry:
    """One line; raises ValueError, which says what it is instead."""
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise ValueError(f"this is no line of a journal: {_said(wrong)}") from None
    if head.format != FORMAT:
        raise ValueError("this is no line of a journal; write one with: ecf-sandbox journal export --out FILE")
    if head.version != VERSION:
        raise ValueError(
            f"this is version {head.version!r} of the format, and this ecf-sandbox reads version {VERSION}"
        )
    try:
        it = msgspec.json.decode(line, type=JournalEntry)
        return replace(it, at=it.at.astimezone(UTC), moment=it.moment.astimezone(UTC))
    except OverflowError:
        raise ValueError("this exchange is not whole: its moment lies beyond the calendar") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise ValueError(f"this exchange is not whole: {_said(wrong)}") from None


def _said(wrong: Exception) -> str:
    return "it is nested too deep" if isinstance(wrong, RecursionError) else str(wrong)
