"""Every event as a page of Markdown: what it is told, an example for the default scenario, what refuses it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.described import Parameter
from ecf_sandbox.ecf.events.event import Event, key_of
from ecf_sandbox.ecf.events.examples import EXAMPLES, Example, Told
from ecf_sandbox.ecf.events.registry import EVENTS
from ecf_sandbox.printing import bullets, code, table
from ecf_sandbox.scenario.loading import DEFAULT, Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of

# How `queries/names.py` calls the rows of a table.
NAMED: Mapping[str, str] = {
    "users": "${people.NAME}",
    "schools": "${schools.NAME}",
    "providers": "${providers.NAME}",
    "delivery_partners": "${delivery_partners.NAME}",
    "partnerships": "${partnerships.SCHOOL.COHORT.PROVIDER}",
    "statements": "${statements.PROVIDER.COHORT.MONTH YEAR}",
    "declarations": "${declarations.PERSON.TYPE}",
}
DOES_NOT_FIT = 409
_HEAD = """# Events

What schools, their induction tutors and the DfE do, and a provider can only watch: {count} events. The same ones are
played on the command line, over HTTP ([control-plane.md](control-plane.md)), in a test
(`ecf_world.event("{example}", …)`, [test-author.md](test-author.md)) and in the steps of a scenario
([scenario-file.md](scenario-file.md)).

An event happens at the present moment of the world, or at the moment given with `--at`. One that could not have
happened is refused with the reason and changes nothing, as are arguments that are wrong. `ecf-sandbox event play`
prints the row that the event is about and everything that changed.

Wherever an id is expected, `${{…}}` names what is meant:

{named}

A person's name alone is their participant id. Where several share a name, the newest is meant. `ecf-sandbox world names
--find Jane` finds names. In a shell the quotes around `${{…}}` are needed; digits that are a text, such as a TRN, have
quotes of their own.

Each example runs as printed beside `ecf-sandbox serve --now {now}`, in a world that is as the default
scenario begins; `ecf-sandbox world reset` goes back to that. Sources name sections of the behaviour specification that
the sandbox was built to.

This page is printed from the code (`make docs`).
"""


def as_markdown() -> str:
    """The page: an index, and each event in the order of the registry."""
    scenario = load_scenario(DEFAULT, seed="sandbox")
    head = _HEAD.format(
        count=len(EVENTS),
        example="change_name",
        named="\n".join(f"- `{it}`" for it in NAMED.values()),
        now=f"{scenario.as_of:%Y-%m-%dT%H:%M:%SZ}",
    )
    rows = ((f"[{it.name}](#{it.name})", EXAMPLES[it.name].by, it.summary) for it in EVENTS.values())
    index = table(("event", "who does it", "what happens"), rows)
    return "\n".join([head, index, "", *("\n".join(_section(it, scenario)) for it in EVENTS.values())])


def commands(name: str, example: Example) -> Iterator[str]:
    """The commands that play an example, with what has to happen before it."""
    for it in example.first:
        yield _command(it.event, it.told, it.at)
    yield _command(name, example.told, example.at)


def refusal(name: str, told: Told, scenario: Scenario) -> str:
    """Why an event could not have happened in a scenario as it begins; raises ValueError if it could, or is none."""
    world = world_of(scenario, now=scenario.as_of)
    for it in EXAMPLES[name].first:
        play_in(world, it.event, dict(it.told))
    try:
        play_in(world, name, dict(told))
    except Problem as problem:
        if problem.status == DOES_NOT_FIT:
            return problem.detail.removeprefix(f"{name} could not have happened: ")
        raise ValueError(f"{name} with {told} is no event: {problem.detail}") from None
    raise ValueError(f"{name} happens with {told}")


def _section(it: Event, scenario: Scenario) -> Iterator[str]:
    example = EXAMPLES[it.name]
    yield f"## {it.name}\n"
    yield f"{it.description}\n"
    yield bullets({"who does it": example.by, "source": example.source}) + "\n"
    if it.parameters:
        yield table(("parameter", "type", "if left out", "meaning"), map(_row, it.parameters))
    else:
        yield "It takes no parameters."
    yield "\n```sh\n" + "\n".join(commands(it.name, example)) + "\n```\n"
    if example.refused:
        yield "Refused, in the place of that:\n"
        yield "\n".join(_refused(it.name, changes, scenario) for changes in example.refused) + "\n"


def _row(it: Parameter) -> tuple[str, ...]:
    kind, key = it.type_name, key_of(it)
    if key is not None and key.table in NAMED:
        kind = f"an id, or `{NAMED[key.table]}`{', or null' if it.nullable else ''}"
    meaning, _, otherwise = it.description.partition("; left out: ")
    if it.required:
        otherwise = "required"
    elif it.default is not None:
        otherwise = code(_value(it.default))
    return code(it.name), kind, otherwise or "none", meaning


def _refused(name: str, changes: Told, scenario: Scenario) -> str:
    otherwise = ", ".join(f"`{given}={_value(it)}`" for given, it in changes.items())
    return f"- with {otherwise}: {refusal(name, {**EXAMPLES[name].told, **changes}, scenario)}"


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
    print(as_markdown(), end="")
