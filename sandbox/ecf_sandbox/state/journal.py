"""What was asked of a world, answered, refused and changed, exchange by exchange, in a ring of bounded length."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any

from ecf_sandbox.rulebook.refusals import Refusal
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.memory import Memory, text_weight
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.records import Records

if TYPE_CHECKING:
    from ecf_sandbox.state.world import State

CAPACITY = 1000
RESTORE = "restore"
# Lists of 100 kB each, a thousand of them, would be a hundred megabytes; older exchanges go sooner then.
BUDGET = 16 * 2**20

# What an exchange takes beside its texts, in bytes, as measured (`tests/state/test_memory.py`): itself with moments and
# the headers of the answer, which are ours; a header of the request; a refusal; a finding; a verdict; a changed row;
# the records that a write leaves behind, which share with the present what did not change.
_ITSELF, _HEADER, _REFUSAL, _FINDING, _VERDICT, _CHANGE, _RECORDS = 1500, 160, 200, 100, 120, 900, 14_000
# Up to so much was sent, what was read out of it is among the above.
_SHORT = 2000


class Verdict(StrEnum):
    """What became of a rule in one judgement."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_ASKED = "not asked"


_VERDICTS = {True: Verdict.BROKEN, False: Verdict.KEPT, None: Verdict.NOT_ASKED}


class JudgedAttempt(Record, frozen=True, kw_only=True):
    """An attempt that was held against a rulebook: all that it takes to explain the verdicts.

    `verdicts` pairs each rule in force with whether the attempt broke it, None for one that was not asked.
    """

    rulebook: Any
    attempt: Any
    verdicts: tuple[tuple[Any, bool | None], ...]


class Judgement(Record, frozen=True, kw_only=True):
    """One rule's verdict on the attempt of an exchange."""

    rule: str
    verdict: Verdict


@cache
def _judgement(rule: str, broken: bool | None) -> Judgement:
    # There are few, and whoever reads a journal sees thousands of each.
    return Judgement(rule=rule, verdict=_VERDICTS[broken])


class RowChange(Record, frozen=True, kw_only=True):
    """A row before and after an exchange; None where there was or is none."""

    table: str
    key: str
    before: Record | None
    after: Record | None


