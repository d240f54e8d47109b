"""Every story in a browser, forwards and back, on a projector and on a phone, with JavaScript and without."""

from __future__ import annotations

import pytest

from ecf_sandbox.scenario.loading import headings, shipped
from tests.web.browser.driving import PHONE, PROJECTOR

pytestmark = pytest.mark.slow

STORIES = {it.name: it for it in headings(shipped()) if it.steps}
LIVE = [it.name for it in headings(shipped("ecf")) if it.steps and not it.edition]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["projector", "phone"])
@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_forwards_and_back(tab, story, size, javascript):
    with tab(size, javascript=javascript) as it:
        it.open(f"/ui/stories/{story}")
        it.follow("Start")
        seen = []
        for number in range(1, STORIES[story].steps + 1):
            if number > 1:
                it.onwards()
            assert it.address == f"/ui/stories/{story}/{number}"
            assert it.is_cut() == []
            if size == PROJECTOR:
                assert it.buttons_end_at() <= size[1], f"step {number}: its buttons are below what is seen"
            seen.append(it.text)
        for earlier in reversed(seen[:-1]):
            it.backwards()
            assert it.text == earlier


@pytest.mark.parametrize("story", LIVE)
def test_in_the_live_edition_all_is_seen_without_scrolling_too(tab, story):
    with tab(PROJECTOR, javascript=False) as it:
        for number in range(1, STORIES[story].steps + 1):
            it.open(f"/ui/stories/{story}/{number}?edition=live")

            assert it.buttons_end_at() <= PROJECTOR[1]
            assert it.is_cut() == []
