"""What came out, for people as text and for programs as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ecf_sandbox.remote.drift_compare import Difference
from ecf_sandbox.remote.drift_run import DriftResult

SCHEMA_VERSION = 1
_NOT_JUDGED = "Answers were not checked against the OpenAPI document: pip install 'jsonschema-rs>=0.40'"


def as_text(found: DriftResult, to: str, here: str) -> str:
    """Differences by request, what could not be compared, and how many of each."""
    return "\n".join(_lines(found, to, here))


def as_json(found: DriftResult, to: str, version: int, here: dict[str, Any]) -> str:
    """One JSON object; `schema_version` goes up when a member changes its meaning or goes away."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "to": to,
        "version": version,
        "here": here,
        "requests": found.requests,
        "judged_by_document": found.judged,
        "differences": [_plain(it) for it in found.differences],
        "not_compared": [{"path": path, "why": why} for path, why in found.not_compared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _lines(found: DriftResult, to: str, here: str) -> Iterator[str]:
    yield f"{to} beside {here}"
    yield ""
    for where, differences in groupby(found.differences, key=_where):
        yield where
        for it in differences:
            yield f"  {it.kind} {it.pointer}".rstrip()
            yield f"    there  {it.there}"
            yield f"    here   {it.here}"
            yield f"    {it.meaning}"
        yield ""
    if found.not_compared:
        yield "Not compared:"
        yield from (f"  GET {path}: {why}" for path, why in found.not_compared)
        yield ""
    if not found.judged:
        yield _NOT_JUDGED
    yield f"{_count(found.requests, 'request')}, {_count(len(found.differences), 'difference')}"


def _where(difference: Difference) -> str:
    return f"{difference.method} {difference.path}" + (f"  ({difference.with_})" if difference.with_ else "")


def _plain(difference: Difference) -> dict[str, str]:
    return {
        "kind": difference.kind,
        "method": difference.method,
        "path": difference.path,
        "with": difference.with_,
        "pointer": difference.pointer,
        "there": difference.there,
        "here": difference.here,
        "meaning": difference.meaning,
    }


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
