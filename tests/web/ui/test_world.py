"""A world in a browser: what it is, what happened last, taking that back, beginning again."""

from __future__ import annotations

import pytest

from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, PAYMENT, declare, id_of

pytestmark = pytest.mark.slow

VARY = "/ui/stories/started-too-early-and-too-late/1/vary"


def test_the_free_world_is_opened_from_home(browser):
    browser.open("/ui/")

    assert browser.follow("Open the free world").headings == ["World main"]


def test_an_unknown_world_is_answered_with_the_nearest_and_is_not_made(browser):
    browser.open("/ui/worlds/mian", status=404)

    assert "did you mean &#39;main&#39;?" in browser.answer.text
    assert browser.worlds.names() == ["main"]


def test_the_last_five_happenings_stand_the_newest_first(browser):
    for on in ("2026-01-15", "2025-10-10"):
        declare(browser, "Jane Smith", "started", on)

    last = browser.data(MAIN)["last"]

    assert [(it["number"], it["refused"], it["rules"]) for it in last] == [
        (2, False, []),
        (1, True, ["declaration.after-milestone"]),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/people",
        "/statements",
        "/schools",
        "/clock",
        "/clock?all=1",
        "/act",
        "/journal",
        "/reset",
        "/clock?to=2027-01-01",
    ],
)
def test_looking_changes_nothing(browser, address):
    main = browser.worlds.main
    before = (main.state, main.journal.count, browser.worlds.names())

    browser.open(f"{MAIN}{address}")

    assert (main.state, main.journal.count, browser.worlds.names()) == before


class TestAVariation:
    def test_says_which_step_it_varies_and_leads_back(self, browser):
        page = browser.submit(VARY, declaration_date="2025-10-10")

        assert page.headings == ["World var-1"]
        assert browser.data("/ui/worlds/var-1")["world"]["origin"]["step"] == 1
        assert browser.follow("Back to the story").title.startswith("Step 1 of")

    def test_of_an_edition_leads_back_to_that_edition(self, browser):
        browser.submit(f"{VARY}?edition=live", declaration_date="2025-10-10")

        assert "edition=live" in browser.open("/ui/worlds/var-1").links["Back to the story"]

    def test_is_forgotten_with_its_world(self, browser):
        browser.submit(VARY, declaration_date="2025-10-10")
        browser.worlds.delete("var-1")
        browser.worlds.add(browser.worlds.main.fork("var-1"))

        assert browser.data("/ui/worlds/var-1")["world"]["origin"] is None

    def test_offers_a_command_that_reaches_its_own_world(self, browser):
        browser.submit(VARY, declaration_date="2025-10-10")

        assert "X-Sandbox-World: var-1" in browser.data("/ui/worlds/var-1/journal/1")["exhibit"]["curl"]


