"""A service with tables and events of its own: they happen, are recorded, exported, imported and described alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import pytest

from ecf_sandbox.control.event_reference import as_markdown
from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.control.worlds import shown_world
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state import records
from ecf_sandbox.state.described import parameters_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.event import Event, Example, KeyOf
from ecf_sandbox.state.exporting import BadExport, plain_world, world_of_document
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.table import Table
from ecf_sandbox.state.turn import Turn

AT = datetime(2026, 10, 12, 9, tzinfo=UTC)


class Tower(Record, frozen=True, kw_only=True):
    id: str


class Bell(Record, frozen=True, kw_only=True):
    id: str
    tower_id: str
    rung: int = 0


class Records(records.Records):
    TABLES: ClassVar[Mapping[type[Record], str]] = {Tower: "towers", Bell: "bells"}
    REFERS_TO: ClassVar[Mapping[str, str]] = {"tower_id": "towers"}
    COUNTED = ("bells",)

    def __init__(self) -> None:
        super().__init__()
        self.towers: Table[str, Tower] = Table("id")
        self.bells: Table[str, Bell] = Table("id", "tower_id")


def ring(turn: Turn[Records], bell: Annotated[str, KeyOf("bells", "bell"), "which bell"]) -> Bell:
    """A bell is rung."""
    it = turn.records.bells[bell]
    if it.rung == 2:
        raise DoesNotFit("it is hoarse")
    rung = replace(it, rung=it.rung + 1)
    turn.save(rung)
    return rung


EVENTS = {"ring": Event(run=ring, parameters=parameters_of(ring, provided={Turn[Records]}))}
EXAMPLES = {
    "ring": Example(
        by="the sexton", source="the tower", told={"bell": "${bells.great}"}, refused=({"bell": "${bells.small}"},)
    )
}
INTRODUCTION = "{count} event, of {named}, {now}\n"
NAMED = {"bells": "${bells.NAME}"}


def names(found: Records) -> dict[str, str]:
    return {f"bells.{it.id}": it.id for it in found.bells}


def tokens(found: Records) -> dict[str, str]:
    return {}


BELLS = Service(
    name="bells",
    title="Bells",
    editions={"today": Edition(name="today")},
    switches={},
    parts={
        "records": f"{__name__}:Records",
        "events": f"{__name__}:EVENTS",
        "event_examples": f"{__name__}:EXAMPLES",
        "event_introduction": f"{__name__}:INTRODUCTION",
        "named_rows": f"{__name__}:NAMED",
        "names": f"{__name__}:names",
        "tokens": f"{__name__}:tokens",
    },
)


def a_scenario() -> Scenario:
    beginning = Records().save(
        Tower(id="west"), Bell(id="great", tower_id="west"), Bell(id="small", tower_id="west", rung=2)
    )
    return Scenario(
        name="evening",
        title="",
        about="",
        as_of=AT,
        now=AT,
        tokens=(),
        clients={},
        beginning=beginning,
        service=BELLS,
        people={},
    )


@pytest.fixture
def world():
    return world_of(a_scenario())


def test_an_event_changes_and_records_rows_of_its_tables(world):
    happened = play_in(world, "ring", {"bell": "${bells.great}"})

    assert world.state.records.bells["great"].rung == 1
    assert [(it["table"], it["key"]) for it in happened["changes"]] == [("bells", "great")]
    assert type(world.state.records) is Records


def test_an_event_that_does_not_fit_changes_nothing(world):
    before = world.state

    with pytest.raises(Problem, match="hoarse"):
        play_in(world, "ring", {"bell": "small"})

    assert world.state is before


def test_a_world_says_how_much_it_holds(world):
    assert shown_world(world)["holds"] == {"bells": 2}


def test_an_exported_world_is_read_into_its_tables(world):
    play_in(world, "ring", {"bell": "great"})
    document = json.loads(json.dumps(plain_world(world)))

    again = world_of_document(document, "again", BELLS)

    assert again.state.records == world.state.records
    assert [it.id for it in again.state.records.bells.by("tower_id", "west")] == ["great", "small"]


def test_an_export_with_a_gap_or_a_table_of_another_service_is_refused(world):
    document = json.loads(json.dumps(plain_world(world)))
    document["records"]["rows"]["towers"] = []

    with pytest.raises(BadExport, match=r"records\.rows\.bells: tower_id 'west' is not in towers"):
        world_of_document(document, "again", BELLS)

    document["records"]["rows"]["users"] = []
    with pytest.raises(BadExport, match=r"records\.rows: unknown 'users'"):
        world_of_document(document, "again", BELLS)


def test_the_page_of_events_is_printed_of_its_scenario():
    page = as_markdown(a_scenario())

    assert page.startswith("1 event, of - `${bells.NAME}`, 2026-10-12T09:00:00Z\n")
    assert "| `bell` | an id, or `${bells.NAME}` | required | which bell |" in page
    assert "ecf-sandbox event play ring 'bell=${bells.great}'" in page
    assert "- with `bell=${bells.small}`: it is hoarse" in page
