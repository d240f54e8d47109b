"""Count the requests of a world by what their `Authorization` header says."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

WINDOW = 300  # seconds
_MOST_KEPT = 10_000


class RateLimit:
    """At most so many requests with one header in each window (five minutes), aligned to the Unix epoch.

    Windows are fixed, not rolling, and those of the pretended time: requests with another server date count in
    another window. The header counts as it is written, whether its token is known or not.
    Source: behaviour/http-and-partnerships.md#b17.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._lock = Lock()

    def exceeded(self, authorization: str, at: datetime, limit: int, window: float = WINDOW) -> bool:
        """Count one more request, and say whether it is one too many."""
        key = (authorization, int(at.timestamp() // window))
        with self._lock:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            if len(self._counts) > _MOST_KEPT:
                del self._counts[next(iter(self._counts))]
        return count > limit

    def clear(self) -> None:
        """Count anew."""
        with self._lock:
            self._counts.clear()
