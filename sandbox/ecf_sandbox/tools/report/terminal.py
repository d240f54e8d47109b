"""The report for a terminal: the numbers, what was found, and what was never asked."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.moving import text as moving
from ecf_sandbox.tools.report.report import FindingSeen, Report, Share

_WIDE = 100
_NEWEST = 10


def as_text(report: Report) -> str:
    """The report in short, and below it those beside it."""
    return "\n".join(map(_text, report.every))


def _text(report: Report) -> str:
    parts = [list(part(report)) for part in (_numbers, _findings, _refusals, _checklist, _asked, _never)]
    told = "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"
    return told if report.moving is None else f"{told}\n{moving.as_text(report.moving, full=False)}"


def plural(count: int, one: str, more: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def found(report: Report) -> str:
    """How much was found, in words."""
    errors, warnings = report.worst("error"), report.worst("warning")
    advice = len(report.findings) - errors - warnings
    counted = f"{plural(errors, 'error')}, {plural(warnings, 'warning')}, {advice} advice"
    return counted + (f" that {report.baseline.file} does not have" if report.baseline else "")


def names(report: Report) -> str:
    """The names of the journals, or how many there are."""
    few = len(report.journals) <= 3
    return ", ".join(each.name for each in report.journals) if few else plural(len(report.journals), "journal")


def ends(report: Report) -> str:
    """The present of the worlds at the first and the last exchange; empty if there is none."""
    first = min((each.first_at for each in report.journals if each.first_at), default=None)
    last = max((each.last_at for each in report.journals if each.last_at), default=None)
    return f"{first} to {last}" if first and last else ""


def missing(report: Report) -> str:
    """That the report is not of everything, in a sentence; empty if it is."""
    if not report.missing:
        return ""
    verb = "is" if report.missing == 1 else "are"
    return (
        f"This report is incomplete: {plural(report.missing, 'exchange')} {verb} missing from the input, with whatever"
        " was found and refused in them."
    )


def shares(report: Report) -> Iterator[tuple[str, Share]]:
    """What there is, and how much of it was used."""
    for version, each in report.coverage.operations.items():
        yield f"Operations of {version}", each
    yield "Parameters of the operations used", report.coverage.parameters
    yield "Values of their attributes", report.coverage.values
    yield "Rules judged", report.coverage.rules_judged
    yield "Rules broken", report.coverage.rules_broken


def _numbers(report: Report) -> Iterator[str]:
    total, share = report.totals, report.coverage
    yield f"{report.made_by}: {names(report)}" + (f", {ends(report)} in the world's time" if ends(report) else "")
    if missing(report):
        yield f"             {missing(report)}"
    yield f"Service      {report.title} ({report.service})"
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
    yield f"Findings     {found(report)}"


def _findings(report: Report) -> Iterator[str]:
    if report.findings:
        yield "Findings"
    for each in report.findings:
        yield from _finding(each)


def _finding(finding: FindingSeen) -> Iterator[str]:
    yield f"  {finding.severity:<8} {finding.code}: {finding.operation} {finding.where}"
    yield f"           {finding.message}"
    if finding.fix:
        yield f"           {finding.fix}"
    yield f"           {plural(finding.count, 'time')}: {', '.join(finding.exchanges)}" + (
        ", …" if finding.count > 5 else ""
    )
    yield from (f"           test: {it}" for it in tests(finding))


def tests(finding: FindingSeen) -> list[str]:
    """The tests that show a finding, each with its world, as far as they are known."""
    return [f"{it.test} (world {it.world})" for it in finding.tests]


def _refusals(report: Report) -> Iterator[str]:
    if report.refusals:
        yield "Refused"
    for each in report.refusals[-_NEWEST:]:
        yield f"  {each.exchange}: {each.method} {each.target} {each.status}" + (f" ({each.test})" if each.test else "")
        for reason in each.reasons:
            yield f"           {reason.rule}: {reason.policy}"
            if reason.facts:
                yield f"             read {'; '.join(reason.facts)}"
        for words in each.would_pass[:1]:
            yield f"           would have passed: {words}"


def _checklist(report: Report) -> Iterator[str]:
    if not report.checklist:
        return
    shown = sum(each.outcome == "shown" for each in report.checklist)
    yield f"What a provider has to test: {shown} of {len(report.checklist)} shown"
    for each in report.checklist:
        if each.outcome != "shown":
            yield f"  {each.outcome:<16} {each.area}: {each.asks}"


def _asked(report: Report) -> Iterator[str]:
    asked = [each for each in report.operations if each.asked]
    if not asked:
        return
    wide = max(len(each.name) for each in asked)
    yield "Operations used"
    for each in asked:
        statuses = ", ".join(f"{count} × {status}" for status, count in each.statuses.items() if count)
        yield f"  {each.name:<{wide}}  {statuses}"
    for lost in report.elsewhere[:10]:
        yield f"  unknown path: {lost.method} {lost.path} ({lost.asked} × {lost.status})"


def _never(report: Report) -> Iterator[str]:
    versions = {each.version for each in report.operations if each.asked} or {3}
    unasked = [each.name for each in report.operations if not each.asked and each.version in versions]
    if unasked:
        yield "Operations never used"
        yield from _lines(unasked)
    unbroken = [each.id for each in report.rules if each.standing == "never"]
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
