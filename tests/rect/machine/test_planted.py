"""Faults planted in RECT's rules and actions are found by its state machine.

`python -m tests.rect.machine.planted` plants all of them.
"""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.rules.catalogue import RULEBOOKS
from tests.rect.machine.planted import FAULTS, planted, runs_until_found

pytestmark = pytest.mark.slow

# Those that need several things in a row to show; the command above looks for all.
DEEP = (
    "who began today may be deferred",
    "no statement is needed",
    "whoever trains in a frozen cohort today is declared for",
    "declarations that would be orphaned are",
    "training that begins today elsewhere is no obstacle",
    "the frozen cohort of origin is never forgotten",
)
RUNS = 60


@pytest.mark.parametrize("name", DEEP)
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
