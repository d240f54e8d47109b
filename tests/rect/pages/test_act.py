"""What schools, appropriate bodies and the DfE do, in a browser: by who does it, as forms, asked first and done."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.events.examples import EXAMPLES
from ecf_sandbox.rect.events.registry import EVENTS
from ecf_sandbox.scenario.references import resolve
from tests.rect.pages.worlds import MAIN, PEOPLE, id_of
from tests.web.ui.browsing import Browser

pytestmark = pytest.mark.slow

ACT = f"{MAIN}/act"


def fields(browser: Browser, address: str) -> dict[str, dict]:
    return {it["name"]: it for it in browser.data(f"{ACT}/{address}")["fields"]}


def test_they_are_all_there_by_who_does_them(reader):
    groups = {it["actor"]["word"]: [each["name"] for each in it["events"]] for it in reader.data(ACT)["groups"]}

    assert list(groups) == ["School", "Appropriate body", "DfE", "Time"]
    assert sorted(name for names in groups.values() for name in names) == sorted(EVENTS)
    assert groups["Appropriate body"] == ["induction_starts", "induction_ends"]


def test_those_about_somebody_are_offered_from_their_page_and_filled_in(reader):
    reader.open(f"{PEOPLE}/{id_of(reader, 'people.Hannah Boyle')}")
    page = reader.follow("What a school, an appropriate body or the DfE can do here")
    assert page.headings == ["What can happen to Hannah Boyle"]
    assert "Register ECT" not in page.links

    reader.follow("ECT leaves")

    field = fields(reader, reader.at.removeprefix(f"{ACT}/"))["participant_id"]
    assert field["value"] in ("Hannah Boyle", id_of(reader, "people.Hannah Boyle"))  # of many one is typed


def test_one_that_names_two_people_is_offered_too_and_asks_for_both(reader):
    page = reader.open(f"{ACT}?participant_id={id_of(reader, 'people.Hannah Boyle')}")

    assert page.links["Assign mentor"] == f"{ACT}/assign_mentor"


def test_a_form_offers_lead_providers_by_name_and_what_else_there_is_to_choose_from(reader):
    offered = fields(reader, "register_ect")

    assert [value for value, _ in offered["lead_provider"]["options"]] == [
        "",
        "Ambition Institute",
        "Teach First",
        "UCL Institute of Education",
    ]
    assert offered["lead_provider"]["hint"].startswith("The name of the lead provider, or left empty where the school")
    assert (offered["working_pattern"]["value"], offered["working_pattern"]["hint"]) == ("full_time", "")
    assert offered["trn"]["label"] == "TRN"
    assert fields(reader, "assign_mentor")["ect_id"]["label"] == "ECT"


def test_asking_says_what_would_change_and_changes_nothing(browser):
    state = browser.worlds.main.state

    asked = browser.data(f"{ACT}/induction_starts?ask=1&participant_id=Idris Cole&started_on=2026-05-01")

    assert ("Declaration started of Idris Cole", "submitted", "eligible") in [
        (it["thing"], it["before"], it["after"]) for it in asked["changes"]
    ]
    assert browser.worlds.main.state is state


def test_asking_says_why_it_does_not_fit(browser):
    asked = browser.data(f"{ACT}/ect_leaves?ask=1&participant_id=Mina Vale&finished_on=2026-06-30")

    assert asked["changes"] is None
    assert asked["problem"] == "The participant has never been at a school as ect."


@pytest.mark.parametrize("name", EVENTS)
def test_an_example_of_each_fits_as_it_stands_in_its_form(browser, name):
    world, example = browser.worlds.main, EXAMPLES[name]

    def typed(told) -> dict[str, str]:
        known = resolve(dict(told), world.service.names(world.state.records))
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in known.items()}

    for it in example.first:
        if it.at:
            browser.submit(f"{MAIN}/clock", to=it.at)
        browser.submit(f"{ACT}/{it.event}", **typed(it.told))
    if example.at:
        browser.submit(f"{MAIN}/clock", to=example.at)
    browser.submit(f"{ACT}/{name}", **typed(example.told))

    last = world.journal.get(world.journal.count)
    assert last is not None
    assert last.operation == f"event {name}"
