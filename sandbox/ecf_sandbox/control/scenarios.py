"""The scenarios that come with the sandbox, and the present state of a world as another."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.control.operation import Text, operation
from ecf_sandbox.control.perform import Json
from ecf_sandbox.control.problem import not_known
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import saved, shipped
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds


@operation("GET", "/scenarios", command=None)
def list_scenarios() -> Json:
    """List the scenarios that come with the sandbox."""
    return {"scenarios": shipped()}


@operation("GET", "/scenarios/{scenario}", command=None)
def show_scenario(worlds: Worlds, scenario: Annotated[str, "the name of the scenario"]) -> Json:
    """Show what a scenario is about, and its steps in brief."""
    if scenario not in shipped():
        raise not_known("scenario", scenario, shipped())
    story = load_scenario(scenario, seed=worlds.main.seed, service=worlds.main.service.name)
    return {
        "name": story.name,
        "title": story.title,
        "about": story.about,
        "clients": dict(story.clients),
        "steps": [{"say": it.say, "title": it.title, "by": it.by} for it in story.steps],
    }


@operation("GET", "/worlds/{world}/scenario", command=None, media_types=("application/yaml",))
def save_scenario(
    world: World,
    title: Annotated[str, "the title of the scenario"] = "A saved world",
    about: Annotated[str, "what it is about"] = "The saved state of a world.",
) -> Text:
    """Write the present state of a world as a scenario file. Steps can be added to it."""
    return Text("application/yaml", saved(world, title, about))
