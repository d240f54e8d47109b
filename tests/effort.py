"""How much a property test draws: less while one edits, more before a merge, most by hand."""

from __future__ import annotations

from hypothesis import settings

FEWEST = 5


def examples(usual: int) -> int:
    """`usual` with the profile `ci`, a seventh of it with `quick`, twenty times as many with `long`."""
    return max(FEWEST, usual * settings().max_examples // 100)
