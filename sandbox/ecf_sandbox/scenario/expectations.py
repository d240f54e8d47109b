"""What a step expects of an answer, and how the answer differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def differences(expected: Any, got: Any, path: str = "") -> Iterator[str]:
    """How `got` fails to hold what is expected of it, a sentence each.

    Of an object only the members named are looked at; a list has as many items as expected, each holding what is
    expected of it; anything else is equal.
    """
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            yield f"{path or 'the answer'} is {shown(got)}, not an object"
            return
        for name, value in expected.items():
            if name in got:
                yield from differences(value, got[name], f"{path}/{name}")
            else:
                yield f"{path}/{name} is missing, expected {shown(value)}"
    elif isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            found = f"{len(got)} items" if isinstance(got, list) else shown(got)
            yield f"{path or 'the answer'} is {found}, expected {len(expected)} items"
            return
        for at, (wanted, it) in enumerate(zip(expected, got, strict=True)):
            yield from differences(wanted, it, f"{path}/{at}")
    elif expected != got or isinstance(expected, bool) is not isinstance(got, bool):
        yield f"{path or 'the answer'} is {shown(got)}, expected {shown(expected)}"


def holds(expected: Any, got: Any) -> bool:
    """Whether `got` holds all that is expected of it."""
    return next(differences(expected, got), None) is None


def shown(value: Any) -> str:
    """A value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."
