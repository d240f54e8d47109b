"""Which members some object of a JSON text has more than once: readers take the last one and say nothing."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress


def repeated_members(text: str | bytes) -> list[str]:
    """The names that an object has more than once, each once, in the order of the text; of no JSON as far as it is."""
    found: dict[str, None] = {}

    def note(pairs: list[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            found.update((name, None) for name, times in Counter(names).items() if times > 1)

    with suppress(ValueError, RecursionError):
        # Nobody looks at the values: numbers of any length are read as text.
        json.loads(text, object_pairs_hook=note, parse_int=str, parse_float=str)
    return list(found)
