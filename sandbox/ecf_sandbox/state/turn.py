"""One party acting at one moment on the records of one world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from ecf_sandbox.dates.calendar import LATEST
from ecf_sandbox.state.clock import Clock
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records

TICK = timedelta(microseconds=100)
_SECOND = timedelta(seconds=1) - TICK

A = TypeVar("A", contravariant=True)
R = TypeVar("R", bound=Records)  # the records of a service


Verdicts = tuple[tuple[Any, bool | None], ...]


class Rules(Protocol[A]):
    """A rulebook, as far as a turn needs to know it."""

    def judge(self, attempt: A, edition: Edition) -> Iterator[tuple[Any, bool | None]]:
        """Each rule in force with whether the attempt breaks it; None for one that was not asked."""

    def refuse(self, attempt: A, verdicts: Verdicts) -> None:
        """Raise Refused if the verdicts on the attempt hold a broken rule."""


class Turn(Generic[R]):
    """Holds the moment (`now`), the records as they are so far, the edition, and new ids.

    `present` is the world's own time, which is `now` unless a server date was sent.

    What is saved is kept by the world only if the turn ends without an exception.
    """

    __slots__ = ("_clock", "_nth_id", "edition", "ids_taken", "judged", "now", "records", "saved", "stamped")

    def __init__(
        self,
        records: R,
        now: datetime,
        edition: Edition,
        nth_id: Callable[[int], str],
        ids_taken: int = 0,
        stamped: datetime | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.records = records
        self.now = now
        self.edition = edition
        self.ids_taken = ids_taken
        self._nth_id = nth_id
        self._clock = clock
        self.stamped = stamped
        self.judged: list[tuple[Rules[Any], object, Verdicts]] = []
        self.saved: list[Record] = []

    @property
    def present(self) -> datetime:
        """The time of the world, whatever server date was sent."""
        return self.now if self._clock is None else self._clock.now()

    def new_id(self) -> str:
        """The next id of the world."""
        self.ids_taken += 1
        return self._nth_id(self.ids_taken - 1)

    def stamp(self) -> datetime:
        """When something is written: a little later with each call.

        The service's clock runs on while it works, and an answer can tell: a declaration dated in the very
        second of a withdrawal comes before it (behaviour/errata.md#declarations). Where the clock stands still, what
        one turn writes is stamped later than what an earlier one wrote in the same second.
        """
        now, before = self.now, self.stamped
        follows = before is not None and before >= now and before - now < _SECOND
        start = before if follows and before is not None else now
        self.stamped = start + TICK if start <= LATEST - TICK else LATEST
        return self.stamped

    def enforce(self, rulebook: Rules[A], attempt: A) -> None:
        """Hold an attempt against a rulebook in the edition that is shown; raises Refused if it breaks a rule.

        What was judged is remembered, so that the journal can tell and explain it.
        """
        verdicts = tuple(rulebook.judge(attempt, self.edition))
        self.judged.append((rulebook, attempt, verdicts))
        rulebook.refuse(attempt, verdicts)

    def save(self, *rows: Record) -> None:
        """Add rows, or replace those with their keys; without any, nothing is made anew."""
        if rows:
            self.records = self.records.save(*rows)
            self.saved += rows

    def remove(self, *rows: Record) -> None:
        """Take rows away."""
        if rows:
            self.records = self.records.remove(*rows)
            self.saved += rows
