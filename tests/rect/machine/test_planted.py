"""Faults planted in RECT's rules and actions are found by its state machine.

`python -m tests.rect.machine.planted` plants all of them.
"""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.rules.catalogue import RULEBOOKS
from tests.rect.machine.planted import FAULTS, planted, runs_until_found

pytestmark = pytest.mark.slow

# Those that are found soonest, with the seed that is used here; the command above looks for the others, for longer.
SOON = (
    "who began today may be deferred",
    "a break may end on the day on which it began",
    "this very moment is the future",
    "a milestone begins at midnight in UTC",
)
RUNS = 60


@pytest.mark.parametrize("name", SOON)
def test_a_fault_is_found(name):
    assert runs_until_found(FAULTS[name], numbered=0, runs=RUNS) is not None


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_there_only_while_it_is_looked_for(name):
    before = [book.rules for book in RULEBOOKS]
    put = []

    FAULTS[name](lambda where, what, value: put.append((where, what, value, getattr(where, what))))
    with planted(FAULTS[name]):
        inside = [getattr(where, what) for where, what, _, _ in put]

    assert put
    assert all(now != was for now, (_, _, _, was) in zip(inside, put, strict=True))
    assert [getattr(where, what) for where, what, _, _ in put] == [was for *_, was in put]
    assert [book.rules for book in RULEBOOKS] == before
