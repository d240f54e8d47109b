"""The report as Markdown, short enough for the summary of a CI step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ecf_sandbox.printing import table
from ecf_sandbox.tools.report.privacy import cell, cut
from ecf_sandbox.tools.report.report import FindingSeen, Report
from ecf_sandbox.tools.report.terminal import ends, found, missing, names, shares, tests

# GitHub takes a mebibyte for a step; nobody reads a thousand rows.
_ROWS = 200
_LONGEST = 300


def as_markdown(it: Report) -> str:
    """The report in tables: numbers, findings, checklist, refusals, operations; and those beside it."""
    return "\n".join(map(_text, it.every))


def _text(it: Report) -> str:
    shown = (_head, _findings, _moving, _checklist, _refused, _explained, _operations, _elsewhere)
    parts = [list(part(it)) for part in shown]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(it: Report) -> Iterator[str]:
    span = f", {ends(it)} in the world's time" if ends(it) else ""
    yield f"## {cell(it.title)}: what this run shows"
    yield ""
    yield cell(f"{it.made_by}: {names(it)}{span}.") + f" **{cell(found(it))}.**"
    if missing(it):
        yield ""
        yield f"**{missing(it)}**"
    yield ""
    yield _table(("What", "Used", "Of"), _shares(it))


def _shares(it: Report) -> Iterator[tuple[str, ...]]:
    yield "Requests", f"{it.totals.requests:,}", ""
    yield from ((name, str(each.used), str(each.known)) for name, each in shares(it))


def _findings(it: Report) -> Iterator[str]:
    if it.findings:
        rows = (
            (each.severity, each.code, each.operation, each.where, _told(each), f"{each.count:,}")
            for each in it.findings
        )
        yield from _section(
            "Findings", ("Severity", "Code", "Operation", "Where", "What is wrong, and how to fix it", "Times"), rows
        )


def _told(each: FindingSeen) -> str:
    told = f"{each.message} {each.fix}"
    return f"{told} Shown by {', '.join(tests(each))}." if each.tests else told


def _moving(it: Report) -> Iterator[str]:
    if it.moving is None or not it.moving.found:
        return
    rows = (
        (
            "breaks" if each.breaks else "shows",
            f"{each.id} ({each.kind})",
            f"{', '.join(each.operations)}: {', '.join(each.places)}",
            f"{each.remedy} {each.source}",
            f"{each.count:,}",
        )
        for each in it.moving.found
    )
    title = f"Moving to Register early career teachers: {it.moving.breaking} of {len(it.moving.found)} break requests"
    yield from _section(title, ("Effect", "Difference", "Where", "What to do", "Times"), rows)


def _checklist(it: Report) -> Iterator[str]:
    if it.checklist:
        rows = ((each.outcome, each.area, each.asks, each.note) for each in it.checklist)
        yield from _section("What a provider has to test", ("Outcome", "Area", "Test", "What this run shows"), rows)


def _refused(it: Report) -> Iterator[str]:
    broken = [each for each in it.rules if each.broken]
    if broken:
        rows = ((each.id, each.policy, f"{each.broken:,}", ", ".join(each.exchanges)) for each in broken)
        yield from _section("Rules that refused something", ("Rule", "Policy", "Times", "Exchanges"), rows)


def _explained(it: Report) -> Iterator[str]:
    if it.refusals:
        rows = (
            (
                each.exchange,
                f"{each.method} {each.target}",
                "; ".join(f"{reason.rule} ({', '.join(reason.facts)})" for reason in each.reasons),
                next(iter(each.would_pass), ""),
            )
            for each in it.refusals
        )
        yield from _section("Refusals explained", ("Exchange", "Request", "Refused by", "Would have passed"), rows)


def _operations(it: Report) -> Iterator[str]:
    asked = [each for each in it.operations if each.asked]
    if asked:
        rows = (
            (each.name, f"{each.asked:,}", ", ".join(f"{n} × {status}" for status, n in each.statuses.items() if n))
            for each in asked
        )
        yield from _section("Operations used", ("Operation", "Times", "Answers"), rows)


def _elsewhere(it: Report) -> Iterator[str]:
    if it.elsewhere:
        rows = ((each.method, each.path, str(each.status), f"{each.asked:,}") for each in it.elsewhere)
        yield from _section("Requests with an unknown path", ("Method", "Path", "Status", "Times"), rows)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    every = list(rows)
    yield f"### {title}"
    yield ""
    yield _table(head, every[:_ROWS])
    if len(every) > _ROWS:
        yield ""
        yield f"… and {len(every) - _ROWS:,} more; all are in the report that --json writes."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return table(head, ([cell(cut(each, _LONGEST)) for each in row] for row in rows))
