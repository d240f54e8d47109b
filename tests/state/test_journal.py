"""A journal keeps the newest exchanges, against a model that keeps them all."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.journal import Exchange, Journal, RowChange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State

AT = datetime(2024, 9, 1, tzinfo=UTC)
BEFORE = State(records=Records())


def an_exchange(number: int, size: int = 0) -> Exchange:
    return Exchange(
        number=number,
        operation="v3 listStatements",
        method="GET",
        target="/api/v3/statements",
        at=AT,
        moment=AT,
        provider="Ambition",
        request_headers=(),
        request_body=b"",
        status=200,
        response_headers=(),
        response_body=b"x" * size,
        refusals=(),
        changes=(),
        before=BEFORE,
    )


LEAST = an_exchange(1).weight


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 12), st.integers(1, 12))
def test_keeps_as_many_of_the_newest_as_capacity_and_budget_allow(sizes, capacity, budget):
    sizes, budget = [it * LEAST for it in sizes], budget * LEAST
    journal = Journal(capacity, budget)
    for size in sizes:
        journal.note(lambda number, size=size: an_exchange(number, size))

    kept = [it.number for it in journal]

    assert kept == list(range(len(sizes) - len(kept) + 1, len(sizes) + 1))
    assert len(kept) <= capacity
    assert sum(it.weight for it in journal) == journal.weight
    assert journal.weight <= budget or len(kept) == 1
    assert journal.dropped == len(sizes) - len(kept)
    assert all(journal.get(number) is not None for number in kept)
    assert journal.get(0) is None
    assert journal.get(len(sizes) + 1) is None
    # nothing is let go that would still have fitted
    if journal.dropped and len(kept) < capacity:
        assert sum(an_exchange(1, it).weight for it in sizes[len(sizes) - len(kept) - 1 :]) > budget


def a_write(number: int, size: int = 0, *, answered: bool = True) -> Exchange:
    change = RowChange(table="declarations", key=str(number), before=None, after=None)
    return replace(an_exchange(number, size if answered else 0), changes=(change,), status=200 if answered else 0)


class WritesThatAreAnsweredLater(RuleBasedStateMachine):
    """A journal against a plain dict, with writes that are numbered first and answered in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = Journal(capacity=6)
        self.count = 0
        self.kept: dict[int, tuple[bool, bool]] = {}  # by number: answered, undone
        self.open: dict[int, None] = {}

    def _keep(self, number: int, *, answered: bool) -> None:
        self.count += 1
        assert number == self.count
        self.kept[number] = (answered, False)
        while len(self.kept) > 6:
            del self.kept[min(self.kept)]

    @rule()
    def note(self) -> None:
        self._keep(self.journal.note(a_write).number, answered=True)

    @rule()
    def open_one(self) -> None:
        number = self.journal.open(lambda number: a_write(number, answered=False)).number
        self._keep(number, answered=False)
        self.open[number] = None

    @rule(data=st.data())
    def complete_one(self, data: st.DataObject) -> None:
        if self.open:
            number = data.draw(st.sampled_from(list(self.open)))
            del self.open[number]
            self.journal.complete(a_write(number, size=3))
            if number in self.kept:
                self.kept[number] = (True, self.kept[number][1])

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        since = data.draw(st.integers(1, self.count + 1))
        self.journal.mark_undone(since)
        self.kept = {n: (answered, undone or n >= since) for n, (answered, undone) in self.kept.items()}

    @rule()
    def clear(self) -> None:
        self.journal.clear()
        self.kept.clear()

    @invariant()
    def shows_what_is_answered(self) -> None:
        answered = [number for number, (answered, _) in self.kept.items() if answered]
        assert [it.number for it in self.journal] == answered
        assert [it.number for it in self.journal.newest(3)] == answered[::-1][:3]
        assert [it.number for it in self.journal.newest_with(b"", 6)] == answered[::-1]
        assert self.journal.newest_with(b"another", 6) == []
        assert [n for n in range(1, self.count + 1) if self.journal.get(n) is not None] == answered

    @invariant()
    def knows_the_last_write_answered_or_not(self) -> None:
        standing = [number for number, (_, undone) in self.kept.items() if not undone]
        last = self.journal.last_write()
        assert (last.number if last else None) == (standing[-1] if standing else None)


TestWritesThatAreAnsweredLater = WritesThatAreAnsweredLater.TestCase
