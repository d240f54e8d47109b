"""Whether a client read a list to its end, and whether it asked for what had changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.tools.report.usage import items, query

_USUAL, _MOST = 100, 3_000
Pages = dict[int, JournalEntry]


def full_reads(heard: Sequence[JournalEntry]) -> list[list[JournalEntry]]:
    """The runs of pages from the first to one that is empty or not full, asked without `updated_since`."""
    return [list(run.values()) for run, done in _runs(heard) if done]


def begun_reads(heard: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The pages of runs that stop before the end."""
    return [it for run, done in _runs(heard) if not done for it in run.values()]


def partial_reads(heard: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The requests for what was changed since a moment."""
    return [it for it in heard if it.accepted and _since(it)]


def _runs(heard: Sequence[JournalEntry]) -> Iterator[tuple[Pages, bool]]:
    """The pages that were read one after the other, and whether that came to the end; a first page begins anew."""
    open_runs: dict[tuple[object, ...], Pages] = {}
    for it in heard:
        if not it.accepted or _since(it):
            continue
        key, number = _same(it), _number(it, "page[page]", 1)
        run = open_runs.get(key, {})
        if number == 1 and run:
            yield run, False
            run = {}
        # A page asked again is the same page; one that was skipped breaks the run.
        if number > len(run) + 1:
            continue
        open_runs[key] = run = {**run, number: it}
        if _last(it):
            del open_runs[key]
            yield run, True
    yield from ((run, False) for run in open_runs.values())


def _same(entry: JournalEntry) -> tuple[object, ...]:
    """What all requests of one read have in common."""
    rest = tuple(sorted((name, value) for name, value in query(entry) if name != "page[page]"))
    return *entry.place, entry.provider, entry.operation, rest


def _last(entry: JournalEntry) -> bool:
    listed = items(entry)
    return listed is not None and len(listed) < min(_number(entry, "page[per_page]", _USUAL), _MOST)


def _since(entry: JournalEntry) -> bool:
    return any(name == "filter[updated_since]" and value for name, value in query(entry))


def _number(entry: JournalEntry, name: str, usual: int) -> int:
    value = dict(query(entry)).get(name, "")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 10 and int(value) else usual
