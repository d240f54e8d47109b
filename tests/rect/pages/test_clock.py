"""The clock in a browser: what comes next, what it would do, going there and seeing what happened."""

from __future__ import annotations

import pytest

from tests.rect.pages.worlds import MAIN, PAYMENT, declare
from tests.web.ui.browsing import Browser

pytestmark = pytest.mark.slow

CLOCK = f"{MAIN}/clock"


def moments(browser: Browser, query: str = "") -> dict[str, dict]:
    return {it["name"]: it for it in browser.data(f"{CLOCK}{query}")["moments"]}


def test_says_that_tomorrow_is_another_day(reader):
    first = next(iter(moments(reader).values()))

    assert first["at"] == "2026-05-12T23:00:00Z"
    assert first["words"] == ["13 May 2026 begins: who was deferred, withdrawn or resumed today can be acted on again"]


def test_says_who_comes_and_goes_by_days_of_the_united_kingdom(reader):
    told = {it["at"]: it["words"] for it in moments(reader).values()}

    assert "Petra Lind (ECT) begins at Elm Street Primary on 26 May 2026" in told["2026-05-25T23:00:00Z"]
    leaves = "20 July 2026 is the last day of Omar Reid (ECT) at Oakfield Academy: they have left"
    assert leaves in told["2026-07-19T23:00:00Z"]


def test_says_when_a_cohort_begins(reader):
    told = {it["at"]: it["words"] for it in moments(reader).values()}

    assert "cohort 2026 begins on 1 June 2026: partnerships can be confirmed for it" in told["2026-05-31T23:00:00Z"]


def test_milestones_of_schedules_that_nobody_follows_are_behind_all(reader):
    def words(query: str) -> str:
        return " ".join(it for each in moments(reader, query).values() for it in each["words"])

    assert "(ecf-reduced-april, 2026)" in words("?all=1")
    assert "(ecf-reduced-april, 2026)" not in words("")


def test_types_of_declarations_that_begin_together_are_told_together(reader):
    told = [it for each in moments(reader, "?all=1").values() for it in each["words"] if "can be declared from" in it]

    assert (
        "started, retained-1, retained-2, retained-3, retained-4, completed can be declared from 1 June 2026 "
        "(ecf-standard-september, 2026)"
    ) in told


def test_a_moment_comes_once_though_it_has_several_names(reader):
    found = [it["at"] for it in moments(reader, "?all=1").values()]

    assert found == sorted(set(found))


class TestGoing:
    def test_does_what_was_said_and_shows_it(self, browser):
        declare(browser, "Hannah Boyle", "retained-1", "2026-04-10")
        comes = moments(browser)[PAYMENT]["comes"]
        assert [it for it in comes if "declaration" in it and it.endswith("would become paid")]

        page = browser.submit(CLOCK, to=PAYMENT)

        assert page.headings == ["It is 24 August 2026, 23:00"]
        changed = [it for each in browser.data(browser.at)["moved"] for it in each["changes"]]
        assert [it["after"] for it in changed if it["thing"].startswith("Declaration retained-1")] == [
            "payable",
            "paid",
        ]

    @pytest.mark.parametrize("number", range(10))
    def test_to_any_moment_does_as_much_as_was_said(self, browser, number):
        declare(browser, "Hannah Boyle", "retained-1", "2026-04-10")
        moment = list(moments(browser).values())[number]
        before = browser.worlds.main.journal.count

        browser.submit(CLOCK, to=moment["name"])

        world = browser.worlds.main
        told = world.service.part("pages").tally([it for it in world.journal if it.number > before])
        assert [
            f"{it.count} {it.thing}{'' if it.count == 1 else 's'} would become {it.state}" for it in told
        ] == moment["comes"]
        assert world.now().isoformat() == moment["at"].replace("Z", "+00:00")

    def test_to_a_date_makes_payable_what_is_due_and_pays_nothing(self, browser):
        declare(browser, "Hannah Boyle", "retained-1", "2026-04-10")
        browser.submit(CLOCK, to="2026-08-26")

        after = {it["after"] for each in browser.data(browser.at)["moved"] for it in each["changes"]}
        assert "payable" in after
        assert "paid" not in after

    def test_shows_no_night_on_which_nothing_happened(self, browser):
        browser.submit(CLOCK, to="2026-06-30")

        assert [it["deed"] for it in browser.data(browser.at)["moved"]] == [
            "The clock goes from 12 May 2026, 12:00 to 30 June 2026, 00:00"
        ]

    def test_is_taken_back_with_all_that_fell_due(self, browser):
        declare(browser, "Hannah Boyle", "retained-1", "2026-04-10")
        before = browser.worlds.main.state
        browser.submit(CLOCK, to=PAYMENT)

        browser.submit(f"{MAIN}/back", number=str(browser.data(MAIN)["last_thing"]["number"]))

        assert browser.worlds.main.state is before


def test_named_moments_are_those_of_the_pages(reader):
    """What the clock's page offers by a name, the command line knows by it too."""
    world = reader.worlds.main
    known = {it.name for it in world.service.named_moments(world.state.records, world.now())}

    assert {"statement:next:payment", "milestone:started:start", "milestone:started:start:2026"} <= known
    assert {it for it in moments(reader, "?all=1") if not it.startswith("2")} <= known
