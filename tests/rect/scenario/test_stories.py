"""The stories of RECT go as they say, and every answer in them is as documented."""

from __future__ import annotations

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import headings, shipped
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.transport import InProcess

STORIES = [it.name for it in headings(shipped("rect")) if it.steps]
# What a provider may list, whatever the scenario.
LISTS = (
    *("participants", "participants/transfers", "participant-declarations", "partnerships", "delivery-partners"),
    *("schools?filter[cohort]=2025", "statements", "unfunded-mentors"),
)


class Judged:
    """A way into the application that notes what is answered and not documented."""

    def __init__(self, world):
        self.send = InProcess(create_app(Worlds(world)).wsgi_app)
        self.contract = Contract(documents(SERVICE))
        self.faults = []

    def __call__(self, method, target, headers, body=None):
        reply = self.send(method, target, headers, body)
        if target.startswith("/api/"):
            self.faults += self.contract.faults(method, target, reply)
        return reply


@pytest.mark.parametrize("edition", ["guidance", pytest.param("live", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_says(name, edition):
    story = load_scenario(name, seed="sandbox")
    world = world_of(story, edition=SERVICE.editions[edition])
    send = Judged(world)

    outcomes = list(play_in(world, story, send))

    assert [it.differences for it in outcomes if not it.passed] == []
    assert send.faults == []


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped("rect"))
def test_everything_that_a_scenario_shows_is_documented(name):
    story = load_scenario(name, seed="sandbox")
    send = Judged(world_of(story, now=story.as_of))

    for token in story.tokens:
        for it in LISTS:
            listed = send("GET", f"/api/v3/{it}", [("Authorization", f"Bearer {token}")])
            assert listed.status == 200, it

    assert send.faults == []
