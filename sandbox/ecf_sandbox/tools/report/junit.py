"""The report as JUnit XML, for a CI that shows tests: a test for each mistake of each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from ecf_sandbox.tools.report.report import FindingSeen, Report
from ecf_sandbox.tools.report.safe import visible
from ecf_sandbox.tools.report.terminal import plural

_CLEAN = "no finding"


def as_junit(it: Report) -> str:
    """The report as JUnit XML: errors are failures, other findings the output of a test that passed."""
    tests = {"tests": str(len(list(_names(it)))), "failures": str(len(_failed(it))), "errors": "0", "time": "0"}
    root = ElementTree.Element("testsuites", {"name": it.made_by, **tests})
    suite = _below(root, "testsuite", {"name": "client", **tests, "skipped": "0"})
    properties = _below(suite, "properties", {})
    for name, value in _properties(it):
        _below(properties, "property", {"name": name, "value": value})
    for operation, code in _names(it):
        test = _below(suite, "testcase", {"classname": operation, "name": code, "time": "0"})
        _add_findings(test, [each for each in it.findings if (each.operation, each.code) == (operation, code)])
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _names(it: Report) -> Iterator[tuple[str, str]]:
    """Operation and code of every test: those of the findings, then the operations that have none."""
    found = dict.fromkeys((each.operation, each.code) for each in it.findings)
    yield from found
    with_some = {operation for operation, _ in found}
    yield from ((each.name, _CLEAN) for each in it.operations if each.asked and each.name not in with_some)


def _failed(it: Report) -> set[tuple[str, str]]:
    return {(each.operation, each.code) for each in it.findings if each.severity == "error"}


def _properties(it: Report) -> Iterator[tuple[str, str]]:
    """What was covered, and the rules that refused something."""
    yield "requests", str(it.totals.requests)
    yield "rules judged", f"{it.coverage.rules_judged.used} of {it.coverage.rules_judged.known}"
    for version, share in it.coverage.operations.items():
        yield f"operations {version}", f"{share.used} of {share.known}"
    for rule in it.rules:
        if rule.broken:
            yield f"refused {rule.id}", plural(rule.broken, "time")


def _add_findings(test: ElementTree.Element, found: list[FindingSeen]) -> None:
    errors = [each for each in found if each.severity == "error"]
    others = [each for each in found if each.severity != "error"]
    if errors:
        failure = _below(test, "failure", {"type": errors[0].code, "message": errors[0].message})
        failure.text = visible("\n\n".join(map(_told, errors)))
    if others:
        _below(test, "system-out", {}).text = visible("\n\n".join(map(_told, others)))


def _told(it: FindingSeen) -> str:
    lines = [
        f"{it.severity} {it.code} at {it.where or it.operation}",
        it.message,
        it.fix,
        f"received: {it.received}" if it.received else "",
        f"expected: {it.expected}" if it.expected else "",
        f"{plural(it.count, 'time')}: {', '.join(it.exchanges)}",
    ]
    return "\n".join(line for line in lines if line)


def _below(parent: ElementTree.Element, tag: str, attributes: Mapping[str, str]) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {name: visible(value) for name, value in attributes.items()})
