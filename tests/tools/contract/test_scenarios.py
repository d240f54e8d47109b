"""The stories that come with the sandbox, played: they go as written, and every answer is as documented."""

from __future__ import annotations

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.scenario.loading import Scenario, load_scenario, shipped
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.tools.contract.checked import Checked

pytestmark = pytest.mark.slow

LISTS = (
    "/api/v{}/participants/ecf",
    "/api/v{}/participant-declarations",
    "/api/v1/participants/ecf.csv",
    "/api/v2/participant-declarations.csv",
    "/api/v3/participants/ecf/transfers",
    "/api/v3/unfunded-mentors/ecf",
    "/api/v3/partnerships/ecf",
    "/api/v3/schools/ecf?filter[cohort]=2025",
    "/api/v3/delivery-partners",
    "/api/v3/statements",
)
TARGETS = sorted({it.format(version) for it in LISTS for version in (1, 2, 3)})


def staged(name: str, edition: Edition) -> tuple[Scenario, World, Checked]:
    """A scenario, a world that begins so and stands still, and a judged way into the application over it."""
    scenario = load_scenario(name, seed="contract")
    world = world_of(scenario, edition=edition, now=scenario.now or scenario.as_of)
    return scenario, world, Checked(InProcess(create_app(Worlds(world)).wsgi_app))


@pytest.mark.parametrize("edition", [GUIDANCE, LIVE], ids=lambda it: it.name)
@pytest.mark.parametrize("name", [it for it in shipped("ecf") if it != "large"])
class TestAScenario:
    def test_is_played_with_documented_answers_only(self, name, edition):
        scenario, world, send = staged(name, edition)

        outcomes = list(play_in(world, scenario, send))

        # A story is that of its edition, else of the guidance's; in the other one some steps go differently.
        own = scenario.edition or GUIDANCE
        assert [it.differences for it in outcomes if edition is own and not it.passed] == []

    def test_shows_nothing_that_is_not_documented(self, name, edition):
        scenario, _, send = staged(name, edition)

        for token in scenario.tokens:
            for target in TARGETS:
                assert send("GET", target, [("Authorization", f"Bearer {token}")]).status == 200
