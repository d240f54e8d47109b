"""What a client can make the sandbox keep is bounded: the same attacks as by hand, fewer of each, and less memory."""

from __future__ import annotations

import pytest

from tests.attack.memory import ATTACKS, attack

pytestmark = pytest.mark.slow

BUDGET = 16  # MB
# What modules take that the first such request loads, what is under way, and what the allocator does not give back.
BESIDE = 50
# Enough of each to take several times the budget, were it all kept.
SCALES = {
    "long_headers": 0.3,
    "long_paths": 0.2,
    "long_ids": 0.2,
    "unknown_attributes": 0.06,
    "long_values": 0.2,
    "long_tokens": 0.5,
    "lists_in_worlds": 0.06,
    "lists_in_one_world": 0.06,
    "snapshots": 0.06,
    "documents": 0.1,
    "worlds_deleted": 0.2,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_process_takes_no_more_than_its_budget_allows(name):
    before, most = attack(name, SCALES[name], "--memory", f"{BUDGET}MB")

    assert most <= before + BUDGET + BESIDE
