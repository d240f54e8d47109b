"""A service of other nouns has pages as soon as it hands over what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.moments import Due, NamedMoment
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.web.ui.model import Actor, Change, Wording
from ecf_sandbox.web.ui.sections import (
    Cell,
    Detail,
    Happening,
    Listing,
    Look,
    Section,
    Table,
    Tally,
    Timeline,
    Upcoming,
    page_of,
)
from tests.control import test_another_service as bells
from tests.control.test_another_service import AT, Records
from tests.web.ui.browsing import Browser

MAIN = "/ui/worlds/main"
NOON = NamedMoment(name="noon", at=AT.replace(hour=12))


def listing(look: Look) -> Listing:
    rows, page, pages = page_of(list(look.turn.records.bells), look.query, per_page=1)
    cells = tuple((Cell(text=it.id, section="bells", id=it.id), Cell(text=str(it.rung))) for it in rows)
    table = Table(title="Bells", columns=("Bell", "Rung"), rows=cells)
    return Listing(title="Bells", table=table, found=2, page=page, pages=pages)


def show(look: Look, id: str) -> Detail | None:
    if id not in look.turn.records.bells:
        return None
    rung = [Happening(at=it.moment, lane=0, text="rung", number=it.number) for it in look.happened]
    timeline = Timeline(lanes=("Tower",), rows=tuple(rung))
    return Detail(id=id, title=f"The {id} bell", timeline=timeline, parameter="bell")


def changes(exchange: Exchange, after: Records) -> tuple[Change, ...]:
    return tuple(Change(thing=it.key, before=str(it.before.rung), after=str(it.after.rung)) for it in exchange.changes)


def tally(exchanges: Sequence[Exchange]) -> tuple[Tally, ...]:
    count = sum(len(it.changes) for it in exchanges)
    return (Tally(count=count, thing="bell", state="louder"),) if count else ()


def falls_due(records: Records, since: datetime, until: datetime, *, paying: object = None) -> list[Due]:
    ring = Due(event="ring", at=NOON.at, play=lambda turn: bells.ring(turn, "great"))
    return [ring] if since < NOON.at <= until else []


PAGES = SimpleNamespace(
    groups=(),
    actor_of=lambda event, caller: Actor(word="Sexton", shape="◆"),
    deed=lambda exchange, after: exchange.operation,
    changes=changes,
    wording=Wording(others="The sextons", another="a sexton"),
    offered=lambda records, parameter: (),
    options=lambda records, table: [(it.id, f"the {it.id} bell") for it in getattr(records, table)],
    upcoming=lambda records, now, everything: (
        (Upcoming(name="noon", at=NOON.at, words=("it strikes twelve",)),) if now < NOON.at else ()
    ),
    tally=tally,
    sections=(Section(name="bells", title="Bells", listing=listing, show=show),),
)


def named_moments(records: Records, now: datetime) -> list[NamedMoment]:
    return [NOON] if now < NOON.at else []


@pytest.fixture
def browser() -> Browser:
    parts = {name: f"{__name__}:{name}" for name in ("falls_due", "named_moments")}
    service = replace(bells.BELLS, parts={**bells.BELLS.parts, **parts, "pages": f"{__name__}:PAGES"}, _loaded={})
    return Browser(Worlds(world_of(replace(bells.a_scenario(), service=service))))


def test_what_it_holds_is_listed_and_shown(browser):
    page = browser.open(MAIN)
    assert page.links["Bells"] == f"{MAIN}/bells"
    assert "Page 2 →" in browser.follow("Bells").links

    assert browser.follow("great").headings == ["The great bell"]
    browser.open(f"{MAIN}/people", status=404)


def test_its_names_stand_for_ids(browser):
    browser.open(f"{MAIN}/bells/grand", status=404)

    assert "great" in browser.answer.text


def test_its_events_are_forms(browser):
    page = browser.open(f"{MAIN}/act")
    assert page.headings == ["The sextons act"]
    form = browser.follow("Ring")
    assert list(form.fields) == ["ask", "bell"]

    assert browser.data(f"{MAIN}/act/ring?ask=1&bell=the small bell")["problem"] == "It is hoarse."
    assert browser.submit(f"{MAIN}/act/ring", bell="great").headings == ["event ring"]
    assert browser.worlds.main.state.records.bells["great"].rung == 1


def test_its_clock_does_what_was_said_and_is_taken_back(browser):
    assert [it["comes"] for it in browser.data(f"{MAIN}/clock")["moments"]] == [["1 bell would become louder"]]
    before = browser.worlds.main.state

    browser.submit(f"{MAIN}/clock", to="noon")
    assert browser.worlds.main.state.records.bells["great"].rung == 1
    assert browser.worlds.main.now() == AT + timedelta(hours=3)

    browser.submit(f"{MAIN}/back", number=str(browser.data(MAIN)["last_thing"]["number"]))
    assert browser.worlds.main.state is before
