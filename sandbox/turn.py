"""One party acting at one moment on the records of one world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.domain.record import Record
from sandbox.editions import Edition
from sandbox.records import Records

TICK = timedelta(milliseconds=1)
# A client may pretend that it is the end of the year 9999; there must still be room for what follows from it.
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=366)


class Turn:
    """Holds the moment (`now`), the records as they are so far, the edition, and new ids.

    What is saved is kept by the world only if the turn ends without an exception.
    """

    __slots__ = ("_nth_id", "_ticks", "edition", "ids_taken", "now", "records")

    def __init__(
        self, records: Records, now: datetime, edition: Edition, nth_id: Callable[[int], str], ids_taken: int = 0
    ) -> None:
        self.records = records
        self.now = now
        self.edition = edition
        self.ids_taken = ids_taken
        self._nth_id = nth_id
        self._ticks = 0

    def new_id(self) -> str:
        """The next id of the world."""
        self.ids_taken += 1
        return self._nth_id(self.ids_taken - 1)

    def stamp(self) -> datetime:
        """When something is written: a little later with each call.

        The service's clock runs on while it works, and an answer can tell: a declaration dated in the very
        second of a withdrawal comes before it (spec/ERRATA.md, Declarations).
        """
        self._ticks += 1
        return min(self.now, _LAST) + self._ticks * TICK

    def save(self, *rows: Record) -> None:
        """Add rows, or replace those with their keys."""
        self.records = self.records.save(*rows)

    def remove(self, *rows: Record) -> None:
        """Take rows away."""
        self.records = self.records.remove(*rows)
