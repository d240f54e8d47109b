"""The report for a CI: JUnit XML, a test for each mistake of each operation, and SARIF for a code host."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

import msgspec

from ecf_sandbox import __version__
from ecf_sandbox.tools.observer.catalogue import CheckEntry, catalogue
from ecf_sandbox.tools.report.privacy import visible
from ecf_sandbox.tools.report.report import FindingSeen, Report
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


SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning"}


def as_sarif(it: Report) -> str:
    """The report as SARIF: every check of the observer is a rule, every finding a result."""
    return msgspec.json.format(msgspec.json.encode(_log(it)), indent=2).decode() + "\n"


def _log(it: Report) -> dict[str, Any]:
    entries = catalogue()
    indexes = {entry.code: index for index, entry in enumerate(entries)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ecf-sandbox",
                        "version": __version__,
                        "rules": [_rule(each) for each in entries],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, indexes, new=it.baseline is not None) for each in it.findings],
            }
        ],
    }


def _rule(it: CheckEntry) -> dict[str, Any]:
    return {
        "id": it.code,
        "shortDescription": {"text": it.policy.partition("\n")[0]},
        "fullDescription": {"text": it.policy},
        "help": {"text": it.fix or it.policy},
        "defaultConfiguration": {"level": _level(it.severity)},
    }


def _result(it: FindingSeen, indexes: dict[str, int], *, new: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": it.code,
        "level": _level(it.severity),
        "message": {"text": " ".join(part for part in (it.message, it.fix) if part) or it.code},
        "locations": [_location(it)],
        "partialFingerprints": {"codeOperationWhere/v1": _fingerprint(it)},
        "occurrenceCount": it.count,
        "properties": {"received": it.received, "expected": it.expected, "exchanges": it.exchanges},
    }
    # A code that this version has no check for comes from a journal of another.
    if it.code in indexes:
        result["ruleIndex"] = indexes[it.code]
    if new:
        result["baselineState"] = "new"
    return result


def _location(it: FindingSeen) -> dict[str, Any]:
    """The operation and the place in its request; and the line of the journal, if that is a file."""
    qualified = " ".join(part for part in (it.operation, it.where) if part)
    logical = {"name": it.where or it.operation, "fullyQualifiedName": qualified, "kind": "member"}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if it.file is not None and it.line is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(Path(it.file))},
            "region": {"startLine": it.line},
        }
    return location


def _uri(path: Path) -> str:
    # A colon in the first part of a relative URI would make it a scheme, so it is encoded too.
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _level(severity: str) -> str:
    return _LEVELS.get(severity, "note")


def _fingerprint(it: FindingSeen) -> str:
    """The same for the same mistake at the same place in every run."""
    return hashlib.sha256("\0".join((it.code, it.operation, it.where)).encode()).hexdigest()
