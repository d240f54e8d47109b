"""The report for a CI: JUnit XML, a test for each mistake of each operation, and SARIF for a code host."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

import msgspec

from ecf_sandbox import __version__
from ecf_sandbox.services import service_named
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.observer.catalogue import CheckEntry, catalogue
from ecf_sandbox.tools.report.privacy import visible
from ecf_sandbox.tools.report.report import FindingSeen, Report
from ecf_sandbox.tools.report.terminal import missing, plural, tests

# The test of an operation in whose requests nothing was found.
_CLEAN = "requests are correct"


def as_junit(report: Report) -> str:
    """The report as JUnit XML: errors are failures, other findings the output of a test that passed.

    Each service has a suite.
    """
    root = ElementTree.Element("testsuites", {"name": report.made_by, **_counts(*report.every)})
    for it in report.every:
        _add_suite(root, it, "client" if it is report else f"client of {it.title}")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(*reports: Report) -> dict[str, str]:
    tests = sum(len(list(_names(it))) + bool(missing(it)) for it in reports)
    failures = sum(len(_failed(it)) for it in reports)
    return {"tests": str(tests), "failures": str(failures), "errors": "0", "time": "0"}


def _add_suite(root: ElementTree.Element, report: Report, name: str) -> None:
    gap = missing(report)
    suite = _below(root, "testsuite", {"name": name, **_counts(report), "skipped": str(int(bool(gap)))})
    properties = _below(suite, "properties", {})
    for name, value in _properties(report):
        _below(properties, "property", {"name": name, "value": value})
    if gap:
        test = _below(suite, "testcase", {"classname": "report", "name": "complete", "time": "0"})
        _below(test, "skipped", {"message": gap})
    for operation, code in _names(report):
        test = _below(suite, "testcase", {"classname": operation, "name": code, "time": "0"})
        _add_findings(test, [each for each in report.findings if (each.operation, each.code) == (operation, code)])


def _names(report: Report) -> Iterator[tuple[str, str]]:
    """Operation and code of every test: those of the findings, then the operations that have none."""
    found = dict.fromkeys((each.operation, each.code) for each in report.findings)
    yield from found
    with_some = {operation for operation, _ in found}
    yield from ((each.name, _CLEAN) for each in report.operations if each.asked and each.name not in with_some)


def _failed(report: Report) -> set[tuple[str, str]]:
    return {(each.operation, each.code) for each in report.findings if each.severity == "error"}


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    """What was covered, and the rules that refused something."""
    yield "requests", str(report.totals.requests)
    if report.missing:
        yield "missing exchanges", str(report.missing)
    yield "rules judged", f"{report.coverage.rules_judged.used} of {report.coverage.rules_judged.known}"
    for version, share in report.coverage.operations.items():
        yield f"operations {version}", f"{share.used} of {share.known}"
    for rule in report.rules:
        if rule.broken:
            yield f"refused {rule.id}", plural(rule.broken, "time")


def _add_findings(test: ElementTree.Element, found: list[FindingSeen]) -> None:
    errors = [each for each in found if each.severity == "error"]
    others = [each for each in found if each.severity != "error"]
    if errors:
        failure = _below(test, "failure", {"type": errors[0].code, "message": errors[0].message})
        failure.text = visible("\n\n".join(map(_failure_text, errors)))
    if others:
        _below(test, "system-out", {}).text = visible("\n\n".join(map(_failure_text, others)))


def _failure_text(finding: FindingSeen) -> str:
    lines = [
        f"{finding.severity} {finding.code} at {finding.where or finding.operation}",
        finding.message,
        finding.fix,
        f"received: {finding.received}" if finding.received else "",
        f"expected: {finding.expected}" if finding.expected else "",
        f"{plural(finding.count, 'time')}: {', '.join(finding.exchanges)}",
        *(f"shown by: {it}" for it in tests(finding)),
    ]
    return "\n".join(line for line in lines if line)


def _below(parent: ElementTree.Element, tag: str, attributes: Mapping[str, str]) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {name: visible(value) for name, value in attributes.items()})


SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning"}


def as_sarif(report: Report, service: Service) -> str:
    """The report of a service as SARIF: every check of the observer is a rule, every finding a result."""
    return msgspec.json.format(msgspec.json.encode(_log(report, service)), indent=2).decode() + "\n"


def _log(report: Report, service: Service) -> dict[str, Any]:
    runs = [_run(report, service), *(_run(it, service_named(it.service)) for it in report.beside)]
    if report.beside:
        # With several runs each needs a name.
        for it, run in zip(report.every, runs, strict=True):
            run["automationDetails"] = {"id": f"ecf-sandbox/{it.service}/", "description": {"text": it.title}}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}


def _run(report: Report, service: Service) -> dict[str, Any]:
    entries = catalogue(service)
    indexes = {entry.code: index for index, entry in enumerate(entries)}
    driver = {"name": "ecf-sandbox", "version": __version__, "rules": [_rule(each) for each in entries]}
    return {
        "tool": {"driver": driver},
        **_invocations(report),
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, indexes, new=report.baseline is not None) for each in report.findings],
    }


def _invocations(report: Report) -> dict[str, Any]:
    """That something is missing, as SARIF tells of the run of a tool."""
    if not report.missing:
        return {}
    notification = {"level": "warning", "message": {"text": missing(report)}}
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [notification]}]}


def _rule(check: CheckEntry) -> dict[str, Any]:
    return {
        "id": check.code,
        "shortDescription": {"text": check.policy.partition("\n")[0]},
        "fullDescription": {"text": check.policy},
        "help": {"text": check.fix or check.policy},
        "defaultConfiguration": {"level": _level(check.severity)},
    }


def _result(finding: FindingSeen, indexes: dict[str, int], *, new: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _level(finding.severity),
        "message": {"text": " ".join(part for part in (finding.message, finding.fix) if part) or finding.code},
        "locations": [_location(finding)],
        "partialFingerprints": {"codeOperationWhere/v1": _fingerprint(finding)},
        "occurrenceCount": finding.count,
        "properties": {
            "received": finding.received,
            "expected": finding.expected,
            "exchanges": finding.exchanges,
            **({"tests": finding.tests} if finding.tests else {}),
        },
    }
    if related := list(_related(finding)):
        result["relatedLocations"] = related
    # A code that this version has no check for comes from a journal of another.
    if finding.code in indexes:
        result["ruleIndex"] = indexes[finding.code]
    if new:
        result["baselineState"] = "new"
    return result


def _location(finding: FindingSeen) -> dict[str, Any]:
    """The operation and the place in its request; and the line of the first test that is known, else of the journal."""
    qualified = " ".join(part for part in (finding.operation, finding.where) if part)
    logical = {"name": finding.where or finding.operation, "fullyQualifiedName": qualified, "kind": "member"}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if physical := next(_places(finding), None):
        location["physicalLocation"] = physical[0]
    return location


def _related(finding: FindingSeen) -> Iterator[dict[str, Any]]:
    """The other tests that show it, and the line of the journal where that is not the place itself."""
    for it, told in islice(_places(finding), 1, None):
        yield {"physicalLocation": it, "message": {"text": told}}


def _places(finding: FindingSeen) -> Iterator[tuple[dict[str, Any], str]]:
    """Where somebody can look, the best place first, and what is there."""
    found: dict[tuple[str, int], str] = {}
    for it in finding.tests:
        if it.file is not None and it.line is not None:
            found.setdefault((it.file, it.line), it.test)
    if finding.file is not None and finding.line is not None:
        found.setdefault((finding.file, finding.line), finding.exchanges[0])
    for (file, line), told in found.items():
        yield {"artifactLocation": {"uri": _uri(Path(file))}, "region": {"startLine": line}}, told


def _uri(path: Path) -> str:
    # A colon in the first part of a relative URI would make it a scheme, so it is encoded too.
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _level(severity: str) -> str:
    return _LEVELS.get(severity, "note")


def _fingerprint(finding: FindingSeen) -> str:
    """The same for the same mistake at the same place in every run."""
    return hashlib.sha256("\0".join((finding.code, finding.operation, finding.where)).encode()).hexdigest()
