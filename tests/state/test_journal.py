"""A journal keeps the newest exchanges, against a model that keeps them all."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.state.journal import Exchange, Journal
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import State

AT = datetime(2024, 9, 1, tzinfo=UTC)
BEFORE = State(records=Records())


def an_exchange(number: int, size: int = 0) -> Exchange:
    return Exchange(
        number=number,
        operation="v3 list_statements",
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
        judgements=(),
        refusals=(),
        changes=(),
        before=BEFORE,
    )


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 12), st.integers(1, 120))
def test_keeps_as_many_of_the_newest_as_capacity_and_budget_allow(sizes, capacity, budget):
    journal = Journal(capacity, budget)
    for size in sizes:
        journal.note(lambda number, size=size: an_exchange(number, size))

    kept = [it.number for it in journal]

    assert kept == list(range(len(sizes) - len(kept) + 1, len(sizes) + 1))
    assert len(kept) <= capacity
    assert sum(it.weight for it in journal) <= budget or len(kept) == 1
    assert journal.dropped == len(sizes) - len(kept)
    assert all(journal.get(number) is not None for number in kept)
    assert journal.get(0) is None
    assert journal.get(len(sizes) + 1) is None
    # nothing is let go that would still have fitted
    if journal.dropped and len(kept) < capacity:
        assert sum(sizes[len(sizes) - len(kept) - 1 :]) > budget