class Exchange(Record, frozen=True, kw_only=True):
    """One request and its answer, or one thing done to the world from outside the provider API.

    `number` counts from 1 and is never reused; `at` is the world's present and `moment` what the request took for
    the present (both aware, UTC); `operation` is a stable name (`v3 createDeclaration`, `event pay_statement`).
    `judged` are the attempts that rules were asked about.
    `undone` says that the history it belongs to was taken back; `findings` are the observer's;
    `rows` says how many a list answered, `took` how many seconds the answer took. `part_of` is the number of the clock
    move that made an event happen, and `restored` the state that a restored snapshot had.
    """

    number: int
    operation: str
    method: str
    target: str
    at: datetime
    moment: datetime
    provider: str | None
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    refusals: tuple[Refusal, ...]
    changes: tuple[RowChange, ...]
    before: State
    judged: tuple[JudgedAttempt, ...] = ()
    undone: bool = False
    findings: tuple[Finding, ...] = ()
    rows: int | None = None
    took: float = 0.0
    part_of: int | None = None
    restored: State | None = None

    @property
    def weight(self) -> int:
        """About how many bytes it keeps, told from lengths that are known: each request pays for the question."""
        headers = self.request_headers
        sent = sum([len(name) + len(value) for name, value in headers]) + len(self.target) + len(self.request_body)
        # An encoder leaves up to a third of the room unused that it took for a body.
        weight = _ITSELF + _HEADER * len(headers) + sent + len(self.response_body) * 4 // 3
        if self.findings:
            weight += sum(_FINDING + _texts(it) for it in self.findings)
        if self.refusals:
            weight += sum(_REFUSAL + _texts(it) for it in self.refusals)
        if self.judged:
            weight += _VERDICT * sum([len(it.verdicts) for it in self.judged])
        if self.changes:
            weight += _RECORDS + _CHANGE * len(self.changes)
        if sent > _SHORT:
            weight += sum(_texts(it.attempt) for it in self.judged)
            weight += sum(_texts(it.after) for it in self.changes if it.after is not None)
        return weight

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The verdicts alone, for those who list them."""
        return tuple([_judgement(rule.id, broken) for it in self.judged for rule, broken in it.verdicts])

    @property
    def wrote(self) -> bool:
        """Whether it changed anything that has not been taken back."""
        return bool(self.changes) and not self.undone


Sink = Callable[[Exchange], None]


def _texts(it: Any) -> int:
    """How many bytes the texts among the members of something take."""
    names: Any = getattr(it, "__struct_fields__", None) or getattr(it, "__slots__", ())
    values = [getattr(it, name, None) for name in names]
    return sum([text_weight(value) for value in values if isinstance(value, str)])


class Journal:
    """The newest exchanges of a world: at most `capacity`, and of at most `budget` bytes in all.

    `dropped` says how many older ones have been let go, those that were taken out included; `overflowed` how many did
    not fit since it was last emptied. What it keeps is on the account of the process that it has joined.
    """

    def __init__(self, capacity: int = CAPACITY, budget: int = BUDGET) -> None:
        self.budget = budget
        self._ring: deque[Exchange] = deque(maxlen=capacity)
        self._weights: deque[tuple[int, int]] = deque(maxlen=capacity)  # of each: its place in the order, its weight
        self._memory = Memory()
        self._lock = Lock()
        self._unanswered: set[int] = set()
        self._late: dict[int, Sink] = {}
        self._ended: Sink | None = None
        self._count = 0
        self.overflowed = 0
        self.begins = 1  # the number of the first exchange since it was last emptied
        self._weight = 0

    @property
    def capacity(self) -> int:
        """How many exchanges are kept."""
        return self._ring.maxlen or 0

    @property
    def count(self) -> int:
        """How many exchanges there have been."""
        return self._count

    @property
    def dropped(self) -> int:
        """How many exchanges are no longer kept."""
        return self._count - len(self._ring)

    @property
    def weight(self) -> int:
        """How many bytes are kept."""
        return self._weight

    def join(self, memory: Memory) -> None:
        """From now on what is kept is on this account."""
        with self._lock:
            before, self._memory = self._memory, memory
            if before is memory:
                return
            before.leave(self)
            memory.join(self)
            memory.add(self._weight)
            self._weights = deque(((memory.next_number(), it) for _, it in self._weights), maxlen=self._weights.maxlen)
        memory.settle()

    def oldest(self) -> int | None:
        """The place of the oldest exchange in the order in which all is let go."""
        with self._lock:
            return self._weights[0][0] if self._weights else None

    def let_go(self) -> None:
        """Let the oldest exchange go."""
        with self._lock:
            if self._ring:
                self._drop_oldest()
                self._memory.exchanges_dropped += 1

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter([it for it in self._ring if it.number not in self._unanswered])

    def __len__(self) -> int:
        return len(self._ring)

    def note(self, make: Callable[[int], Exchange]) -> Exchange:
        """Keep the exchange that `make` gives for the next number."""
        with self._lock:
            late = self._ended
            if late is None:
                exchange = self._append(make)
            else:
                self._count += 1
                exchange = make(self._count)
        if late is None:
            self._memory.settle()
        else:
            late(exchange)
        return exchange

    def open(self, make: Callable[[int], Exchange]) -> Exchange:
        """Take the next number for a write that has happened and is not answered yet; `complete` has the rest.

        Whoever takes back writes sees it from now on, whoever reads the journal once it is complete and weighed.
        """
        with self._lock:
            if self._ended is not None:
                self._count += 1
                self._late[self._count] = self._ended
                return make(self._count)
            opened = self._append(make, weighed=False)
            self._unanswered.add(opened.number)
            return opened

    def complete(self, exchange: Exchange) -> Exchange:
        """Keep all of an exchange that was opened; one that was let go or taken back meanwhile stays so."""
        with self._lock:
            late = self._late.pop(exchange.number, None)
            if late is None:
                exchange = self._complete(exchange)
        if late is None:
            self._memory.settle()
        else:
            late(exchange)
        return exchange

    def get(self, number: int) -> Exchange | None:
        """The exchange of that number, if it is still kept."""
        with self._lock:
            first = self._count - len(self._ring) + 1
            if not first <= number <= self._count or number in self._unanswered:
                return None
            return self._ring[number - first]

    def newest(self, count: int) -> list[Exchange]:
        """At most so many exchanges, the newest first."""
        with self._lock:
            unanswered = self._unanswered
            newest = list(islice(reversed(self._ring), count + len(unanswered)))
            return [it for it in newest if it.number not in unanswered][:count] if unanswered else newest

    def newest_with(self, body: bytes, count: int) -> list[Exchange]:
        """Those of the newest exchanges that had the body, so many having been looked at, the newest first."""
        with self._lock:
            unanswered = self._unanswered
            newest = islice(reversed(self._ring), count + len(unanswered))
            return [it for it in newest if it.request_body == body and it.number not in unanswered]

    def last_write(self) -> Exchange | None:
        """The newest exchange that changed something and was not taken back."""
        with self._lock:
            return next((it for it in reversed(self._ring) if it.wrote), None)

    def standing(self) -> list[Exchange | None]:
        """The exchanges that led to the present state: without what was undone, or taken back by a restored snapshot.

        None stands for a snapshot whose own history is not kept: what led to it is not known.
        """
        standing: list[Exchange | None] = []
        with self._lock:
            for it in self._ring:
                if it.undone:
                    continue
                if it.restored is None:
                    standing.append(it)
                    continue
                since = (at for at, each in enumerate(standing) if each is not None and each.before is it.restored)
                first = next(since, None)
                if first is not None:
                    del standing[first:]
                elif it.before is not it.restored:
                    standing.append(None)
        return standing

    def mark_undone(self, since: int) -> int:
        """Note that everything from that number on was taken back, reads included; how many writes there were."""
        with self._lock:
            count = sum(1 for it in self._ring if it.number >= since and it.wrote)
            marked = [replace(it, undone=True) if it.number >= since else it for it in self._ring]
            self._ring = deque(marked, maxlen=self._ring.maxlen)
            return count

    def clear(self) -> None:
        """Forget every exchange; numbers go on."""
        with self._lock:
            self._empty()

    def take(self, late: Sink, *, last: bool = False) -> tuple[list[Exchange], int]:
        """Take every answered exchange out, and how many did not fit; numbers go on.

        What is answered only later goes to `late`, and after the `last` time everything does.
        """
        with self._lock:
            taken = [it for it in self._ring if it.number not in self._unanswered]
            overflowed = self.overflowed
            self._late |= dict.fromkeys(self._unanswered, late)
            self._ended = late if last else None
            self._empty()
            if last:
                self._memory.leave(self)
            return taken, overflowed

    def _empty(self) -> None:
        self._memory.add(-self._weight)
        self._ring.clear()
        self._weights.clear()
        self._unanswered.clear()
        self._weight = self.overflowed = 0
        self.begins = self._count + 1

    def _complete(self, exchange: Exchange) -> Exchange:
        self._unanswered.discard(exchange.number)
        place = exchange.number - (self._count - len(self._ring) + 1)
        if place < 0:
            return exchange
        opened = self._ring[place]
        complete = self._ring[place] = replace(exchange, undone=True) if opened.undone else exchange
        (number, before), weight = self._weights[place], complete.weight
        self._weights[place] = (number, weight)
        self._weigh(weight - before)
        return complete

    def _append(self, make: Callable[[int], Exchange], *, weighed: bool = True) -> Exchange:
        self._count += 1
        exchange = make(self._count)
        if len(self._ring) == self._ring.maxlen:
            self._drop_oldest()
        weight = exchange.weight if weighed else 0
        self._ring.append(exchange)
        self._weights.append((self._memory.next_number(), weight))
        self._weigh(weight)
        return exchange

    def _weigh(self, more: int) -> None:
        self._weight += more
        self._memory.add(more)
        while self._weight > self.budget and len(self._ring) > 1:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest, (_, weight) = self._ring.popleft(), self._weights.popleft()
        self._unanswered.discard(oldest.number)
        self._weight -= weight
        self._memory.add(-weight)
        self.overflowed += 1


def records_after(exchange: Exchange) -> Records:
    """The records as an exchange left them."""
    written = [it.after for it in exchange.changes if it.after is not None]
    removed = [it.before for it in exchange.changes if it.after is None and it.before is not None]
    records = exchange.before.records.save(*written)
    return records.remove(*removed) if removed else records


def changes_of(before: Records, after: Records, saved: Iterable[Record]) -> tuple[RowChange, ...]:
    """The rows among those saved or removed (`Turn.saved`) that differ, each once, in the order of the writing."""
    found: dict[tuple[str, object], RowChange] = {}
    for row in saved:
        table = before.TABLES[type(row)]
        key = getattr(before, table).key_of(row)
        if (table, key) not in found:
            was, now = getattr(before, table).get(key), getattr(after, table).get(key)
            found[table, key] = RowChange(table=table, key=str(key), before=was, after=now)
    return tuple(it for it in found.values() if it.before != it.after)
