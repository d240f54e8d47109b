"""The example of the page of the scenario file."""

from __future__ import annotations

from ecf_sandbox.rect.scenario.guide import EXAMPLE
from ecf_sandbox.rect.scenario.sections import Sections
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.file_reference import as_markdown
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from tests.rect.explain.asking import serve


def test_it_plays_as_it_stands():
    story = load_scenario(EXAMPLE, seed="sandbox")
    world = world_of(story)

    outcomes = list(play_in(world, story, serve(world)))

    assert [(it.differences, it.skipped) for it in outcomes] == [((), "")] * 4


def test_it_has_every_section_and_is_on_the_page():
    text = EXAMPLE.read_text()

    assert all(f"\n{name}:" in text for name in Sections.shape.keys)
    assert text in as_markdown(SERVICE)
