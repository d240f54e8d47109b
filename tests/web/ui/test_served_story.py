"""The story of a scenario file that is served is shown like those that come with the sandbox."""

from __future__ import annotations

from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from tests.web.ui.browsing import Browser

STORY = """
title: Nobody is there
about: A list without anybody.
now: 2025-11-03T09:00:00Z
providers:
  ambition: { name: Ambition Institute }
steps:
  - say: Ambition asks for everybody.
    by: ambition
    send: GET /api/v3/participants/ecf
    expect: 200
    count: 0
"""


def browser(folder, text: str) -> Browser:
    file = folder / "failure.yaml"
    file.write_text(text)
    served = load_scenario(file, seed="sandbox")
    worlds = Worlds(world_of(served))
    worlds.served = served
    return Browser(worlds)


def test_it_is_listed_and_played(tmp_path):
    pages = browser(tmp_path, STORY)

    [listed] = [it for group in pages.data("/ui/index")["groups"] for it in group["stories"] if it["name"] == "failure"]
    assert (listed["title"], listed["steps"]) == ("Nobody is there", 1)
    assert pages.open("/ui/stories/failure").headings == ["Nobody is there"]
    assert "Ambition asks for everybody." in pages.client.get("/ui/stories/failure/1").text


def test_a_scenario_that_tells_none_has_none(tmp_path):
    browser(tmp_path, STORY.partition("steps:")[0]).open("/ui/stories/failure", status=404)
