"""What one process keeps beside records, in bytes: an account with a budget, and what goes first above it."""

from __future__ import annotations

import re
import sys
from collections import OrderedDict, deque
from collections.abc import Mapping
from heapq import heapify, heappop, heapreplace
from itertools import count
from threading import Lock
from typing import Any, Protocol
from weakref import ref

from msgspec import Raw

from ecf_sandbox.state.record import Record

BUDGET = 256 * 2**20
# Above the budget so much is let go that what is left takes this share of it: not the oldest again with each request.
KEEP = 0.95


_UNITS = {"KB": 2**10, "MB": 2**20, "GB": 2**30}
_WRITTEN = re.compile(r"([0-9]{1,9}) ?(KB|MB|GB)", re.IGNORECASE | re.ASCII)
LEAST = 2**20


def bytes_of(text: str) -> int:
    """How many bytes somebody means by `256MB`; raises ValueError, which says what is wrong."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not an amount of memory: write a whole number with KB, MB or GB, such as 256MB")
    size = int(found[1]) * _UNITS[found[2].upper()]
    if size < LEAST:
        raise ValueError(f"{text!r} is too little: give at least 1MB")
    return size


class Holder(Protocol):
    """Something that holds what can be let go, the oldest first."""

    def oldest(self) -> int | None:
        """The number (`Memory.next_number`) of the oldest that it holds; None if there is none."""

    def let_go(self) -> None:
        """Let the oldest go, and take it off the account."""


class Memory:
    """The account of one process.

    Whoever keeps something adds its weight and calls `settle` when it holds no lock; whoever lets something go takes
    its weight off. Above the `budget`, the oldest goes first, whoever holds it: exchanges of journals, of worlds that
    are no more, and kept answers (`Records.cached`). Neither worlds nor records ever go.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.exchanges_dropped = 0
        self.documents = KeptAnswers(self)
        self._held = 0
        self._holders: dict[Holder, None] = {self.documents: None}
        self._numbers = count(1)
        self._lock = Lock()
        self._settling = Lock()

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        self.documents.forget_dead()
        return self._held

    def next_number(self) -> int:
        """The place of something new in the order in which all is let go."""
        return next(self._numbers)

    def add(self, weight: int) -> None:
        """So much more is kept; less, if it is negative."""
        with self._lock:
            self._held += weight

    def join(self, holder: Holder) -> None:
        """From now on this one is asked to let go, too."""
        with self._lock:
            self._holders[holder] = None

    def leave(self, holder: Holder) -> None:
        """It holds nothing any more."""
        with self._lock:
            self._holders.pop(holder, None)

    def settle(self) -> None:
        """Let the oldest go if more is kept than the budget allows."""
        # Again, for whoever came meanwhile has left it to this thread.
        while self._held > self.budget and self._settling.acquire(blocking=False):
            try:
                before = self._held
                self._let_go(int(self.budget * KEEP))
            finally:
                self._settling.release()
            if self._held >= before:
                return

    def _let_go(self, down_to: int) -> None:
        if self.held <= self.budget:
            return
        with self._lock:
            holders = list(self._holders)
        heap = [(it, place) for place, holder in enumerate(holders) if (it := holder.oldest()) is not None]
        heapify(heap)
        while heap and self.held > down_to:
            place = heap[0][1]
            holders[place].let_go()
            rest = holders[place].oldest()
            if rest is None:
                heappop(heap)
            else:
                heapreplace(heap, (rest, place))


class KeptAnswer:
    """An answer that is kept with records, and the tables that were read for it: its `view`, until it is let go.

    Whoever shares the records shares it. When nobody does any more, its weight is given back.
    """

    __slots__ = ("__weakref__", "_kept", "each", "number", "view", "weight")

    def __init__(self, view: tuple[frozenset[str], Any]) -> None:
        self.view: tuple[frozenset[str], Any] | None = view
        self.weight = 0
        self.each = 0  # what each of its items weighs, where it has answers for many
        self.number = 0
        self._kept: KeptAnswers | None = None

    def weigh(self, weight: int, memory: Memory | None) -> None:
        """So much more of it is kept, on the account of this process if there is one."""
        if memory is None:
            self.weight += weight
            return
        if self._kept is not None and self._kept is not memory.documents:
            self._kept.dead.append(self.number)
            self.number = 0
        self._kept = memory.documents
        self._kept.add(self, weight)
        memory.settle()

    def __del__(self) -> None:
        if self._kept is not None:
            self._kept.dead.append(self.number)


