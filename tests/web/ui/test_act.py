"""Events in a browser: by who does them, as forms, asked first and done."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.ecf.events.examples import EXAMPLES
from ecf_sandbox.ecf.events.registry import EVENTS
from ecf_sandbox.scenario.references import resolve
from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, id_of

pytestmark = pytest.mark.slow

ACT = f"{MAIN}/act"
JANE = {"participant_id": "Jane Smith"}


def fields(browser: Browser, address: str) -> dict[str, dict]:
    return {it["name"]: it for it in browser.data(f"{ACT}/{address}")["fields"]}


class TestTheEvents:
    def test_are_all_there_by_who_does_them(self, reader):
        groups = {it["actor"]["word"]: [each["name"] for each in it["events"]] for it in reader.data(ACT)["groups"]}

        assert list(groups) == ["School", "DfE", "Time"]
        assert sorted(name for names in groups.values() for name in names) == sorted(EVENTS)
        assert "pay_statement" in groups["DfE"]

    def test_about_somebody_are_offered_from_their_page_and_filled_in(self, reader):
        reader.open(f"{MAIN}/people/{id_of(reader, 'people.Jane Smith')}")
        page = reader.follow("What a school or the DfE can do here")
        assert page.headings == ["What can happen to Jane Smith"]
        assert "Register ECT" not in page.links

        reader.follow("Change mentor")

        assert fields(reader, reader.at.removeprefix(f"{ACT}/"))["participant_id"]["value"] == "Jane Smith"

    def test_there_is_no_form_of_an_unknown_one(self, reader):
        reader.open(f"{ACT}/chang_name", status=404)

        assert "change_name" in reader.answer.text


class TestAForm:
    def test_offers_names_and_never_asks_for_an_id(self, reader):
        offered = fields(reader, "school_transfer")

        assert offered["participant_id"]["kind"] == "name"
        assert "Jane Smith" in [called for _, called in offered["participant_id"]["options"]]
        assert "Ashgrove High School" in [called for _, called in offered["school_id"]["options"]]
        assert offered["date"]["kind"] == "date"

    def test_begins_with_what_holds_if_nothing_is_said(self, reader):
        offered = fields(reader, "record_check")

        assert (offered["qts"]["value"], offered["active_alert"]["value"]) == ("true", "false")
        assert offered["course_identifier"]["value"] == "ecf-induction"

    def test_takes_a_trn_as_text(self, browser):
        browser.submit(f"{ACT}/record_check", **JANE, trn="0012345")

        assert json.loads(browser.worlds.main.journal.get(1).request_body)["trn"] == "0012345"

    def test_takes_a_name_or_an_id(self, browser):
        for person in ("Jane Smith", id_of(browser, "people.Jane Smith")):
            asked = browser.data(f"{ACT}/change_mentor?ask=1&participant_id={person}&mentor_id=Grace Whitfield")
            assert [(it["before"], it["after"]) for it in asked["changes"]] == [("Daniel Osei", "Grace Whitfield")]

    def test_two_of_one_name_are_told_apart_by_id(self, browser):
        browser.submit(f"{ACT}/change_name", participant_id="Amara Okafor", full_name="Jane Smith")

        offered = [called for _, called in fields(browser, "change_mentor")["participant_id"]["options"]]

        assert len([it for it in offered if it.startswith("Jane Smith (")]) == 2
        assert len(set(offered)) == len(offered)

    def test_left_empty_means_nobody_where_that_can_be(self, browser):
        browser.submit(f"{ACT}/change_mentor", **JANE, mentor_id="")

        assert [it["after"] for it in browser.data(browser.at)["changes"]] == ["nobody"]


class TestAskingFirst:
    def test_says_that_it_fits_and_what_it_would_change_and_changes_nothing(self, browser):
        state = browser.worlds.main.state

        browser.open(f"{ACT}/change_name?ask=1&participant_id=Jane+Smith&full_name=Jane+Jones")

        assert "✓ It fits" in browser.answer.text
        assert browser.worlds.main.state is state

    def test_says_why_it_does_not_fit(self, browser):
        asked = browser.data(f"{ACT}/pay_statement?ask=1&statement_id=November 2026, Ambition Institute, 2025")

        assert asked["changes"] is None
        assert asked["problem"]

    def test_says_each_mistake_with_a_link_to_its_field(self, browser):
        page = browser.open(f"{ACT}/school_transfer?ask=1&participant_id=Jane+Smyth&keep_provider=perhaps")

        assert page.title.startswith("Error: ")
        assert {href for href in page.links.values() if href.startswith("#field-")} == {
            "#field-participant_id",
            "#field-school_id",
            "#field-date",
            "#field-keep_provider",
        }
        assert "did you mean &#39;Jane Smith&#39;?" in browser.answer.text

    def test_a_new_form_has_no_mistakes_yet(self, browser):
        assert not [it for it in fields(browser, "school_transfer").values() if it["error"]]


class TestDoing:
    def test_leads_to_what_happened(self, browser):
        page = browser.submit(f"{ACT}/change_name", **JANE, full_name="Jane Jones")

        assert page.headings == ["Change name: Jane Smith, Jane Jones"]
        assert browser.at == f"{MAIN}/journal/1"

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param({}, id="nothing"),
            pytest.param({"participant_id": "Nobody", "full_name": "x"}, id="nobody"),
            pytest.param({"participant_id": "Jane Smith", "full_name": "${people.Nobody}"}, id="a name for nothing"),
        ],
    )
    def test_what_is_wrong_leads_back_to_the_form_and_changes_nothing(self, browser, given):
        page = browser.submit(f"{ACT}/change_name", **given)

        assert page.headings == ["Change name"]
        assert 'role="alert"' in browser.answer.text
        assert browser.worlds.main.journal.count == 0

    @pytest.mark.parametrize("name", EVENTS)
    def test_an_example_of_each_event_fits_as_it_stands_in_its_form(self, browser, name):
        world, example = browser.worlds.main, EXAMPLES[name]
        for it in example.first:
            browser.submit(f"{ACT}/{it.event}", **self.typed(browser, it.told))
        told = self.typed(browser, example.told)

        browser.submit(f"{ACT}/{name}", **told)

        last = world.journal.get(world.journal.count)
        assert last is not None
        assert last.operation == f"event {name}"

    def typed(self, browser: Browser, told) -> dict[str, str]:
        world = browser.worlds.main
        known = resolve(dict(told), world.service.names(world.state.records))
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in known.items()}
