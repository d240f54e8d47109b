"""Stories in a browser: each step follows from its address alone, forwards and back."""

from __future__ import annotations

import pytest

from ecf_sandbox.scenario.loading import headings, shipped
from ecf_sandbox.web.ui.application import HERE
from tests.web.ui.browsing import Browser

STORY = "/ui/stories/paid-void-clawback"
STORIES = {it.name: it.steps for it in headings(shipped("ecf")) if it.steps}


@pytest.fixture(scope="module")
def browser() -> Browser:
    return Browser()


def test_a_browser_at_the_root_is_led_to_the_pages(browser):
    browser.open("/", status=302, Accept="text/html,application/xhtml+xml")

    assert browser.answer.headers["Location"] == "/ui/"


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_client_of_the_api_at_the_root_gets_the_404_of_the_service(browser, accept):
    browser.open("/", status=404, **({"Accept": accept} if accept else {}))


def test_every_story_is_in_one_group_of_the_home_page(browser):
    groups = [it for it in browser.data("/ui/index")["groups"] if it["service"] == "Lead Provider API"]

    assert [it["title"] for it in groups if it["title"] == "Other stories"] == []
    assert sorted(it["name"] for group in groups for it in group["stories"]) == sorted(STORIES)
    assert len(groups) == 11


def test_a_search_finds_stories_by_title_narration_and_rule(browser):
    def found(words: str) -> list[str]:
        return [it["name"] for group in browser.data(f"/ui/index?q={words}")["groups"] for it in group["stories"]]

    assert "paid-void-clawback" in found("clawed back")
    assert found("voiding.clawed-back") == ["paid-void-clawback"]
    assert found("nothing-has-this") == []


def test_a_cover_leads_to_the_first_step_and_names_people_and_editions(browser):
    page = browser.open("/ui/stories/duplicate-declaration")
    assert page.headings == ["The same thing declared twice"]
    assert "Show it in the live edition" in page.links

    assert browser.follow("Start").title.startswith("Step 1 of 9")


def test_a_story_about_one_edition_is_shown_in_no_other(browser):
    page = browser.open(f"{STORY}?edition=live", status=404)

    assert page.headings == ["Not Found"]
    assert "guidance" in browser.answer.text


def test_a_step_says_who_acts_what_was_done_and_what_the_service_said(browser):
    step = browser.data(f"{STORY}/7")

    assert (step["actor"]["word"], step["actor"]["name"]) == ("Provider", "Ambition Institute")
    assert step["deed"] == "Void declaration: Amara Okafor, retained-1"
    assert step["words"] == ["Invalid action: This declaration has been clawed-back, so you can only view it."]
    assert step["changes"] == []
    assert [(it["name"], it["state"]) for it in step["lanes"][0]["chips"]] == [
        ("started", "paid"),
        ("retained-1", "awaiting clawback"),
    ]


def test_a_step_shows_what_changed_before_and_after(browser):
    changes = browser.data(f"{STORY}/6")["changes"]

    assert {
        "thing": "Declaration retained-1 of Amara Okafor",
        "before": "paid",
        "after": "awaiting clawback",
    } in changes


def test_next_says_when_it_jumps_in_time(browser):
    browser.open(f"{STORY}/8")

    assert "Next: 1 August 2026, ◷ Time: Nightly cut off" in browser.answer.text


def test_what_comes_next_is_kept_from_a_room_that_is_to_guess(browser):
    browser.open(f"{STORY}/8?ahead=0")

    assert "Next: 1 August 2026<" in browser.answer.text
    assert "Last step" not in browser.answer.text


def test_the_people_whom_a_step_concerns_come_first(browser):
    def first(number: int) -> str:
        return browser.data(f"/ui/stories/payment-of-statements/{number}")["lanes"][0]["name"]

    assert [first(number) for number in (2, 3, 7)] == ["Jane Smith", "Daniel Osei", "Amara Okafor"]


def test_many_changes_are_folded_behind_the_first(browser):
    browser.open("/ui/stories/payment-of-statements/4")
    shown = browser.answer.text.partition('<h2 id="changed">')[2].partition("<summary>And")[0]

    assert shown.count("<tr>") <= 6


def test_a_long_list_of_steps_begins_near_the_one_that_is_shown(browser):
    browser.open("/ui/stories/twelve-step-overview/27")

    assert "<summary>Steps 1 to 22</summary>" in browser.answer.text
    assert '<ol start="23">' in browser.answer.text


def test_dates_are_written_as_people_write_them_and_requests_as_they_were_sent(browser):
    step = browser.data("/ui/stories/started-too-early-and-too-late/1")
    assert step["deed"] == "Declare training: Jane Smith, started, 31 May 2025"
    browser.open("/ui/stories/started-too-early-and-too-late/1/why")
    assert "31 May 2025, 23:59:59" in browser.answer.text
    browser.open("/ui/stories/malformed-requests/9")

    assert "filter[updated_since] 2025-06-01" in browser.answer.text


