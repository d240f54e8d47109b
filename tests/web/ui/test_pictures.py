"""The pictures in the documentation show the pages as they are."""

from __future__ import annotations

from datetime import datetime

import pytest

from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from tests.web.ui.browsing import Browser
from tests.web.ui.pictures import FOLDER, MOST, NOW, PICTURES, digest, stamp_of


@pytest.fixture(scope="module")
def browser() -> Browser:
    return Browser(Worlds(world_of(load_scenario("default", seed="sandbox"), now=datetime.fromisoformat(NOW))))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_of_the_page_as_it_is_now(browser, name):
    browser.open(PICTURES[name])

    assert stamp_of((FOLDER / f"{name}.png").read_bytes()) == digest(browser.answer.text), (
        "take the pictures anew: make browser ARGS='--pictures -k pictures'"
    )


def test_there_are_no_others_and_none_is_large():
    found = {it.stem: it.stat().st_size for it in FOLDER.iterdir()}

    assert found.keys() == PICTURES.keys()
    assert max(found.values()) < MOST
