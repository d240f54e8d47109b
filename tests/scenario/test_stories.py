"""Every story that comes with the sandbox plays as it says, and is told so that somebody could read it out."""

from __future__ import annotations

from functools import cache

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import EDITIONS
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import headings
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

STORIES = [it.name for it in headings() if it.steps]


@cache
def story(name):
    return load_scenario(name, seed="stories")


@pytest.mark.parametrize("name", STORIES)
class TestEveryStory:
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_plays_as_it_says_in_its_edition_and_in_every_one_if_it_names_none(self, name, edition):
        world = world_of(story(name), edition=story(name).edition or story(name).service.editions[edition])
        outcomes = list(play_in(world, story(name), InProcess(create_app(Worlds(world)).wsgi_app)))

        assert len(outcomes) == len(story(name).steps)
        assert not [f"{it.number}. {it.step.title}: {said}" for it in outcomes for said in it.differences]
        assert not [it.number for it in outcomes if it.skipped]

    def test_says_what_it_is_about_and_what_each_step_is_for(self, name):
        it = story(name)

        assert it.title not in ("", name)
        assert it.about
        assert not [number for number, step in enumerate(it.steps, 1) if not step.say]
        assert len({step.say for step in it.steps}) == len(it.steps)

    def test_shows_the_result_and_names_the_rule_of_every_refusal(self, name):
        steps = story(name).steps

        assert any(it.reads and (it.answer or it.includes or it.excludes or it.count is not None) for it in steps)
        assert not [number for number, it in enumerate(steps, 1) if it.status == 422 and not it.refused_by]