class TestTakingBack:
    def last(self, browser: Browser) -> str:
        return str(browser.data(MAIN)["last_thing"]["number"])

    def test_a_request_takes_its_records_back(self, browser):
        before = browser.worlds.main.state
        declare(browser, "Jane Smith", "started", "2025-10-10")

        browser.submit(f"{MAIN}/back", number=self.last(browser))

        assert browser.worlds.main.state is before
        assert browser.data(MAIN)["last_thing"] is None

    def test_a_payment_takes_the_clock_back_too_so_that_it_comes_again(self, browser):
        before = browser.worlds.main.state
        browser.submit(f"{MAIN}/clock", to=PAYMENT)
        paid = browser.worlds.main.state.records
        browser.submit(f"{MAIN}/back", number=self.last(browser))
        assert browser.worlds.main.state is before

        browser.submit(f"{MAIN}/clock", to=PAYMENT)

        id = id_of(browser, "statements.Ambition Institute.2025.October 2026")
        assert paid.statements[id].phase == browser.worlds.main.state.records.statements[id].phase == "paid"

    def test_an_event_after_a_move_of_the_clock_leaves_the_clock(self, browser):
        browser.submit(f"{MAIN}/clock", to="2026-11-05")
        moved = browser.worlds.main.state
        browser.submit(f"{MAIN}/act/change_name", participant_id="Jane Smith", full_name="Jane Jones")

        browser.submit(f"{MAIN}/back", number=self.last(browser))

        assert browser.worlds.main.state is moved

    def test_a_nightly_job_played_by_hand_after_the_same_move_leaves_the_clock(self, browser):
        browser.submit(f"{MAIN}/clock", to="2026-11-01")
        moved = browser.worlds.main.state
        browser.submit(f"{MAIN}/act/nightly_cut_off")

        browser.submit(f"{MAIN}/back", number=self.last(browser))

        assert browser.worlds.main.state.clock == moved.clock

    def test_what_was_read_meanwhile_does_not_hold_it_up(self, browser):
        before = browser.worlds.main.state
        browser.submit(f"{MAIN}/clock", to=PAYMENT)
        browser.client.get("/api/v3/statements", headers={"Authorization": "Bearer nobody"})

        browser.submit(f"{MAIN}/back", number=self.last(browser))

        assert browser.worlds.main.state is before

    def test_a_page_that_is_out_of_date_takes_nothing_back(self, browser):
        declare(browser, "Jane Smith", "started", "2025-10-10")
        shown = self.last(browser)
        browser.submit(f"{MAIN}/act/change_name", participant_id="Jane Smith", full_name="Jane Jones")
        state = browser.worlds.main.state

        browser.submit(f"{MAIN}/back", number=shown)

        assert "Something else has happened" in browser.answer.text
        assert browser.worlds.main.state is state

    def test_twice_in_one_click_takes_one_thing_back(self, browser):
        jane = id_of(browser, "people.Jane Smith")
        for name in ("Jane Jones", "Jane Brown"):
            browser.submit(f"{MAIN}/act/change_name", participant_id=jane, full_name=name)
        last = self.last(browser)

        browser.submit(f"{MAIN}/back", number=last)
        browser.submit(f"{MAIN}/back", number=last)

        assert browser.data(MAIN)["last_thing"]["number"] == 1


class TestReset:
    def test_asks_first(self, browser):
        declare(browser, "Jane Smith", "started", "2025-10-10")
        state = browser.worlds.main.state
        browser.open(MAIN)

        assert browser.follow("Reset").headings == ["Reset the world main?"]
        assert browser.worlds.main.state is state

    def test_then_begins_again(self, browser):
        declare(browser, "Jane Smith", "started", "2025-10-10")

        browser.submit(f"{MAIN}/reset")

        assert browser.worlds.main.state is browser.worlds.main.baseline
        assert len(browser.worlds.main.journal) == 0


@pytest.mark.parametrize("address", ["back", "reset", "clock", "act/change_name"])
def test_a_form_of_another_page_changes_nothing(browser, address):
    answer = browser.client.post(f"{MAIN}/{address}", headers={"Origin": "https://evil.example.com"})

    assert answer.status_code == 403
    assert browser.worlds.main.journal.count == 0


def test_each_screen_has_its_twin_and_a_page_that_loads_nothing_from_elsewhere(browser):
    id = id_of(browser, "people.Jane Smith")
    for address in (
        "",
        "/people",
        f"/people/{id}",
        "/statements",
        "/schools",
        "/clock",
        "/act",
        "/act/change_name",
        "/journal",
    ):
        browser.open(f"{MAIN}{address}")
        assert "style=" not in browser.answer.text
        assert "<script>" not in browser.answer.text
        assert browser.data(f"{MAIN}{address}")["world"]["name"] == "main"


def test_a_query_may_have_any_names(browser):
    for address in ("/people", "/journal", "/act", "/act/change_name"):
        browser.open(f"{MAIN}{address}?world=x&endpoint=y&_external=1&section=z&id=1&event=e&page=2")
