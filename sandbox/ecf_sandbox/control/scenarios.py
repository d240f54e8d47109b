"""The scenarios that come with the sandbox, and the present state of a world as another."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.control.operation import Long, Text, operation
from ecf_sandbox.control.perform import Json
from ecf_sandbox.control.problem import not_known
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario import Scenario, load_scenario
from ecf_sandbox.scenario.loading import saved, shipped
from ecf_sandbox.scenario.steps import Step
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds


@operation("GET", "/scenarios", command=None, takes_long=Long.HELP)
def list_scenarios() -> Json:
    """List the scenarios that come with the sandbox."""
    return {"scenarios": shipped()}


@operation("GET", "/scenarios/{scenario}", command=None, takes_long=Long.HELP)
def show_scenario(worlds: Worlds, scenario: Annotated[str, "the name of the scenario"]) -> Json:
    """Show what a scenario is about, and its steps: what each sends or lets happen, and what is expected of it."""
    if scenario not in shipped():
        raise not_known("scenario", scenario, shipped())
    story = load_scenario(scenario, seed=worlds.main.seed, otherwise=worlds.main.service.name)
    return scenario_json(story)


def scenario_json(story: Scenario) -> Json:
    """A scenario with its steps as JSON. `${…}` stands for an id, as in the file."""
    return {
        "name": story.name,
        "title": story.title,
        "about": story.about,
        "edition": story.edition.name if story.edition else None,
        "clients": dict(story.clients),
        "people": dict(story.people),
        "steps": [_step(number, it) for number, it in enumerate(story.steps, 1)],
    }


def _step(number: int, it: Step) -> Json:
    """A step, without what it does not say."""
    expected = {
        "status": it.status,
        "refused_by": list(it.refused_by) or None,
        "answer": it.answer,
        "count": it.count,
        "includes": list(it.includes) or None,
        "excludes": list(it.excludes) or None,
        "empty": it.empty or None,
        "content_type": it.content_type,
    }
    told = {
        "at": it.at and instant(it.at),
        "request": {"method": it.method, "target": it.target, "headers": dict(it.headers), "body": it.body}
        if it.method
        else None,
        "event": {"name": it.event, "with": dict(it.arguments)} if it.event else None,
        "expect": _said(expected) if it.method else None,
        "keep": dict(it.keep) or None,
    }
    return {"number": number, "say": it.say, "title": it.title, "by": it.by} | _said(told)


def _said(members: Json) -> Json:
    return {name: value for name, value in members.items() if value is not None}


@operation("GET", "/worlds/{world}/scenario", command=None, media_types=("application/yaml",), takes_long=Long.HELP)
def save_scenario(
    world: World,
    title: Annotated[str, "the title of the scenario"] = "A saved world",
    about: Annotated[str, "what it is about"] = "The saved state of a world.",
) -> Text:
    """Write the present state of a world as a scenario file. Steps can be added to it."""
    return Text("application/yaml", saved(world, title, about))
