"""Stories of this service in a browser: who acts, what changes from one step to the next, and variations."""

from __future__ import annotations

import pytest

from ecf_sandbox.scenario.loading import headings, shipped
from tests.rect.pages.worlds import a_browser
from tests.web.ui.browsing import Browser

pytestmark = pytest.mark.slow

STORIES = {it.name: it.steps for it in headings(shipped("rect")) if it.steps}
BREAK, EVIDENCE, INTEREST = (
    "/ui/stories/rect-deferral-and-return",
    "/ui/stories/rect-evidence-and-sequence-from-2025",
    "/ui/stories/rect-interest-becomes-a-partnership",
)


@pytest.fixture(scope="module")
def browser() -> Browser:
    return a_browser()


def changes(browser: Browser, address: str) -> list[tuple[str, str, str]]:
    return [(it["thing"], it["before"], it["after"]) for it in browser.data(address)["changes"]]


def test_every_story_is_on_the_home_page_under_its_service(browser):
    groups = browser.data("/ui/index")["groups"]
    own = [it for it in groups if it["service"] == "Register early career teachers API"]

    assert sorted(story["name"] for group in own for story in group["stories"]) == sorted(STORIES)
    assert groups[0] == own[0], "the service of the world main comes first"


def test_a_step_says_who_acts_what_was_done_and_what_the_service_said(browser):
    step = browser.data(f"{BREAK}/2")

    assert (step["actor"]["word"], step["actor"]["name"]) == ("Provider", "Ambition Institute")
    assert step["deed"] == "Resume participant: Hannah Boyle"
    assert [it.partition(":")[0] for it in step["words"]] == ["participant_id"]
    assert step["words"][0].endswith("Resume them tomorrow or later.")
    assert step["changes"] == []


def test_an_appropriate_body_has_a_shape_of_its_own(browser):
    actor = browser.data(f"{EVIDENCE}/4")["actor"]

    assert (actor["word"], actor["shape"]) == ("Appropriate body", "◆")


def test_a_deferral_ends_training(browser):
    assert changes(browser, f"{BREAK}/1") == [
        ("Training of Hannah Boyle as ECT", "active", "deferred (parental-leave)"),
        ("Training of Hannah Boyle as ECT, last day", "open", "12 May 2026"),
    ]


def test_a_resumption_is_new_training_beside_the_old(browser):
    assert changes(browser, f"{BREAK}/3") == [
        (
            "Training of Hannah Boyle as ECT",
            "new",
            "Ambition Institute; ecf-standard-september, 2025; from 13 May 2026",
        ),
    ]
    [lane] = browser.data(f"{BREAK}/3")["lanes"]
    assert [(it["name"], it["state"]) for it in lane["chips"]] == [
        ("Ambition Institute", "1 September 2025 to 12 May 2026, deferred"),
        ("Ambition Institute", "from 13 May 2026"),
    ]


def test_eligibility_puts_a_declaration_onto_a_statement(browser):
    found = changes(browser, f"{EVIDENCE}/4")

    assert found[:2] == [
        ("Declaration started of Idris Cole", "submitted", "eligible"),
        ("Declaration started of Idris Cole", "", "goes onto the August 2026 statement, cohort 2025"),
    ]
    assert ("Induction of Idris Cole", "not recorded", "from 2 September 2025") in found


def test_a_partnership_shows_who_was_waiting(browser):
    found = changes(browser, f"{INTEREST}/4")

    assert ("Training of Rosa Dell as ECT", "interest in Ambition Institute", "Ambition Institute") in found
    assert ("Rosa Dell, for Ambition Institute", "not shown", "a participant") in found


def test_a_request_about_a_partnership_says_which(browser):
    assert browser.data(f"{INTEREST}/4")["deed"] == (
        "Confirm partnership: Oakfield Academy, 2025, Kestrel Teaching School Hub"
    )
    assert browser.data(f"{INTEREST}/6")["deed"] == ("Update partnership: Oakfield Academy, 2025, Ambition Institute")


class TestAVariation:
    def test_is_a_form_with_the_evidence_of_this_service(self, browser):
        fields = {it["name"]: it for it in browser.data(f"{EVIDENCE}/1/vary")["fields"]}

        assert list(fields) == [
            "participant_id",
            "declaration_type",
            "declaration_date",
            "course_identifier",
            "evidence_held",
            "sent",
        ]
        assert ("one-term-induction", "one-term-induction") in map(tuple, fields["evidence_held"]["options"])

    def test_with_evidence_passes(self, browser):
        varied = browser.data(f"{EVIDENCE}/1/vary?evidence_held=training-event-attended")["varied"]

        assert (varied["status"], varied["refused"]) == (200, False)

    def test_is_done_in_a_world_of_this_service(self):
        browser = a_browser()

        page = browser.submit(f"{EVIDENCE}/1/vary?evidence_held=training-event-attended")

        assert page.headings == ["World var-1"]
        assert browser.worlds.get("var-1").service.name == "rect"
        assert browser.follow("Partnerships").headings == ["Partnerships"]


@pytest.mark.parametrize("story", STORIES)
def test_each_step_has_a_page_why_it_ended_so_and_a_variation(browser, story):
    browser.open(f"/ui/stories/{story}")
    for number in range(1, STORIES[story] + 1):
        step = browser.data(f"/ui/stories/{story}/{number}")
        browser.open(f"/ui/stories/{story}/{number}")
        assert step["deed"]
        assert not [it for it in step["changes"] if it["before"] == it["after"]]
        if step["exhibit"]["method"]:
            browser.open(f"/ui/stories/{story}/{number}/why")
            same = browser.data(f"/ui/stories/{story}/{number}/vary")
            assert same["changed"] == []
