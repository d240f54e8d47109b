"""What is drawn can happen: it fits, means what it says, and is a value."""

from __future__ import annotations

import msgspec
import pytest

from ecf_sandbox.rect.events.registry import EVENTS
from ecf_sandbox.rect.properties.happenings import ORDER, draw, draw_request, event_that_fits
from ecf_sandbox.rect.properties.requests import WRITES, judged, sound
from ecf_sandbox.rect.properties.tasks import TASKS, draw_task
from ecf_sandbox.state.properties import Happening, Seeded
from ecf_sandbox.testing.properties.playing import play
from tests.rect.properties.placed import CLIENT, a_world

pytestmark = pytest.mark.slow
# Played as time passes, and by nothing else.
BY_TIME = {"mark_statements_payable", "nightly_refresh", "nightly_partnership_touch"}


def drawn(it, seed, count):
    """So many happenings of a history, each with what came of it."""
    choose = Seeded(seed)
    for _ in range(count):
        if happening := draw(it.world, CLIENT, choose):
            yield happening, play(it.world, happening, it.client._send)


def test_every_event_may_happen():
    assert {*ORDER, *BY_TIME} == {*EVENTS}


@pytest.mark.parametrize("name", ORDER)
def test_an_event_that_fits_is_found_in_the_default_world(name):
    it = a_world()
    if name == "pay_statement":
        it.advance(days=90)  # what is open has passed its deadline by then
    choose = Seeded(name)

    assert any(event_that_fits(it.world, CLIENT, name, choose) for _ in range(200))


def test_what_is_drawn_happens():
    it = a_world()

    assert all(played for seed in range(5) for _, played in drawn(it, f"history {seed}", 20))


def test_what_is_only_drawn_changes_nothing():
    it = a_world()
    before = it.world.state

    draw(it.world, CLIENT, Seeded("anything"))

    assert it.world.state is before
    assert it.journal == ()


def test_equal_seeds_draw_equal_histories():
    one, other = ([happening for happening, _ in drawn(a_world(), "the same", 20)] for _ in range(2))

    assert one == other


def test_a_happening_goes_to_json_and_back():
    for happening, _ in drawn(a_world(), "written", 20):
        assert msgspec.json.decode(msgspec.json.encode(happening), type=Happening) == happening


def test_a_happening_names_whom_it_means():
    it = a_world()
    requests = [draw_request(it.world, CLIENT, Seeded(f"by name {number}")) for number in range(30)]

    assert any("${people." in made.target for made in requests if made)
    assert not any(made.by == CLIENT for made in requests if made)


@pytest.mark.parametrize("write", WRITES)
def test_a_sound_request_is_accepted(write):
    it = a_world()
    found = [sound(it.world, CLIENT, write, Seeded(f"{write} {number}")) for number in range(40)]

    assert any(found)
    assert {judged(it.world, CLIENT, request) for request in found if request} == {()}


@pytest.mark.parametrize("do", TASKS)
def test_a_task_has_what_the_document_has_by_name(do):
    it = a_world()

    found = draw_task(it.world, CLIENT, do, Seeded(do))

    assert found is not None
    assert found.told["do"] == do
    assert ("id" in found.told) is (do not in ("declare", "confirm-partnership"))
    assert play(it.world, found.happening, it.client._send) is not None
