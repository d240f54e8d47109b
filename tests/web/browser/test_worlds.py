"""A world in a browser: time moved and taken back, and what schools do."""

from __future__ import annotations

import pytest

from tests.served import standing
from tests.web.browser.driving import tab_of
from tests.web.browser.screens import HAS_WORLDS, WORLD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HAS_WORLDS, reason="worlds have no pages yet"),
    pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"]),
]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def world(browser, javascript):
    """A tab at a world that nobody else has changed."""
    with standing("2026-10-12T09:00:00+00:00") as sandbox, tab_of(browser, sandbox.url, javascript=javascript) as tab:
        yield tab


def test_the_clock_goes_to_a_payment_and_back_and_the_payment_comes_again(world):
    world.open(f"{WORLD}/clock")
    before = world.text
    payment = world.page.locator("tr", has_text="statements are paid").first.locator("button")
    with world.page.expect_navigation():
        payment.click()
    world.open(f"{WORLD}/clock")
    assert world.text != before
    world.open(WORLD)
    with world.page.expect_navigation():
        world.page.get_by_role("button", name="Take back the last thing").click()
    world.open(f"{WORLD}/clock")

    assert world.text == before


def test_an_event_is_played_and_a_hostile_name_is_shown_as_text(world):
    world.open(f"{WORLD}/act/change_name")
    world.page.fill("[name=participant_id]", "Jane Smith")
    world.page.fill("[name=full_name]", HOSTILE)
    with world.page.expect_navigation():
        world.page.get_by_role("button", name="Do it").click()
    for page in (WORLD, f"{WORLD}/people", f"{WORLD}/journal", f"{WORLD}/act/change_name"):
        world.open(page)
        assert HOSTILE in world.page.content().replace("&lt;", "<").replace("&gt;", ">")
        assert world.page.locator("script:not([src])").count() == 0
