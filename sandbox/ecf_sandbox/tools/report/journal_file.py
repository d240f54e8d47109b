"""Journals that were written out, an exchange to a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from ecf_sandbox import files
from ecf_sandbox.api.operation_names import operation_names
from ecf_sandbox.state.exchange_codec import Gap, JournalEntry, read_gap, read_line
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service


class ReadJournal(Record, frozen=True, kw_only=True):
    """The exchanges of one world or one file, in order, and what is missing from it by its own account.

    `file` is where they were read, if anywhere; `service` that of the world, as far as it is known.
    """

    name: str
    exchanges: tuple[JournalEntry, ...]
    file: str | None = None
    secrets: tuple[str, ...] = ()
    service: str | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def missing(self) -> int:
        """How many exchanges are not in it: as it says itself, or as the numbers of each world do."""
        numbers: dict[tuple[str | None, int | None, int], set[int]] = {}
        for it in self.exchanges:
            numbers.setdefault((it.world, it.life, it.begins or 1), set()).add(it.number)
        # Of a world with tests, one file may have the journals of several by one name.
        holes = sum(max(0, max(found) - begins + 1 - len(found)) for (_, _, begins), found in numbers.items())
        return max(holes, sum(it.exchanges for it in self.gaps))


_SHOWN = 10


class BadJournal(Exception):
    """A journal that cannot be read. Names the file and every line that is wrong, up to ten."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _SHOWN
        super().__init__("\n".join([*problems[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]))


def read_files(paths: Iterable[Path]) -> list[ReadJournal]:
    """The journals in these files, each read once; raises BadJournal, or OSError if a file cannot be opened."""
    distinct = list({path.resolve(): path for path in paths}.values())
    stems = [it.stem for it in distinct]
    journals: list[ReadJournal] = []
    problems: list[str] = []
    for path in distinct:
        name = path.stem if stems.count(path.stem) == 1 else str(path)
        try:
            journals.append(read(files.read(path, files.MOST_OF_A_JOURNAL), name, str(path)))
        except BadJournal as wrong:
            problems += wrong.problems
    if problems:
        raise BadJournal(problems)
    return journals


def read(written: bytes, name: str, file: str | None = None, secrets: Sequence[str] = ()) -> ReadJournal:
    """The journal that was written; raises BadJournal. Blank lines count, but are skipped."""
    heard: list[JournalEntry] = []
    gaps: list[Gap] = []
    problems: list[str] = []
    where = file or name
    for number, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        try:
            if (gap := read_gap(line)) is not None:
                gaps.append(gap)
                continue
            it = read_line(line)
            heard.append(replace(it, journal=name, line=number if file else None))
        except ValueError as wrong:
            problems.append(f"{where}:{number}: {wrong}")
    if problems and _is_archive(written):
        told = "this is an HTTP Archive, which lacks the rules that refused; write a journal with:"
        raise BadJournal([f"{where}: {told} ecf-sandbox journal export --out FILE"])
    if problems:
        raise BadJournal(problems)
    return ReadJournal(name=name, exchanges=tuple(heard), file=file, secrets=tuple(secrets), gaps=tuple(gaps))


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Archive(msgspec.Struct):
    log: _Log


def _is_archive(written: bytes) -> bool:
    try:
        msgspec.json.decode(written, type=_Archive)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def of_each_world(
    written: bytes, tokens: Mapping[str, Sequence[str]], services: Mapping[str, str] | None = None
) -> list[ReadJournal]:
    """The journals that a sandbox exported together, one for each name of a world; raises BadJournal.

    `tokens` are those of the worlds that there are, each of which has a journal, `services` the names of theirs; one of
    no name is for what is missing from any.
    """
    services = services or {}
    together = read(written, "")
    asked = dict.fromkeys(it.world or "" for it in together.exchanges)
    worlds = dict.fromkeys([*tokens, *asked, *(it.world or "" for it in together.gaps)])
    every = tuple(dict.fromkeys(token for those in tokens.values() for token in those))
    return [
        ReadJournal(
            name=world,
            exchanges=tuple(replace(it, journal=world) for it in together.exchanges if (it.world or "") == world),
            secrets=tuple(tokens.get(world, every)),
            service=services.get(world),
            gaps=tuple(it for it in together.gaps if (it.world or "") == world),
        )
        for world in worlds
    ]


def by_service(journals: Iterable[ReadJournal], default: str) -> dict[str, list[ReadJournal]]:
    """The journals of each service, the default one first; what names none is of the default.

    A journal with exchanges of several is a journal of each; what is missing from it counts with the first.
    """
    found: dict[str, list[ReadJournal]] = {default: []}
    for it in journals:
        named = [each.service or it.service or default for each in it.exchanges]
        for n, name in enumerate(dict.fromkeys(named) or {it.service or default: None}):
            own = tuple(each for each, of in zip(it.exchanges, named, strict=True) if of == name)
            found.setdefault(name, []).append(replace(it, exchanges=own, gaps=() if n else it.gaps))
    return {name: those for name, those in found.items() if those} or {default: []}


def with_present_names(journal: ReadJournal, service: Service) -> ReadJournal:
    """The journal in which operations that an earlier version wrote under their former names have the present ones."""
    names = operation_names(service)
    return replace(
        journal,
        exchanges=tuple(
            replace(it, operation=names.present(it.operation, it.method, it.path)) for it in journal.exchanges
        ),
    )
