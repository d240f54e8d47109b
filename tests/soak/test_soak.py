"""What a sandbox holds ends flat, and what grows would be seen."""

from __future__ import annotations

import pytest

from tests.soak.run import Soaked, soak_by_count

pytestmark = pytest.mark.slow

WORLDS, ROUNDS, TURNS = 8, 12, 60


def test_worlds_that_are_deleted_and_forgotten_give_back_what_they_held():
    soaked = soak_by_count(WORLDS, ROUNDS, TURNS, seed=1)

    assert soaked.requests > ROUNDS * TURNS * 10
    assert soaked.flat, soaked.memory


@pytest.mark.parametrize(
    ("memory", "flat"),
    [
        pytest.param((40, 80, 100, 101, 102, 103), True, id="rises and stays"),
        pytest.param((40, 50, 60, 70, 80, 90), False, id="rises on and on"),
        pytest.param((90, 80, 70, 60, 100, 101), True, id="only the last third counts"),
    ],
)
def test_flat_is_what_stays_within_a_twentieth_in_the_last_third(memory, flat):
    assert Soaked(memory=memory, requests=1, refused=0).flat is flat
