"""A named state with a history: records, the baseline they began as, a clock, ids, an edition, a journal, one lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from ecf_sandbox.state.archive import Archive, Ended
from ecf_sandbox.state.clock import REAL, Clock
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.faults import Allowance, Faults, RateLimit
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.ids import free_id, nth_id
from ecf_sandbox.state.journal import Journal
from ecf_sandbox.state.memory import Memory
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.waiting import TurnLock


class State(Record, frozen=True, kw_only=True):
    """All of a world that reset, fork, snapshot and restore assign: a value."""

    records: Records
    clock: Clock = REAL
    ids_taken: int = 0
    stamped: datetime | None = None


class World:
    """One isolated sandbox. Writers take turns under its lock; a reader sees one consistent `state`."""

    def __init__(
        self,
        name: str,
        baseline: State,
        *,
        service: Service,
        edition: Edition | None = None,
        seed: str = "sandbox",
        scenario: str = "",
        observing: Observing = Observing.NOTE,
    ) -> None:
        baseline.records.as_baseline()
        self.name = name
        self.baseline = baseline
        self.state = baseline
        self.service = service
        self.edition = edition or service.default_edition
        self.seed = seed
        self.scenario = scenario
        self.observing = observing
        self.lock = TurnLock()
        self.journal = Journal()
        self.archive: Archive | None = None  # where the journal goes when it is emptied; None: nowhere
        self.recreated = ""  # why it was made again after it had been dropped, until somebody begins it anew
        self.made_on_first_use = False
        self.described_at: datetime | None = None
        self.foreign_ids: frozenset[str] = frozenset()  # of rows that were read from a file: never to be given again
        self.busy = 0
        self.faults = Faults(seed)
        self.snapshots: dict[str, State] = {}
        self.allowance: Allowance | None = None  # None: the server's own
        self.counted = RateLimit()

    def join(self, memory: Memory, *, anew: bool = False) -> None:
        """From now on what it keeps beside its records is on this account; lists only if on none, or to join `anew`."""
        self.journal.join(memory)
        for state in (self.baseline, self.state, *self.snapshots.values()):
            state.records.join(memory, anew=anew)

    def now(self) -> datetime:
        """The world's present."""
        return self.state.clock.now()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of its clients, which are no secrets: everybody who can see the world may use them."""
        return tuple(self.service.tokens(self.state.records).values())

    def look(self, at: datetime | None = None) -> Turn[Any]:
        """A turn for reading only: nothing it saves is kept."""
        state = self.state
        return self._turn(state, state.clock.now() if at is None else at)

    @contextmanager
    def turn(self, at: datetime | None = None) -> Iterator[Turn[Any]]:
        """A turn whose records the world adopts, in one assignment, unless something is raised."""
        with self.lock:
            state = self.state
            turn = self._turn(state, state.clock.now() if at is None else at)
            yield turn
            if turn.records is not state.records or turn.ids_taken != state.ids_taken:
                self.state = State(
                    records=turn.records, clock=state.clock, ids_taken=turn.ids_taken, stamped=turn.stamped
                )

    def reset(self) -> None:
        """Back to how it began: records, clock and ids, with an empty journal and no trouble. Snapshots stay.

        What the journal had is kept for the report.
        """
        with self.lock:
            self.state = self.baseline
            self.recreated = ""
            self.empty_journal(Ended.RESET)
            self.faults.clear()
            self.allowance = None
            self.counted.clear()

    def empty_journal(self, why: Ended) -> None:
        """Forget every exchange but for the report."""
        if self.archive is None:
            self.journal.clear()
        else:
            self.archive.keep(self, why)

    def renewed(self, why: str, origin: World | None = None) -> World:
        """The same world as it began, or as its `origin` did, with its faults and its limit: `why` it comes back."""
        again = (origin or self).fork(self.name, from_baseline=True)
        again.faults, again.allowance, again.recreated = self.faults.copy(), self.allowance, why
        return again

    def snapshot(self) -> State:
        """The present state, to restore later."""
        return self.state

    def restore(self, state: State) -> None:
        """Take a state taken earlier, of this world or of one that it was forked from."""
        with self.lock:
            self.state = state

    def fork(self, name: str, *, from_baseline: bool = False) -> World:
        """Another world that begins as this one is now, or began; neither sees the other's changes.

        Journal, snapshots and faults are its own, and empty.
        """
        start = self.baseline if from_baseline else self.state
        other = World(
            name,
            start,
            service=self.service,
            edition=self.edition,
            seed=self.seed,
            scenario=self.scenario,
            observing=self.observing,
        )
        other.described_at, other.foreign_ids = self.described_at, self.foreign_ids
        return other

    def earliest(self) -> datetime | None:
        """The earliest moment at which all that it began with has happened; None where there is nothing.

        A scenario says so; otherwise it is when the newest row was made.
        """
        if self.described_at is None:
            records = self.baseline.records
            rows = (row for table in records.TABLES.values() for row in getattr(records, table))
            made = (getattr(row, "created_at", None) for row in rows)
            self.described_at = max((at for at in made if at is not None), default=None)
        return self.described_at

    def set_clock(self, clock: Clock) -> None:
        """Tell the time differently from now on."""
        with self.lock:
            self.state = replace(self.state, clock=clock)

    def observe(self, observing: Observing) -> None:
        """From now on do this with what the observer finds in requests."""
        self.observing = observing

    def _turn(self, state: State, now: datetime) -> Turn[Any]:
        foreign = self.foreign_ids
        new_id = partial(free_id, self.seed, foreign) if foreign else partial(nth_id, self.seed)
        return Turn(state.records, now, self.edition, new_id, state.ids_taken, state.stamped, state.clock)
