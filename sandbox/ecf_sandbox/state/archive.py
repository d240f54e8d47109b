"""What was asked of worlds that are gone or were emptied, kept for the report."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING
from weakref import ref

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.memory import Memory
from ecf_sandbox.state.record import Record, replace

if TYPE_CHECKING:
    from ecf_sandbox.state.world import World

PAST_EXCHANGES = 20_000
PAST_BYTES = 64 * 2**20
# The state before a refused request takes memory of its own, and only who explains it needs it: about so many bytes.
EXPLAINABLE, STATE_BYTES = 1000, 16_000


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
    place: int  # in the order in which all is let go
    weight: int


class Archive:
    """The newest exchanges of worlds that ended: at most `capacity`, and of at most `budget` bytes in all.

    `lost` says how many there are no more, those included that the journals had let go before. What it keeps is on the
    account `memory`.
    """

    def __init__(
        self, capacity: int = PAST_EXCHANGES, budget: int = PAST_BYTES, *, memory: Memory | None = None
    ) -> None:
        self.capacity = capacity
        self.budget = budget
        self.lost = 0
        self._kept: deque[_Past] = deque()
        self._explainable: OrderedDict[tuple[int, int], tuple[World, Exchange]] = OrderedDict()
        self._weight = 0
        self._ends = 0
        self._lock = Lock()
        self.memory = memory or Memory()
        self.memory.join(self)

    @property
    def weight(self) -> int:
        """How many bytes are kept."""
        return self._weight

    def keep(self, world: World, ended: Ended) -> None:
        """Take over the journal of a world, which is empty then, and what it answers later."""
        with self._lock:
            self._ends += 1
            end = self._ends

        # The journal outlives this call, and would keep its world alive.
        name, baseline, seen, begins = world.name, world.baseline, ref(world), world.journal.begins

        def add(exchange: Exchange) -> None:
            # The verdicts are few, and what was judged would keep the records alive.
            judged = tuple(replace(it, attempt=None) for it in exchange.judged)
            past = replace(exchange, before=baseline, judged=judged)
            with self._lock:
                kept = self._explain(end, exchange, seen())
                it = _Past(
                    world=name,
                    end=end,
                    begins=begins,
                    ended=ended,
                    exchange=past,
                    place=self.memory.next_number(),
                    weight=past.weight + kept,
                )
                self._add(it)
            self.memory.settle()

        last = ended not in (Ended.RESET, Ended.CLEARED)
        exchanges, overflowed = world.journal.take(add, last=last)
        if last:
            world.snapshots.clear()  # a refusal that can be explained would keep them alive
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
                self._weigh(sum(it.weight for it in kept) - self._weight)
                self._kept = kept
                self._explainable = OrderedDict((at, it) for at, it in self._explainable.items() if at[0] in ends)
            if world is None:
                self.lost = 0
            return gone

    def oldest(self) -> int | None:
        """The place of the oldest exchange in the order in which all is let go."""
        with self._lock:
            return self._kept[0].place if self._kept else None

    def let_go(self) -> None:
        """Let the oldest exchange go."""
        with self._lock:
            if self._kept:
                self._drop_oldest()
                self.memory.exchanges_dropped += 1

    def _explain(self, end: int, exchange: Exchange, world: World | None) -> int:
        """Keep what explaining a refusal takes; how many bytes it is."""
        if not exchange.refusals or world is None:
            return 0
        self._explainable[end, exchange.number] = (world, exchange)
        if len(self._explainable) > EXPLAINABLE:
            self._explainable.popitem(last=False)
        return STATE_BYTES

    def _add(self, it: _Past) -> None:
        self._kept.append(it)
        self._weigh(it.weight)
        while self._kept and (len(self._kept) > self.capacity or self._weight > self.budget):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = self._kept.popleft()
        self._weigh(-oldest.weight)
        self._explainable.pop((oldest.end, oldest.exchange.number), None)
        self.lost += 1

    def _weigh(self, more: int) -> None:
        self._weight += more
        self.memory.add(more)


def _numbered(groups: Sequence[Sequence[_Past]]) -> Iterator[PastJournal]:
    lives: dict[str, int] = {}
    for group in groups:
        it = group[0]
        life = lives[it.world] = lives.get(it.world, 0) + 1
        exchanges = tuple(each.exchange for each in group)
        yield PastJournal(world=it.world, life=life, end=it.end, begins=it.begins, ended=it.ended, exchanges=exchanges)
