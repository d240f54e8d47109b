"""The page of events: whatever it says can be done is done, beside a sandbox with the default scenario."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from click.testing import CliRunner

from ecf_sandbox.cli.main import main
from ecf_sandbox.ecf.events.examples import EXAMPLES
from ecf_sandbox.ecf.events.registry import EVENTS
from ecf_sandbox.ecf.queries.names import NAMED
from ecf_sandbox.state.event import key_of
from tests.control.controlling import Sandbox
from tests.docs.pages import ROOT, blocks
from tests.served import standing

PAGE = ROOT / "docs" / "events.md"
BLOCKS = blocks(PAGE)


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        yield it


def section(event):
    """What the page says of an event."""
    return re.search(rf"^## {event}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]


def test_every_event_has_its_section_and_an_example():
    assert re.findall(r"^## (\w+)$", PAGE.read_text(), re.MULTILINE) == list(EVENTS) == list(EXAMPLES)
    assert len(BLOCKS) == len(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_every_parameter_is_in_the_section(event):
    parameters = re.findall(r"^\| `(\w+)` \|", section(event), re.MULTILINE)

    assert parameters == [it.name for it in EVENTS[event].parameters]


@pytest.mark.parametrize(("event", "block"), list(zip(EVENTS, BLOCKS, strict=True)), ids=list(EVENTS))
def test_the_example_happens_as_printed_and_changes_something(event, block, server):
    """Each in a world of its own, with the commands as the shell would read them."""
    run = CliRunner(env={"ECF_SANDBOX_URL": server.url, "ECF_SANDBOX_WORLD": event})
    run.invoke(main, ["world", "create", event], catch_exceptions=False)

    for line in block.commands.splitlines():
        program, *arguments = shlex.split(line)
        result = run.invoke(main, arguments)
        assert (program, result.exit_code) == ("ecf-sandbox", 0), result.output

    happened = json.loads(result.output)
    assert happened["event"] == event
    assert happened["changes"]


@pytest.mark.parametrize("event", [name for name, it in EXAMPLES.items() if it.refused])
def test_what_is_said_to_be_refused_is_refused_with_the_reason(event):
    said = re.findall(r"^- with .*?`: (.*)$", section(event), re.MULTILINE)
    sandbox = Sandbox()
    for it in EXAMPLES[event].first:
        sandbox.done("POST", "/worlds/main/events", {"event": it.event, "with": it.told})

    for changes, reason in zip(EXAMPLES[event].refused, said, strict=True):
        told = {**EXAMPLES[event].told, **changes}
        status, problem = sandbox.control("POST", "/worlds/main/events", {"event": event, "with": told})
        assert (status, problem["detail"]) == (409, f"{event} could not have happened: {reason}")


def test_things_are_named_on_the_page_as_they_are_named_by_the_sandbox():
    kinds = {it.partition(".")[0] for it in Sandbox().names}

    assert {re.match(r"\$\{(\w+)\.", it)[1] for it in NAMED.values()} == kinds


def test_every_table_whose_rows_an_event_names_has_a_name_on_the_page():
    keys = {key.table for event in EVENTS.values() for it in event.parameters if (key := key_of(it))}

    assert keys - {"cohorts"} <= set(NAMED)
