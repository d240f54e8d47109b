"""The journal in a browser, for a developer who watches: what came, why it ended so; and the report of a run."""

from __future__ import annotations

import re

import pytest

from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, a_browser, declare

JOURNAL = f"{MAIN}/journal"


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A refusal, a success, a request without a token that is known, an event."""
    browser = a_browser()
    declare(browser, "Jane Smith", "started", "2026-01-15")
    declare(browser, "Jane Smith", "started", "2025-10-10")
    browser.client.get("/api/v3/statements?page[pag]=1", headers={"Authorization": "Bearer nobody"})
    browser.submit(f"{MAIN}/act/change_name", participant_id="Jane Smith", full_name="Jane Jones")
    return browser


def numbers(browser: Browser, query: str = "") -> list[int]:
    return [it["number"] for it in browser.data(f"{JOURNAL}?{query}")["lines"]]


class TestTheList:
    def test_has_the_newest_first(self, browser):
        assert numbers(browser) == [4, 3, 2, 1]
        assert browser.data(JOURNAL)["newest"] == 4

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status=4xx", [3, 1]),
            ("status=422", [1]),
            ("method=post", [2, 1]),
            ("rule=declaration.after-milestone", [1]),
            ("path=*/statements", [3]),
            ("provider=Ambition Institute&status=2xx", [2]),
            ("status=x", []),
            ("limit=2", [4, 3]),
            ("limit=²", [4, 3, 2, 1]),
        ],
    )
    def test_is_narrowed_down_by_the_query(self, browser, query, found):
        assert numbers(browser, query) == found

    def test_says_the_rule_that_refused_and_leads_to_why(self, browser):
        browser.open(f"{JOURNAL}?status=422")

        assert "by declaration.after-milestone" in browser.answer.text
        assert browser.follow("Why?").headings == ["Why was this refused?"]

    def test_can_be_reloaded_without_a_script_and_keeps_its_filters(self, browser):
        page = browser.open(f"{JOURNAL}?status=4xx")

        assert page.links["Reload"] == f"{JOURNAL}?status=4xx"

    def test_tells_a_script_where_to_look_for_what_is_new(self, browser):
        browser.open(f"{JOURNAL}?status=4xx")
        where = re.search(r'data-live="([^"]+)" data-newest="(\d+)"', browser.answer.text)
        assert where is not None

        twin = browser.client.get(where[1].replace("&amp;", "&")).json

        assert (len(twin["lines"]), str(twin["newest"])) == (1, where[2])


class TestAnExchange:
    def test_shows_request_answer_command_and_changes(self, browser):
        shown = browser.data(f"{JOURNAL}/2")

        assert shown["exhibit"]["method"] == "POST"
        assert '"declaration_date": "2025-10-10T09:00:00Z"' in shown["exhibit"]["body"]
        assert shown["exhibit"]["curl"].startswith("curl -g -X POST")
        assert {"thing": "Declaration started of Jane Smith", "before": "new", "after": "eligible"} in shown["changes"]

    def test_leads_on_and_back(self, browser):
        browser.open(f"{JOURNAL}/2")
        browser.follow("Exchange 3")
        browser.follow("← Exchange 2")

        assert browser.at == f"{JOURNAL}/2"

    def test_an_event_has_nothing_on_the_wire_and_nothing_to_explain(self, browser):
        page = browser.open(f"{JOURNAL}/4")

        assert "Why accepted?" not in page.links
        browser.open(f"{JOURNAL}/4/why", status=404)

    @pytest.mark.parametrize("number", ["0", "5", "999999999999"])
    def test_that_there_is_not_is_said_with_those_that_there_are(self, browser, number):
        browser.open(f"{JOURNAL}/{number}", status=404)

        assert "the journal has 1 to 4" in browser.answer.text

    def test_is_explained_with_what_would_pass_as_a_command(self, browser):
        why = browser.data(f"{JOURNAL}/1/why")

        assert len(why["curls"]) == len(why["explanation"]["suggestions"]) > 0
        assert why["curls"][0].startswith("curl -X POST")

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_refusal_a_success_and_a_mistake_of_the_client_are_explained(self, browser, number):
        browser.open(f"{JOURNAL}/{number}/why")


class TestSendingAgain:
    @pytest.fixture
    def browser(self) -> Browser:
        browser = a_browser()
        declare(browser, "Jane Smith", "started", "2026-01-15")
        return browser

    def test_what_would_pass_is_asked_from_why_and_changes_nothing(self, browser):
        state = browser.worlds.main.state
        browser.open(f"{JOURNAL}/1/why")
        browser.follow("Try this")

        assert browser.data(browser.at)["asked"]["refused"] is False
        assert (browser.worlds.main.state, browser.worlds.main.journal.count) == (state, 1)

    def test_does_it_in_this_world_and_shows_what_came_of_it(self, browser):
        page = browser.submit(f"{JOURNAL}/1/again", declaration_date="2025-10-10")

        assert browser.at == f"{JOURNAL}/2"
        assert page.headings == ["Declare training: Jane Smith, started, 10 October 2025"]
        assert browser.data(f"{MAIN}")["last_thing"]["number"] == 2

    def test_as_it_was_ends_as_it_did(self, browser):
        browser.submit(f"{JOURNAL}/1/again")

        assert [it.status for it in browser.worlds.main.journal] == [422, 422]

    def test_in_a_variation_goes_on_there_and_not_in_main(self):
        browser = a_browser()
        browser.submit("/ui/stories/started-too-early-and-too-late/1/vary", declaration_date="2025-10-10")

        browser.submit("/ui/worlds/var-1/journal/1/again")

        assert browser.worlds.get("var-1").journal.count == 2
        assert browser.worlds.main.journal.count == 0

    def test_an_event_is_sent_by_nobody(self, browser):
        browser.submit(f"{MAIN}/act/change_name", participant_id="Jane Smith", full_name="Jane Jones")

        browser.open(f"{JOURNAL}/2/again", status=404)
        assert browser.client.post(f"{JOURNAL}/2/again").status_code == 404


class TestTheLinksOfAnAnswer:
    def links(self, browser: Browser, **headers: str) -> dict[str, str]:
        answer = browser.client.get("/api/v3/statements", headers=headers)
        told = ", ".join(answer.headers.getlist("Link"))
        return {rel: target for target, rel in re.findall(r'<([^>]+)>; rel="([a-z]+)"', told)}

    @pytest.mark.parametrize("world", ["main", "mine"])
    def test_lead_to_the_page_and_to_the_explanation(self, browser, world):
        browser = a_browser()
        links = self.links(browser, **{"Authorization": "Bearer nobody", "X-Sandbox-World": world})

        assert browser.open(links["related"]).title.startswith("Exchange 1: View statements")
        assert browser.client.get(links["help"]).json["status"] == 401

    def test_are_missing_where_there_is_nothing_to_explain(self, browser):
        world = browser.worlds.main
        token = world.service.tokens(world.state.records)["Teach First"]

        assert self.links(a_browser(), Authorization=f"Bearer {token}") == {}


class TestTheReport:
    def test_shows_coverage_findings_and_checklist_of_all_worlds(self, browser):
        shown = browser.data("/ui/report")

        report = shown["report"]
        assert report["totals"]["requests"] == 3
        assert [it["name"] for it in report["journals"]] == browser.worlds.names()
        assert {"errors.declaration": "shown"}.items() <= {
            it["id"]: it["outcome"] for it in report["checklist"]
        }.items()

    def test_has_the_sections_of_the_written_one(self, browser):
        page = browser.open("/ui/report")

        assert page.headings == ["What this run shows"]
        for title in ("Covered", "Findings", "What a provider has to test", "Rules", "Operations"):
            assert f"<h2>{title}</h2>" in browser.answer.text
        assert "declaration.after-milestone" in browser.answer.text

    def test_of_a_run_without_a_request_is_a_page_too(self):
        a_browser().open("/ui/report")

    def test_has_a_report_of_each_service(self):
        browser = a_browser()
        browser.worlds.add(world_of(load_scenario("default", seed="sandbox", service="rect"), name="rect-world"))
        browser.open("/ui/report")

        for title in ("Lead Provider API", "Register early career teachers API"):
            assert f"<p><strong>{title}</strong></p>" in browser.answer.text
        regions = re.findall(r'role="region" aria-label="([^"]+)"', browser.answer.text)
        assert len(set(regions)) == len(regions)