def test_what_an_event_was_told_is_in_words_and_no_bare_truth_value(browser):
    step = browser.data("/ui/stories/transfer-to-a-new-provider/5")

    assert step["deed"] == "School transfer: Jane Smith, Ashgrove High School, 5 January 2026"


def test_a_retired_id_is_said_to_be_somebodys(browser):
    deeds = [it["deed"] for it in browser.data("/ui/stories/retired-id")["steps"]]

    assert "View participants: filter[from_participant_id] Nadia Hussain (by a retired id)" in deeds


def test_an_event_happens_and_is_not_accepted(browser):
    browser.open(f"{STORY}/2")

    assert "✓ Happened" in browser.answer.text
    assert "200 OK" not in browser.answer.text


@pytest.mark.parametrize(("file", "most"), [("ui.css", 20_000), ("ui.js", 4_000), ("icon.svg", 500)])
def test_what_a_page_loads_is_small(file, most):
    assert (HERE / file).stat().st_size <= most


def test_going_forwards_and_back_shows_the_same_step(browser):
    browser.open(f"{STORY}/6")
    first = browser.answer.text
    browser.follow("Next 7")
    browser.follow("← Back 6")

    assert browser.answer.text == first


def test_a_step_is_the_same_in_another_process_without_the_steps_before_it(browser):
    browser.open(f"{STORY}/9")
    here = browser.answer.text
    elsewhere = Browser()
    elsewhere.open(f"{STORY}/9")

    assert elsewhere.answer.text == here


def test_looking_at_pages_changes_no_named_world():
    browser = Browser()
    main = browser.worlds.main
    before = (main.state, main.journal.count, browser.worlds.names())
    for address in ("/ui/", STORY, f"{STORY}/7", f"{STORY}/7/why", f"{STORY}/7/vary?whose=x"):
        browser.open(address)

    assert (main.state, main.journal.count, browser.worlds.names()) == before


@pytest.mark.parametrize("address", ["/ui/stories/nothing", f"{STORY}/0", f"{STORY}/14", f"{STORY}/2/why", "/ui/x"])
def test_what_is_not_there_is_said_on_a_page_with_a_way_on(browser, address):
    page = browser.open(address, status=404)

    assert page.links["All stories"] == "/ui/"


def test_an_unknown_story_is_answered_with_the_nearest(browser):
    browser.open("/ui/stories/paid-void-clawbak", status=404)

    assert "did you mean" in browser.answer.text
    assert "paid-void-clawback" in browser.answer.text


def test_hiding_what_comes_next_lists_no_later_step(browser):
    def listed_later(address: str) -> str:
        browser.open(address)
        rail = browser.answer.text.split("</nav>")[1]
        return rail.partition('aria-current="step"')[2].partition("</li>")[2]

    assert "Nightly cut off" in listed_later(f"{STORY}/7")
    assert "Nightly cut off" not in listed_later(f"{STORY}/7?ahead=0")


def test_presenting_leaves_the_list_of_steps_out_and_goes_on_so(browser):
    page = browser.open(f"{STORY}/7?present=1")

    assert "Steps of the story" not in browser.answer.text
    assert "present=1" in page.links["Next 8 →"]


def test_the_request_can_be_open_by_address(browser):
    browser.open(f"{STORY}/7?open=request")

    assert "<details open><summary>Show the request" in browser.answer.text
    assert "<details><summary>Show the answer" in browser.answer.text


class TestWhy:
    def test_names_the_rule_its_policy_and_the_services_words(self, browser):
        page = browser.open(f"{STORY}/7/why")

        assert page.headings == ["Why was this refused?"]
        assert "voiding.clawed-back" in browser.answer.text

    def test_what_would_pass_leads_to_a_variation_that_passes(self, browser):
        browser.open("/ui/stories/started-too-early-and-too-late/1/why")
        browser.follow("Try this")

        assert browser.data(browser.at)["varied"]["refused"] is False


