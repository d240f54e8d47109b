"""A world in a browser: time moved and taken back, and what schools do."""

from __future__ import annotations

import pytest

from tests.served import standing
from tests.web.browser.driving import add_rect_world, tab_of
from tests.web.browser.screens import HAS_WORLDS, RECT, WORLD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HAS_WORLDS, reason="worlds have no pages yet"),
    pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"]),
]
HOSTILE = "<script>alert(1)</script>"


def choose(page, field: str, name: str) -> None:
    """Fill in whom an event is about: a few are chosen from a list, of many one is typed."""
    it = page.locator(f"[name={field}]")
    it.select_option(label=name) if it.evaluate("it => it.tagName") == "SELECT" else it.fill(name)


@pytest.fixture
def world(browser, javascript):
    """A tab at worlds that nobody else has changed."""
    with standing("2026-10-12T09:00:00+00:00") as sandbox, tab_of(browser, sandbox.url, javascript=javascript) as tab:
        add_rect_world(sandbox)
        yield tab


@pytest.mark.parametrize("home", [WORLD, RECT], ids=["ecf", "rect"])
def test_the_clock_goes_to_a_payment_and_back_and_the_payment_comes_again(world, home):
    world.open(f"{home}/clock")
    before = world.text
    payment = world.page.locator("tr", has_text="statements are paid").first.locator("button")
    with world.page.expect_navigation():
        payment.click()
    world.open(f"{home}/clock")
    assert world.text != before
    world.open(home)
    with world.page.expect_navigation():
        world.page.get_by_role("button", name="Take back the last thing").click()
    world.open(f"{home}/clock")

    assert world.text == before


@pytest.mark.parametrize(
    ("home", "person", "field"),
    [pytest.param(WORLD, "Jane Smith", "full_name", id="ecf"), pytest.param(RECT, "Hannah Boyle", "name", id="rect")],
)
def test_an_event_is_played_and_a_hostile_name_is_shown_as_text(world, home, person, field):
    world.open(f"{home}/act/change_name")
    choose(world.page, "participant_id", person)
    world.page.fill(f"[name={field}]", HOSTILE)
    with world.page.expect_navigation():
        world.page.get_by_role("button", name="Do it").click()
    for page in (home, f"{home}/people", f"{home}/journal", f"{home}/act/change_name"):
        world.open(page)
        assert HOSTILE in world.page.content().replace("&lt;", "<").replace("&gt;", ">")
        assert world.page.locator("script:not([src])").count() == 0


def test_the_list_of_worlds_leads_to_the_pages_of_each_service(world):
    for name, section in (("main", "Schools"), ("rect", "Partnerships")):
        world.open("/ui/")
        world.page.get_by_role("link", name=name, exact=True).click()
        world.follow(section)

        assert world.page.inner_text("h1") == section
