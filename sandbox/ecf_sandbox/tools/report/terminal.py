"""The report for a terminal: the numbers, what was found, and what was never asked."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.tools.report.report import FindingSeen, Report, Share

_WIDE = 100


def as_text(it: Report) -> str:
    """The report in short."""
    parts = [list(part(it)) for part in (_numbers, _findings, _checklist, _asked, _never)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def plural(count: int, one: str, more: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def found(it: Report) -> str:
    """How much was found, in words."""
    errors, warnings = it.worst("error"), it.worst("warning")
    advice = len(it.findings) - errors - warnings
    counted = f"{plural(errors, 'error')}, {plural(warnings, 'warning')}, {advice} advice"
    return counted + (f" that {it.baseline.file} does not have" if it.baseline else "")


def names(it: Report) -> str:
    """The names of the journals, or how many there are."""
    few = len(it.journals) <= 3
    return ", ".join(each.name for each in it.journals) if few else plural(len(it.journals), "journal")


def ends(it: Report) -> str:
    """The present of the worlds at the first and the last exchange; empty if there is none."""
    first = min((each.first_at for each in it.journals if each.first_at), default=None)
    last = max((each.last_at for each in it.journals if each.last_at), default=None)
    return f"{first} to {last}" if first and last else ""


def missing(it: Report) -> int:
    """How many exchanges the journals have let go, or were left out of what was read."""
    return sum(each.missing for each in it.journals)


def shares(it: Report) -> Iterator[tuple[str, Share]]:
    """What there is, and how much of it was used."""
    for version, each in it.coverage.operations.items():
        yield f"Operations of {version}", each
    yield "Parameters of the operations used", it.coverage.parameters
    yield "Values of their attributes", it.coverage.values
    yield "Rules judged", it.coverage.rules_judged
    yield "Rules broken", it.coverage.rules_broken


def _numbers(it: Report) -> Iterator[str]:
    total, share = it.totals, it.coverage
    yield f"{it.made_by}: {names(it)}" + (f", {ends(it)} in the world's time" if ends(it) else "")
    if missing(it):
        yield f"             {plural(missing(it), 'exchange')} of these journals are missing from the input"
    statuses = ", ".join(f"{count:,} × {status}" for status, count in total.statuses.items())
    yield f"Requests     {total.requests:,}" + (f": {statuses}" if statuses else "")
    if total.events:
        yield f"Events       {total.events:,}"
    asked = [f"{name} {each.used} of {each.known}" for name, each in share.operations.items()]
    yield f"Operations   {', '.join(asked)}"
    yield f"Parameters   {share.parameters.used} of {share.parameters.known} of the operations used"
    yield f"Values       {share.values.used} of {share.values.known} of their attributes"
    judged, broken = share.rules_judged, share.rules_broken
    yield f"Rules        {judged.used} of {judged.known} judged, {broken.used} broken"
    yield f"Findings     {found(it)}"


def _findings(it: Report) -> Iterator[str]:
    if it.findings:
        yield "Findings"
    for each in it.findings:
        yield from _finding(each)


def _finding(it: FindingSeen) -> Iterator[str]:
    yield f"  {it.severity:<8} {it.code}: {it.operation} {it.where}"
    yield f"           {it.message}"
    if it.fix:
        yield f"           {it.fix}"
    yield f"           {plural(it.count, 'time')}: {', '.join(it.exchanges)}" + (", …" if it.count > 5 else "")


def _checklist(it: Report) -> Iterator[str]:
    if not it.checklist:
        return
    shown = sum(each.outcome == "shown" for each in it.checklist)
    yield f"What a provider has to test: {shown} of {len(it.checklist)} shown"
    for each in it.checklist:
        if each.outcome != "shown":
            yield f"  {each.outcome:<16} {each.area}: {each.asks}"


def _asked(it: Report) -> Iterator[str]:
    asked = [each for each in it.operations if each.asked]
    if not asked:
        return
    wide = max(len(each.name) for each in asked)
    yield "Operations used"
    for each in asked:
        statuses = ", ".join(f"{count} × {status}" for status, count in each.statuses.items() if count)
        yield f"  {each.name:<{wide}}  {statuses}"
    for lost in it.elsewhere[:10]:
        yield f"  unknown path: {lost.method} {lost.path} ({lost.asked} × {lost.status})"


def _never(it: Report) -> Iterator[str]:
    versions = {each.version for each in it.operations if each.asked} or {3}
    unasked = [each.name for each in it.operations if not each.asked and each.version in versions]
    if unasked:
        yield "Operations never used"
        yield from _lines(unasked)
    unbroken = [each.id for each in it.rules if each.standing == "never"]
    if unbroken:
        yield "Rules never judged (ecf-sandbox rules ID says how to break one)"
        yield from _lines(unbroken)


def _lines(names: list[str]) -> Iterator[str]:
    line = ""
    for name in names:
        if line and len(line) + len(name) > _WIDE:
            yield f"  {line},"
            line = ""
        line = f"{line}, {name}" if line else name
    yield f"  {line}"
