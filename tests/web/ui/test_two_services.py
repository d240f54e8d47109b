"""A world of each service beside the other: each leads to its own pages, and home has the stories of both."""

from __future__ import annotations

import pytest

from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.worlds import Worlds
from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import a_browser

pytestmark = pytest.mark.slow

SCENARIOS = {"ecf": "default", "rect": "rect-default"}


@pytest.fixture(scope="module")
def browser() -> Browser:
    found = a_browser()
    found.worlds.add(world_of(load_scenario("rect-default", seed="sandbox"), name="other"))
    return found


@pytest.mark.parametrize("name", service_names())
def test_every_service_of_the_sandbox_has_pages(name):
    pages = service_named(name).part("pages")

    assert pages.sections
    assert pages.wording.others


def test_home_names_the_service_of_each_world(browser):
    worlds = {it["name"]: it["service"] for it in browser.data("/ui/index")["worlds"]}

    assert worlds == {name: browser.worlds.get(name).service.title for name in ("main", "other")}


@pytest.mark.parametrize(
    ("world", "sections"),
    [
        ("main", ["People", "Statements", "Schools"]),
        ("other", ["People", "Statements", "Schools", "Partnerships"]),
    ],
)
def test_a_world_has_the_sections_of_its_service(browser, world, sections):
    browser.open("/ui/")
    page = browser.follow(world)
    head = browser.data(browser.at)["world"]

    assert page.headings == [f"World {world}"]
    assert [it["title"] for it in head["sections"]] == sections
    assert head["service"] == browser.worlds.get(world).service.title


def test_a_section_of_the_one_is_none_of_the_other(browser):
    browser.open("/ui/worlds/other/partnerships")
    browser.open("/ui/worlds/main/partnerships", status=404)


def test_each_says_who_acts_beside_its_callers(browser):
    assert browser.open("/ui/worlds/main/act").headings == ["Schools and the DfE act"]
    assert browser.open("/ui/worlds/other/act").headings == ["Schools, appropriate bodies and the DfE act"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_home_begins_with_the_stories_of_the_service_of_the_world_main(name):
    own = Browser(Worlds(world_of(load_scenario(SCENARIOS[name], seed="sandbox"))))
    titles = list(dict.fromkeys(it["service"] for it in own.data("/ui/index")["groups"]))

    assert titles[0] == service_named(name).title
    assert sorted(titles) == sorted(service_named(it).title for it in SCENARIOS)


@pytest.mark.parametrize(
    ("step", "given", "section"),
    [
        ("/ui/stories/started-too-early-and-too-late/1", {"declaration_date": "2025-10-10"}, "schools"),
        ("/ui/stories/rect-evidence-and-sequence-from-2025/1", {"evidence_held": "other"}, "partnerships"),
    ],
)
def test_a_variation_goes_on_in_a_world_of_its_own_service(step, given, section):
    own = a_browser()
    query = "&".join(f"{name}={value}" for name, value in given.items())

    own.submit(f"{step}/vary?{query}")

    assert own.data(own.at)["last_thing"]["status"] == 200
    own.open(f"/ui/worlds/var-1/{section}")
