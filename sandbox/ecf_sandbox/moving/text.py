"""What a client meets that moves, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from ecf_sandbox.moving.result import Found, Moving, Unjudged
from ecf_sandbox.printing import in_docs

_WIDE = 110
_INDENT = "           "


def as_text(it: Moving, *, full: bool = True) -> str:
    """The whole; or without what is true of every client and what could not be judged, for a report."""
    parts = [_head(it), _breaking(it), _otherwise(it)]
    if full:
        parts += [
            _unjudged("Judged by the table alone, without being played", it.by_table),
            _unjudged("Answered otherwise for a reason that may lie in the world that was made for it", it.unexplained),
            _every_client(it),
        ]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(it: Moving) -> Iterator[str]:
    yield (
        f"Moving to Register early career teachers: {_times(it.requests, 'request')}, {it.played:,} played"
        f" against it; {_times(it.breaking, 'difference')} {'breaks' if it.breaking == 1 else 'break'} requests"
    )
    if it.missing:
        yield f"Missing from the input: {_times(it.missing, 'exchange')}, with whatever was done in them."
    if it.elsewhere:
        yield f"Left out: {_times(it.elsewhere, 'request')} that reached no operation of the old API."
    if it.played:
        yield f"  {'':<20}{'answered as before':>20}{'otherwise':>12}"
        for n, each in enumerate(it.answers):
            name = each.step if n == 0 else f"+ {each.step}"
            yield f"  {name:<20}{each.as_before:>20,}{each.otherwise:>12,}"


def _breaking(it: Moving) -> Iterator[str]:
    found = [each for each in it.found if each.breaks]
    if not found:
        yield "Nothing breaks: every request that was played is answered with the status that it had."
        return
    mechanical = [each for each in found if each.step]
    thought = [each for each in found if not each.step]
    if mechanical:
        yield "What breaks, and is mended where requests are made"
        yield from _each(mechanical)
    if thought:
        yield "What breaks, and needs thought" if not mechanical else "\nWhat breaks, and needs thought"
        yield from _each(thought)


def _otherwise(it: Moving) -> Iterator[str]:
    found = [each for each in it.found if not each.breaks]
    if found:
        yield "What is answered with the same status and says something else: it matters if your code reads it"
        yield from _each(found)


def _each(found: Iterable[Found]) -> Iterator[str]:
    for it in found:
        yield f"  {it.id} ({it.kind})"
        yield from _fact("old", it.old)
        yield from _fact("new", it.new)
        yield from _fact("do", it.remedy)
        yield from _fact("where", f"{', '.join(it.operations)}: {', '.join(it.places)}")
        more = ", …" if it.count > len(it.exchanges) else ""
        table = f", {it.count - it.played:,} of them by the table alone" if it.breaks and it.played < it.count else ""
        yield from _fact("seen", f"{_times(it.count, 'time')}{table}: {', '.join(it.exchanges)}{more}")
        if it.tests:
            yield from _fact("tests", ", ".join(it.tests))
        yield from _fact("source", in_docs(it.source))


def _fact(name: str, text: str) -> Iterator[str]:
    lines = wrap(text, _WIDE - len(_INDENT), break_long_words=False, break_on_hyphens=False) or [""]
    yield f"    {name:<7}{lines[0]}"
    yield from (f"{_INDENT}{line}" for line in lines[1:])


def _unjudged(title: str, found: Iterable[Unjudged]) -> Iterator[str]:
    for n, it in enumerate(found):
        if n == 0:
            yield title
        more = ", …" if it.count > len(it.exchanges) else ""
        yield from _wrapped(f"  {_times(it.count, 'request')}: {it.why} ({', '.join(it.exchanges)}{more})")


def _every_client(it: Moving) -> Iterator[str]:
    yield "For every client, whatever it does"
    for each in it.every_client:
        yield from _wrapped(f"  {each}")


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDE, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _times(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
