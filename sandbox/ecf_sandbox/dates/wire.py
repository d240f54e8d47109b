"""Write a moment the way every answer shows it."""

from datetime import datetime
from functools import lru_cache


def instant(at: datetime) -> str:
    """An aware UTC moment as `2023-09-01T10:00:00Z`: whole seconds, cut and not rounded.

    Called for every row of every list, mostly for moments written before, hence the memory.
    Source: behaviour/declarations.md#4-6 (cut to whole seconds on output).
    """
    return _written(at)


def instant_ms(at: datetime) -> str:
    """An aware UTC moment as `2023-09-01T10:00:00.000Z`: milliseconds, cut and not rounded."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


@lru_cache(maxsize=2**16)
def _written(at: datetime) -> str:
    # Slicing takes half the time of strftime, which does not pad the year 26 to 0026 either.
    return at.isoformat()[:19] + "Z"
