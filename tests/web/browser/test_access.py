"""Whom the pages let in: axe-core finds nothing, a keyboard reaches everything, nothing is cut when it is enlarged."""

from __future__ import annotations

import pytest

from tests.served import standing
from tests.web.browser.driving import PHONE, PROJECTOR, tab_of
from tests.web.browser.screens import ABSENT, SCREENS

pytestmark = pytest.mark.slow

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can be worked with a keyboard, a group of radios as one; without those in closed details.
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((it) => it.type !== 'hidden' && it.checkVisibility())
  .filter((it) => it.type !== 'radio' || it.checked)
  .map((it) => (it.dataset.place = String(Math.random())))"""
FOCUSED = "document.activeElement?.dataset.place ?? ''"
# A target is as large as what one may click: a field with its label, and not a link within a sentence.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, input')].filter((it) => {
  const said = [...it.parentNode.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim().length > 1);
  if (it.matches('a') && said) return false;
  const box = (it.closest('label') ?? it).getBoundingClientRect();
  return box.width > 0 && it.checkVisibility() && !it.closest('.hidden, .skip') && Math.round(box.height) < 44;
}).map((it) => it.textContent.trim())"""

TIGHT = """() => [...document.querySelectorAll('.button, button')]
  .filter((it) => parseFloat(getComputedStyle(it).paddingLeft) < 8).map((it) => it.textContent)"""


def violations(it) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(it.page, options={"runOnly": STANDARDS}).response["violations"]
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["projector", "phone"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(tab, screen, size):
    with tab(size) as it:
        it.open(SCREENS[screen])

        assert violations(it) == []


def test_axe_finds_nothing_on_a_page_that_is_not_there(tab):
    with tab() as it:
        it.open(ABSENT, status=404)

        assert violations(it) == []


def test_axe_finds_nothing_where_the_control_token_is_asked_for(browser):
    with standing(control_token="secret") as sandbox, tab_of(browser, sandbox.url) as it:
        it.open("/ui/")
        assert violations(it) == []
        it.page.fill("#token", "wrong")
        it.page.keyboard.press("Enter")
        it.page.wait_for_selector("[role=alert]")

        assert violations(it) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_a_keyboard_alone_reaches_everything(tab, screen):
    with tab() as it:
        it.open(SCREENS[screen])
        wanted = set(it.measure(REACHABLE))
        reached = set()
        # A date has a stop for each of its parts.
        dates = it.page.locator("[type=date], [type=datetime-local]").count()
        for _ in range(len(wanted) + 5 + 8 * dates):
            it.page.keyboard.press("Tab")
            reached.add(it.measure(FOCUSED))

        assert wanted - reached == set()


@pytest.mark.parametrize("screen", SCREENS)
def test_what_one_clicks_is_44_pixels_high(tab, screen):
    with tab() as it:
        it.open(SCREENS[screen])

        assert it.measure(SMALL) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_a_button_has_room_around_its_words(tab, screen):
    with tab() as it:
        it.open(SCREENS[screen])

        assert it.measure(TIGHT) == []


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", [(640, 400), (320, 640)], ids=["at 200 %", "at 320 pixels"])
def test_nothing_is_cut(tab, screen, size):
    with tab(size, scale=2) as it:
        it.open(SCREENS[screen])

        assert it.is_cut() == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_in_large_text(tab, screen):
    with tab() as it:
        it.open(SCREENS[screen])
        it.page.keyboard.press("+")

        assert it.measure("getComputedStyle(document.documentElement).fontSize") == "40px"
        assert it.is_cut() == []


def test_in_forced_colours_and_in_print_what_matters_stays(tab):
    with tab() as it:
        it.page.emulate_media(forced_colors="active", reduced_motion="reduce")
        it.open(SCREENS["a refused step"])
        assert it.page.is_visible("text=✗ Refused")
        it.page.emulate_media(media="print")

        assert it.page.is_visible("h1")
        assert not it.page.is_visible(".onward")
