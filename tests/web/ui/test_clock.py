"""The clock in a browser: what comes next, what it would do, going there and seeing what happened."""

from __future__ import annotations

import pytest

from ecf_sandbox.state.clock import running_from
from tests.web.ui.worlds import MAIN, NOW, PAYMENT

pytestmark = pytest.mark.slow

CLOCK = f"{MAIN}/clock"


def test_says_what_the_next_ten_moments_would_do(reader):
    moments = reader.data(CLOCK)["moments"]

    assert len(moments) == 10
    assert (moments[0]["name"], moments[0]["words"]) == (PAYMENT, ["the October 2026 statements are paid"])
    assert "3 declarations would become paid" in moments[0]["comes"]


def test_milestones_of_schedules_that_nobody_follows_are_behind_all(reader):
    def words(query: str) -> str:
        return " ".join(it for each in reader.data(f"{CLOCK}{query}")["moments"] for it in each["words"])

    assert len(words("?all=1")) > len(words(""))
    assert "(ecf-standard-april, 2025)" in words("?all=1")
    assert "(ecf-standard-april, 2025)" not in words("")


def test_a_moment_comes_once_though_it_has_several_names(reader):
    moments = [it["at"] for it in reader.data(f"{CLOCK}?all=1")["moments"]]

    assert moments == sorted(set(moments))


class TestGoing:
    def test_does_what_was_said_and_shows_it(self, browser):
        page = browser.submit(CLOCK, to=PAYMENT)

        assert page.headings == ["It is 25 October 2026, 00:00"]
        moved = browser.data(browser.at)["moved"]
        assert moved[0]["deed"] == "The clock goes from 12 October 2026, 09:00 to 25 October 2026, 00:00"
        paid = [it for each in moved for it in each["changes"] if it["thing"].startswith("Declaration")]
        assert [it["after"] for it in paid] == ["paid"] * 3

    @pytest.mark.parametrize("number", range(10))
    def test_to_any_moment_does_as_much_as_was_said(self, browser, number):
        moment = browser.data(CLOCK)["moments"][number]
        before = browser.worlds.main.journal.count
        browser.submit(CLOCK, to=moment["name"])

        world = browser.worlds.main
        told = world.service.part("pages").tally([it for it in world.journal if it.number > before])
        assert [
            f"{it.count} {it.thing}{'' if it.count == 1 else 's'} would become {it.state}" for it in told
        ] == moment["comes"]
        assert world.now().isoformat() == moment["at"].replace("Z", "+00:00")

    def test_to_a_date_cuts_off_what_is_due_and_pays_nothing(self, browser):
        browser.submit(CLOCK, to="2026-11-26")

        after = {it["after"] for each in browser.data(browser.at)["moved"] for it in each["changes"]}
        assert "payable" in after
        assert "paid" not in after

    def test_to_a_date_can_be_asked_first(self, browser):
        state = browser.worlds.main.state

        asked = browser.data(f"{CLOCK}?to=2026-11-26")["asked"]

        assert asked["at"] == "2026-11-26T00:00:00Z"
        assert "6 statements would become payable" in asked["comes"]
        assert browser.worlds.main.state is state

    @pytest.mark.parametrize("to", ["2020-01-01", "tomorrow", "2026-13-45", "", "9999-99-99", "statement:next", "<b>"])
    def test_to_nowhere_is_said_with_a_link_to_the_field_and_moves_nothing(self, browser, to):
        state = browser.worlds.main.state

        page = browser.submit(CLOCK, to=to)

        assert "#to" in page.links.values()
        assert 'aria-invalid="true"' in browser.answer.text
        assert "<b>" not in browser.data(browser.at)["error"] or "&lt;b&gt;" in browser.answer.text
        assert "statement:" not in browser.data(browser.at)["error"].replace(to or "nowhere", "")
        assert browser.worlds.main.state is state

    def test_back_is_no_move_of_the_clock(self, browser):
        browser.submit(CLOCK, to=PAYMENT)
        browser.submit(f"{MAIN}/back", number="1")

        assert browser.data(f"{CLOCK}?moved=1")["moved"] is None

    def test_a_running_clock_runs_on(self, browser):
        browser.worlds.main.set_clock(running_from(NOW))

        browser.submit(CLOCK, to=PAYMENT)

        assert browser.data(CLOCK)["mode"] == "running"

    @pytest.mark.parametrize("moved", ["x", "0", "99", "-1", "²"])
    def test_an_address_of_no_move_shows_none(self, reader, moved):
        assert reader.data(f"{CLOCK}?moved={moved}")["moved"] is None
