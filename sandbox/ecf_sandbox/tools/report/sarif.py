"""The report as SARIF 2.1.0, for a code host that shows what was found."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from ecf_sandbox import __version__
from ecf_sandbox.tools.observer.catalogue import Entry, catalogue
from ecf_sandbox.tools.report.report import FindingSeen, Report

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


def _rule(it: Entry) -> dict[str, Any]:
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
