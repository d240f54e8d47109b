"""Every fault planted in a client is found within 200 histories and told in six sentences; a sound client has none.

`python -m tests.properties.planted` measures it with ten seeds each, with `--service rect` for that one's clients.
"""

from __future__ import annotations

import pytest

from tests.properties.clients import PLANTED, PLANTED_OF_RECT, Sound, SoundOfRect
from tests.properties.planted import play

pytestmark = pytest.mark.slow

HISTORIES = 200
MOST_STEPS = 6
# How often a sound client of the newer service is played here; the command above does it for longer.
SHORT = 50


@pytest.mark.parametrize("client", PLANTED)
def test_a_planted_fault_is_found_and_told_in_a_short_story(client):
    found = play(client, numbered=1, histories=HISTORIES)

    assert found is not None
    assert 1 <= len(found.story) <= MOST_STEPS


@pytest.mark.parametrize("client", PLANTED_OF_RECT)
def test_a_fault_in_a_client_of_the_newer_service_is_found(client):
    # To make a story shorter takes most of the time, and is the same for every service.
    assert play(client, numbered=1, histories=HISTORIES, shrink=False) is not None


@pytest.mark.parametrize(("client", "histories"), [(Sound, HISTORIES), (SoundOfRect, SHORT)])
def test_a_sound_client_is_never_complained_of(client, histories):
    assert play(client, numbered=2, histories=histories) is None
