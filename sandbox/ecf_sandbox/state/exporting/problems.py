"""What is wrong with an export: all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

SHOWN = 50


class BadExport(ValueError):
    """An export that cannot be read. Carries every problem, each with its place; nothing has been changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = f"\nand {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        super().__init__("\n".join(problems[:SHOWN]) + more)


def unknown(place: str, found: str, known: Iterable[str]) -> str:
    """That a name is not known, with the one that it looks like."""
    near = get_close_matches(found, list(known), n=1)
    return f"{place}: unknown {found!r}" + (f"; did you mean {near[0]!r}?" if near else "")
