"""What a trainer does with the pages in front of a room."""

from __future__ import annotations

import pytest

from ecf_sandbox.web.ui.story_views import KEYS
from tests.served import served, standing
from tests.web.browser.driving import tab_of
from tests.web.browser.screens import EARLY, HAS_WORLDS, RECT_EARLY, RECT_STEP, SCREENS, STEP

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.mark.parametrize("step", [STEP, RECT_STEP], ids=["ecf", "rect"])
def test_a_step_has_the_same_address_and_picture_after_a_restart(browser, step):
    pictures = []
    for _ in range(2):
        with served() as sandbox, tab_of(browser, sandbox.url) as it:
            it.open(step)
            pictures.append(it.page.screenshot(full_page=True))

    assert pictures[0] == pictures[1]


@BOTH
def test_a_refusal_is_explained_and_another_request_asked(tab, javascript):
    with tab(javascript=javascript) as it:
        it.open(EARLY)
        it.follow("Why refused?")
        assert "on or after the first moment of its milestone" in it.text
        it.follow("Try this")
        assert "✓ Accepted".lower() in it.text.lower()
        asked = it.address
        it.page.fill("[name=declaration_date]", "2025-05-30")
        it.click("text=Only ask")

        assert it.address != asked
        assert "30 May 2025" in it.text
        it.follow("← Step 1")
        assert it.address == EARLY


@BOTH
def test_a_refusal_of_rect_is_explained_and_another_request_asked(tab, javascript):
    with tab(javascript=javascript) as it:
        it.open(RECT_EARLY)
        it.follow("Why refused?")
        assert "evidence" in it.text.lower()
        it.follow("← Step 1")
        it.follow("Try a variation")
        it.page.select_option("[name=evidence_held]", "training-event-attended")
        it.click("text=Only ask")

        assert "✓ Accepted".lower() in it.text.lower()
        it.follow("← Step 1")
        assert it.address == RECT_EARLY


@pytest.mark.skipif(not HAS_WORLDS, reason="worlds have no pages yet")
@BOTH
@pytest.mark.parametrize(
    ("step", "query", "section"),
    [
        pytest.param(EARLY, "declaration_date=2025-10-10", "Schools", id="ecf"),
        pytest.param(RECT_EARLY, "evidence_held=training-event-attended", "Partnerships", id="rect"),
    ],
)
def test_a_variation_is_done_in_a_world_that_leads_back(browser, javascript, step, query, section):
    with standing() as sandbox, tab_of(browser, sandbox.url, javascript=javascript) as it:
        it.open(f"{step}/vary?{query}")
        it.click("text=Do it and go on")
        assert it.address.partition("?")[0] == "/ui/worlds/var-1"
        it.follow(section)
        assert it.page.inner_text("h1") == section
        it.follow("Back to the story")

        assert it.address.partition("?")[0] == step


@BOTH
def test_a_hostile_text_is_shown_as_text(tab, javascript):
    with tab(javascript=javascript) as it:
        it.open(SCREENS["a search that finds nothing"])

        assert "<script>alert(1)</script>" in it.text


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "leads_to"),
        [
            ("ArrowRight", f"{STEP[:-1]}8"),
            ("PageDown", f"{STEP[:-1]}8"),
            ("Space", f"{STEP[:-1]}8"),
            ("ArrowLeft", f"{STEP[:-1]}6"),
            ("PageUp", f"{STEP[:-1]}6"),
            ("Home", f"{STEP[:-1]}1"),
            ("End", f"{STEP[:-1]}13"),
            ("w", f"{STEP}/why"),
            ("v", f"{STEP}/vary"),
            ("p", f"{STEP}?present=1"),
            ("?", "/ui/keys"),
            ("/", "/ui/"),
            ("Escape", STEP[:-2]),
        ],
    )
    def test_lead_on(self, tab, key, leads_to):
        with tab() as it:
            it.open(STEP)
            it.press(key)

            assert it.address == leads_to

    @pytest.mark.parametrize("page", ["why", "vary"])
    def test_escape_leads_back_to_the_step(self, tab, page):
        with tab() as it:
            it.open(f"{STEP}/{page}")
            it.press("Escape")

            assert it.address == STEP

    def test_a_slash_leads_to_the_search_where_there_is_one(self, tab):
        with tab() as it:
            it.open("/ui/")
            it.page.keyboard.press("/")
            it.page.keyboard.type("w v ?")

            assert it.page.input_value("#q") == "w v ?"
            assert it.address == "/ui/"

    def test_single_letters_can_be_switched_off_and_stay_off(self, tab):
        with tab() as it:
            it.open(STEP)
            it.page.click("text=Switch single-letter keys off")
            it.page.focus("h1")
            it.page.keyboard.press("w")
            it.press("PageDown")
            it.page.keyboard.press("w")
            it.press("PageUp")

            assert it.address == STEP
            assert it.page.get_attribute("[data-do=letters]", "aria-pressed") == "true"

    def test_plus_and_minus_change_the_text_for_all_pages(self, tab):
        def size(it) -> str:
            return it.measure("getComputedStyle(document.documentElement).fontSize")

        with tab() as it:
            it.open(STEP)
            it.page.keyboard.press("+")
            it.press("PageDown")
            assert size(it) == "40px"
            it.page.keyboard.press("-")

            assert size(it) == "20px"

    def test_all_of_them_are_in_the_list(self, tab):
        with tab() as it:
            it.open("/ui/keys")

            for _, words in KEYS:
                assert words in it.text

    def test_without_javascript_no_page_offers_what_needs_it(self, tab):
        with tab(javascript=False) as it:
            it.open(STEP)

            assert not it.page.is_visible("text=Larger text")
