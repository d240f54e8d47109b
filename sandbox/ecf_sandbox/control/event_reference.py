"""Every event of a service as a page of Markdown: what it is told, an example in a scenario, what refuses it."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.printing import bullets, code, table
from ecf_sandbox.scenario.loading import DEFAULT, Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.described import Parameter
from ecf_sandbox.state.event import Event, Example, Told, key_of
from ecf_sandbox.state.service import Service

DOES_NOT_FIT = 409


def as_markdown(scenario: Scenario | None = None) -> str:
    """The page: an index, and each event in the order of the registry, with examples that happen in the scenario.

    The default scenario unless another is given.
    """
    scenario = scenario or load_scenario(DEFAULT, seed="sandbox")
    service = scenario.service
    events, examples = service.events.values(), _examples(service)
    head = service.part("event_introduction").format(
        count=len(events),
        named="\n".join(f"- `{it}`" for it in _named(service).values()),
        now=f"{scenario.as_of:%Y-%m-%dT%H:%M:%SZ}",
    )
    rows = ((f"[{it.name}](#{it.name})", examples[it.name].by, it.summary) for it in events)
    index = table(("event", "who does it", "what happens"), rows)
    return "\n".join([head, index, "", *("\n".join(_section(it, scenario)) for it in events)])


def _examples(service: Service) -> Mapping[str, Example]:
    found: Mapping[str, Example] = service.part("event_examples")
    return found


def _named(service: Service) -> Mapping[str, str]:
    """How the rows of a table are named, by the table."""
    found: Mapping[str, str] = service.part("named_rows")
    return found


def commands(name: str, example: Example) -> Iterator[str]:
    """The commands that play an example, with what has to happen before it."""
    for it in example.first:
        yield _command(it.event, it.told, it.at)
    yield _command(name, example.told, example.at)


def refusal(name: str, told: Told, scenario: Scenario) -> str:
    """Why an event could not have happened in a scenario as it begins; raises ValueError if it could, or is none."""
    world = world_of(scenario, now=scenario.as_of)
    for it in _examples(scenario.service)[name].first:
        play_in(world, it.event, dict(it.told))
    try:
        play_in(world, name, dict(told))
    except Problem as problem:
        if problem.status == DOES_NOT_FIT:
            return problem.detail.removeprefix(f"{name} could not have happened: ")
        raise ValueError(f"{name} with {told} is no event: {problem.detail}") from None
    raise ValueError(f"{name} happens with {told}")


def _section(it: Event, scenario: Scenario) -> Iterator[str]:
    service = scenario.service
    example = _examples(service)[it.name]
    yield f"## {it.name}\n"
    yield f"{it.description}\n"
    yield bullets({"who does it": example.by, "source": example.source}) + "\n"
    if it.parameters:
        yield table(
            ("parameter", "type", "if left out", "meaning"), (_row(given, _named(service)) for given in it.parameters)
        )
    else:
        yield "It takes no parameters."
    yield "\n```sh\n" + "\n".join(commands(it.name, example)) + "\n```\n"
    if example.refused:
        yield "Refused, in the place of that:\n"
        yield (
            "\n".join(_refused(it.name, {**example.told, **changes}, changes, scenario) for changes in example.refused)
            + "\n"
        )


def _row(it: Parameter, named: Mapping[str, str]) -> tuple[str, ...]:
    kind, key = it.type_name, key_of(it)
    if key is not None and key.table in named:
        kind = f"an id, or `{named[key.table]}`{', or null' if it.nullable else ''}"
    meaning, _, otherwise = it.description.partition("; left out: ")
    if it.required:
        otherwise = "required"
    elif it.default is not None:
        otherwise = code(_value(it.default))
    return code(it.name), kind, otherwise or "none", meaning


def _refused(name: str, told: Told, changes: Told, scenario: Scenario) -> str:
    otherwise = ", ".join(f"`{given}={_value(it)}`" for given, it in changes.items())
    return f"- with {otherwise}: {refusal(name, told, scenario)}"


def _command(name: str, told: Told, at: str | None) -> str:
    pairs = [shlex.quote(f"{given}={_value(it)}") for given, it in told.items()]
    return " ".join(["ecf-sandbox event play", name, *(["--at", at] if at else []), *pairs])


def _value(it: Any) -> str:
    """A value as the command line takes it: a text as it is, unless it would be read as JSON."""
    if isinstance(it, str):
        try:
            json.loads(it)
        except ValueError:
            return str(it)
    return json.dumps(it)


if __name__ == "__main__":
    print(as_markdown(*(load_scenario(DEFAULT, seed="sandbox", service=it) for it in sys.argv[1:])), end="")
