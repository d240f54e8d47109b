"""What was meant by a document that is wrapped once too often, and by a query whose parts are not in brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 4
_LONGEST = 100_000
_PAIR = re.compile(r"\s*['\"]?(\w+)['\"]?\s*(?:=|:|\beq\b)\s*['\"]?([^'\"]+?)['\"]?\s*", re.IGNORECASE)
_FLAT = re.compile(r"(filter|page)s?(?:[._:-]|\()(\w+)\)?", re.IGNORECASE)
_NESTED = frozenset({"filter", "page"})
_PAGE = {"number": "page", "size": "per_page", "limit": "per_page"}
_NAMES, _VALUES = ("name", "field", "key"), ("value", "val", "eq")


def unwrapped(value: Any) -> tuple[Any, tuple[str, ...]]:
    """A value without texts and lists around it, and what those were (`text`, `list`), the outermost first."""
    layers: list[str] = []
    for _ in range(_DEEPEST):
        if isinstance(value, str) and (inner := _json(value)) is not None:
            value = inner
            layers.append("text")
        elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict | list | str):
            value = value[0]
            layers.append("list")
        else:
            break
    return (value, tuple(layers)) if isinstance(value, Mapping) else (value, ())


def meant_document(body: Any) -> Any:
    """A body with everything in it unwrapped that is to be an object."""
    found, layers = unwrapped(body)
    body = found if layers else body
    data = unwrapped(body["data"])[0] if isinstance(body, Mapping) and "data" in body else None
    if not isinstance(data, Mapping):
        return body
    if "attributes" in data:
        data = {**data, "attributes": unwrapped(data["attributes"])[0]}
    return {**body, "data": data}


def meant_parameters(name: str, value: str) -> list[tuple[str, str]]:
    """The parameters in brackets that were meant by one without: `filter={"cohort":"2025"}`, `filter.cohort=2025`."""
    if flat := _FLAT.fullmatch(name):
        outer = flat[1].lower()
        return [(_bracketed(outer, flat[2]), value)]
    if name not in _NESTED:
        return []
    document, pair = _json(value), _PAIR.fullmatch(value[:_LONGEST])
    if document is not None:
        return [(_bracketed(name, key), text) for key, text in _members(document)]
    return [(_bracketed(name, pair[1]), pair[2])] if pair else []


def _members(document: Any) -> Iterator[tuple[str, str]]:
    for it in document if isinstance(document, list) else [document]:
        if not isinstance(it, Mapping):
            continue
        key = next((it[name] for name in _NAMES if isinstance(it.get(name), str)), None)
        value = next((it[name] for name in _VALUES if name in it), None)
        for member, given in [(key, value)] if key is not None and value is not None else it.items():
            if isinstance(given, Mapping) and len(given) == 1:  # {"cohort": {"eq": "2025"}}
                given = next(iter(given.values()))
            yield member, ",".join(map(_text, given)) if isinstance(given, list) else _text(given)


def _bracketed(outer: str, inner: str) -> str:
    return f"{outer}[{_PAGE.get(inner, inner) if outer == 'page' else inner}]"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _json(text: str) -> Any:
    """An object or a list that a text holds; None for anything else."""
    if text.lstrip()[:1] not in ("{", "[", '"') or len(text) > _LONGEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list | str) else None