class TestAVariation:
    ADDRESS = "/ui/stories/started-too-early-and-too-late/1/vary"

    def test_begins_as_the_step_was(self, browser):
        page = browser.open(self.ADDRESS)

        assert page.fields["declaration_date"] == "2025-05-31"
        assert browser.data(self.ADDRESS)["varied"] is None

    def test_another_date_is_asked_and_shown_beside_the_storys(self, browser):
        asked = browser.data(f"{self.ADDRESS}?declaration_date=2025-10-10")

        assert (asked["original"]["refused"], asked["varied"]["refused"]) == (True, False)
        assert asked["changed"] == [
            {"label": "Declaration date", "before": "31 May 2025, 23:59:59", "after": "10 October 2025, 23:59:59"}
        ]

    def test_marks_the_lines_of_both_answers_that_differ(self, browser):
        asked = browser.data("/ui/stories/deferral-and-return/1/vary?reason=career-break")
        later = browser.data(f"{self.ADDRESS}?declaration_date=2025-05-30")

        assert asked["varied"] is None or any(differs for _, differs in asked["varied"]["answer"])
        assert not any(differs for _, differs in later["varied"]["answer"])

    def test_what_no_form_makes_is_asked_by_the_place_of_its_suggestion(self, browser):
        step = "/ui/stories/duplicate-declaration/2"
        assert browser.data(f"{step}/why")["tries"][0] == "suggestion=1"
        asked = browser.data(f"{step}/vary?suggestion=1")

        assert asked["first"] == ["Void declaration: Jane Smith, started"]
        assert (asked["original"]["refused"], asked["varied"]["refused"]) == (True, False)

    def test_a_suggestion_can_be_changed_further(self, browser):
        step = "/ui/stories/duplicate-declaration/2"
        asked = browser.data(f"{step}/vary?suggestion=1&declaration_date=2020-01-01")

        assert [it["label"] for it in asked["changed"]] == ["Declaration date"]
        assert asked["varied"]["refused"]

    @pytest.mark.parametrize("place", ["0", "99", "x"])
    def test_a_suggestion_that_there_is_not_is_said(self, browser, place):
        browser.open(f"/ui/stories/duplicate-declaration/2/vary?suggestion={place}", status=404)

        assert "suggestions for this step" in browser.answer.text

    def test_what_is_done_forks_a_world_and_leaves_main_alone(self):
        browser = Browser()
        main = browser.worlds.main.state
        answer = browser.client.post(self.ADDRESS, data={"declaration_date": "2025-10-10"})

        assert answer.status_code == 303
        assert browser.worlds.names() == ["main", "var-1"]
        forked = browser.worlds.get("var-1")
        assert [it.status for it in forked.journal] == [200]
        assert browser.worlds.main.state is main


class TestAccess:
    def test_another_host_is_refused(self, browser):
        browser.open("/ui/", status=403, Host="evil.example.com")

    def test_a_form_of_another_page_is_refused(self, browser):
        answer = browser.client.post(f"{STORY}/7/vary", headers={"Origin": "https://evil.example.com"})

        assert answer.status_code == 403

    def test_a_link_on_another_page_may_lead_here(self, browser):
        followed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}

        browser.open("/ui/", **followed)

    def test_a_script_of_another_page_may_not_read(self, browser):
        browser.open("/ui/", status=403, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors", Sec_Fetch_Dest="empty")

    def test_with_a_control_token_a_page_asks_for_it_once(self):
        browser = Browser(control_token="secret")
        browser.open(f"{STORY}/7", status=302)
        assert browser.answer.headers["Location"].startswith("/ui/login?then=")
        wrong = browser.client.post("/ui/login", data={"token": "wrong"})
        assert wrong.status_code == 401
        right = browser.client.post("/ui/login", data={"token": "secret", "then": f"{STORY}/7"})
        assert (right.status_code, right.headers["Location"]) == (303, f"{STORY}/7")
        cookie = right.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie

        browser.open(f"{STORY}/7")

    @pytest.mark.parametrize("then", ["https://evil.example.com/", "//evil.example.com", "/elsewhere"])
    def test_logging_in_leads_nowhere_else(self, then):
        browser = Browser(control_token="secret")
        answer = browser.client.post("/ui/login", data={"token": "secret", "then": then})

        assert answer.headers["Location"] == "/ui/"

    def test_a_page_runs_and_loads_nothing_from_elsewhere(self, browser):
        browser.open(f"{STORY}/7")

        assert browser.answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "http://" not in browser.answer.text.replace("http://localhost/api", "")
        assert "<script>" not in browser.answer.text
        assert "style=" not in browser.answer.text


def test_a_hostile_search_is_shown_as_text(browser):
    hostile = "<script>alert(1)</script>"
    browser.open(f"/ui/?q={hostile}")

    assert hostile not in browser.answer.text
    assert "&lt;script&gt;" in browser.answer.text


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_every_step_of_every_story_is_shown_explained_and_varied(browser, story):
    for number in range(1, STORIES[story] + 1):
        step = browser.data(f"/ui/stories/{story}/{number}")
        browser.open(f"/ui/stories/{story}/{number}")
        if step["exhibit"]["method"]:
            browser.open(f"/ui/stories/{story}/{number}/why")
            for query in filter(None, browser.data(f"/ui/stories/{story}/{number}/why")["tries"]):
                browser.open(f"/ui/stories/{story}/{number}/vary?{query}")
