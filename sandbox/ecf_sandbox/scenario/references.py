"""References to ids in the texts of a story, `${...}`: found, resolved, and put into words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")


def resolve(value: Any, names: Mapping[str, str]) -> Any:
    """The value with every reference in its texts replaced; raises KeyError for one that names nothing."""
    return _mapped(value, lambda text: _REFERENCE.sub(lambda found: names[found[1].strip()], text))


def worded(text: str, shape: str = "{}") -> str:
    """A text for people: each reference is the name alone, in a shape; what was kept is always in braces."""

    def name(found: re.Match[str]) -> str:
        kind, _, rest = found[1].strip().partition(".")
        return f"{{{rest}}}" if kind == "kept" else shape.format(rest)

    return _REFERENCE.sub(name, text)


def references(value: Any) -> Iterator[str]:
    """The names that a value refers to."""
    if isinstance(value, str):
        yield from (found.strip() for found in _REFERENCE.findall(value))
    elif isinstance(value, dict):
        for name, it in value.items():
            yield from references(name)
            yield from references(it)
    elif isinstance(value, list):
        for it in value:
            yield from references(it)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(it, change) for name, it in value.items()}
    return [_mapped(it, change) for it in value] if isinstance(value, list) else value