class KeptAnswers:
    """The answers that are kept with records, the oldest first."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._answers: OrderedDict[int, tuple[ref[KeptAnswer], int]] = OrderedDict()
        self._lock = Lock()
        # An answer may end at any moment, in a thread that has the lock as well: what did is seen to later.
        self.dead: deque[int] = deque()
        self.dropped = 0
        self._weight = 0

    @property
    def weight(self) -> int:
        """How many bytes are kept."""
        self.forget_dead()
        return self._weight

    def add(self, answer: KeptAnswer, weight: int) -> None:
        """So much more is kept of an answer, which may be new; nothing, if it was let go."""
        self.forget_dead()
        with self._lock:
            if answer.view is None:
                return
            if not answer.number:
                answer.number = self._memory.next_number()
            elif answer.number not in self._answers:
                return
            answer.weight += weight
            added = weight if answer.number in self._answers else answer.weight
            self._answers[answer.number] = (ref(answer), answer.weight)
            self._weight += added
        self._memory.add(added)

    def oldest(self) -> int | None:
        """The number of the oldest."""
        self.forget_dead()
        with self._lock:
            return next(iter(self._answers), None)

    def let_go(self) -> None:
        """Forget the oldest; it is computed again if it is asked for."""
        with self._lock:
            if not self._answers:
                return
            _, (held, weight) = self._answers.popitem(last=False)
            answer = held()
            if answer is not None:
                answer.view = None
                self.dropped += 1
            self._weight -= weight
        self._memory.add(-weight)

    def forget_dead(self) -> None:
        """Take off the account what nobody has any more."""
        while self.dead:
            try:
                number = self.dead.popleft()
            except IndexError:  # another thread was faster
                return
            with self._lock:
                _, weight = self._answers.pop(number, (None, 0))
                self._weight -= weight
            self._memory.add(-weight)


# A text beside its characters, and those of one beyond ASCII: four bytes each, if one is that wide, and a copy in UTF-8
# once it was sent. (What Python itself says of its size grows then.)
_TEXT, _WIDE = 49, 5


def text_weight(text: str) -> int:
    """How many bytes a text takes, or may take later."""
    return _TEXT + len(text) * (1 if text.isascii() else _WIDE)


_DEEPEST = 6
_BYTES = 33  # of an object of bytes, beside them
_MEMBERS = 200


def weight_of(answer: Any, deep: int = _DEEPEST) -> int:
    """About how many bytes something takes: of many members of one kind, the first stands for all."""
    if isinstance(answer, str):
        return text_weight(answer)
    size = sys.getsizeof(answer, 64)
    # Its own size is that of a reference, and an encoder leaves a third of the room unused.
    if isinstance(answer, Raw):
        return size + _BYTES + memoryview(answer).nbytes * 4 // 3
    if isinstance(answer, bytes | int | float | bool) or not deep:
        return size
    if isinstance(answer, Mapping):
        if len(answer) > 64:
            key, value = next(iter(answer.items()))
            return size + len(answer) * (weight_of(key, deep - 1) + weight_of(value, deep - 1))
        return size + sum(weight_of(it, deep - 1) for it in answer.values())
    if isinstance(answer, Record):
        return size + _MEMBERS  # of what it holds, most are rows that there are anyway
    if isinstance(answer, list | tuple | set | frozenset) and answer:
        if len(answer) > 8:
            return size + len(answer) * weight_of(next(iter(answer)), deep - 1)
        return size + sum(weight_of(it, deep - 1) for it in answer)
    return size
