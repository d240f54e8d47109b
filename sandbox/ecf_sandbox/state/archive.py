"""What was asked of worlds that are gone or were emptied, kept for the report."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING
from weakref import ref

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record, replace

if TYPE_CHECKING:
    from ecf_sandbox.state.world import State, World

PAST_EXCHANGES = 20_000
PAST_BYTES = 64 * 2**20
# The state before a refused request takes memory of its own, and only who explains it needs it.
EXPLAINABLE = 1000


class Ended(StrEnum):
    """Why the journal of a world was emptied, or its world is no more."""

    DELETED = "deleted"
    DROPPED = "dropped"
    REPLACED = "replaced"
    RESET = "reset"
    CLEARED = "cleared"


class PastJournal(Record, frozen=True, kw_only=True):
    """The exchanges of a world up to its end, the end of that number, from the exchange `begins` on.

    `life` counts those of one name, the oldest that is kept being 1.
    """

    world: str
    life: int
    end: int
    begins: int
    ended: Ended
    exchanges: tuple[Exchange, ...]


class _Past(Record, frozen=True, kw_only=True):
    world: str
    end: int
    begins: int
    ended: Ended
    exchange: Exchange


class Archive:
    """The newest exchanges of worlds that ended: at most `capacity`, with bodies of at most `budget` bytes in all.

    `lost` says how many there are no more, those included that the journals had let go before.
    """

    def __init__(self, capacity: int = PAST_EXCHANGES, budget: int = PAST_BYTES) -> None:
        self.capacity = capacity
        self.budget = budget
        self.lost = 0
        self._kept: deque[_Past] = deque()
        self._explainable: OrderedDict[tuple[int, int], tuple[World, Exchange]] = OrderedDict()
        self._weight = 0
        self._ends = 0
        self._lock = Lock()

    def keep(self, world: World, ended: Ended) -> None:
        """Take over the journal of a world, which is empty then, and what it answers later."""
        with self._lock:
            self._ends += 1
            end = self._ends

        # The journal outlives this call, and would keep its world alive.
        name, baseline, seen, begins = world.name, world.baseline, ref(world), world.journal.begins

        def add(exchange: Exchange) -> None:
            with self._lock:
                self._add(_Past(world=name, end=end, begins=begins, ended=ended, exchange=exchange), baseline, seen())

        last = ended not in (Ended.RESET, Ended.CLEARED)
        exchanges, overflowed = world.journal.take(add, last=last)
        with self._lock:
            self.lost += overflowed
        for it in exchanges:
            add(it)

    def every(self) -> list[PastJournal]:
        """The journals of all that ended, in the order of their ends."""
        groups: dict[int, list[_Past]] = {}
        with self._lock:
            for it in self._kept:
                groups.setdefault(it.end, []).append(it)
        return list(_numbered([groups[end] for end in sorted(groups)]))

    def of(self, world: str) -> list[Exchange]:
        """All that is kept of the worlds of one name, the oldest first, refusals as they were."""
        with self._lock:
            own = [it for it in self._kept if it.world == world]
            whole = self._explainable
            return [whole[at][1] if (at := (it.end, it.exchange.number)) in whole else it.exchange for it in own]

    def explainable(self, end: int, number: int) -> tuple[World, Exchange] | None:
        """The world of a refused exchange and all that its explanation takes, if that is still kept."""
        with self._lock:
            return self._explainable.get((end, number))

    def forget(self, world: str | None = None) -> int:
        """Forget all of one name, or everything; how many exchanges that were."""
        with self._lock:
            kept = deque(it for it in self._kept if world is not None and it.world != world)
            gone = len(self._kept) - len(kept)
            if gone:
                ends = {it.end for it in kept}
                self._kept, self._weight = kept, sum(it.exchange.weight for it in kept)
                self._explainable = OrderedDict((at, it) for at, it in self._explainable.items() if at[0] in ends)
            if world is None:
                self.lost = 0
            return gone

    def _add(self, it: _Past, baseline: State, world: World | None) -> None:
        exchange = it.exchange
        if exchange.refusals and world is not None:
            self._explainable[it.end, exchange.number] = (world, exchange)
            if len(self._explainable) > EXPLAINABLE:
                self._explainable.popitem(last=False)
        self._kept.append(replace(it, exchange=replace(exchange, before=baseline, judged=())))
        self._weight += exchange.weight
        while self._kept and (len(self._kept) > self.capacity or self._weight > self.budget):
            oldest = self._kept.popleft()
            self._weight -= oldest.exchange.weight
            self._explainable.pop((oldest.end, oldest.exchange.number), None)
            self.lost += 1


def _numbered(groups: Sequence[Sequence[_Past]]) -> Iterator[PastJournal]:
    lives: dict[str, int] = {}
    for group in groups:
        it = group[0]
        life = lives[it.world] = lives.get(it.world, 0) + 1
        exchanges = tuple(each.exchange for each in group)
        yield PastJournal(world=it.world, life=life, end=it.end, begins=it.begins, ended=it.ended, exchanges=exchanges)
