"""Every fault planted in a client is found within 200 histories and told in six sentences; a sound client has none.

`python -m tests.properties.planted` measures it with ten seeds each.
"""

from __future__ import annotations

import pytest

from tests.properties.clients import PLANTED, Sound
from tests.properties.planted import play

pytestmark = pytest.mark.slow

HISTORIES = 200
MOST_STEPS = 6


@pytest.mark.parametrize("client", PLANTED)
def test_a_planted_fault_is_found_and_told_in_a_short_story(client):
    found = play(client, numbered=1, histories=HISTORIES)

    assert found is not None
    assert 1 <= len(found.story) <= MOST_STEPS


def test_a_sound_client_is_never_complained_of():
    assert play(Sound, numbered=2, histories=HISTORIES) is None
