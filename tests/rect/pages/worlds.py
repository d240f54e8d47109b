"""A browser in front of the default scenario of this service at a moment, and what can be done to its world."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, id_of

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
PEOPLE = f"{MAIN}/people"
PAYMENT = "statement:2026-8:payment"


def a_browser() -> Browser:
    """A browser on the default scenario; its clock stands still."""
    return Browser(Worlds(world_of(load_scenario("rect-default", seed="sandbox"), now=NOW)))


def person(browser: Browser, name: str, query: str = "") -> dict[str, Any]:
    """The page of somebody, as data."""
    return browser.data(f"{PEOPLE}/{id_of(browser, f'people.{name}')}?{query}")["detail"]


def texts(table: dict[str, Any]) -> list[list[str]]:
    """The words of a table."""
    return [[it["text"] for it in row] for row in table["rows"]]


def send(browser: Browser, method: str, path: str, provider: str = "Ambition Institute", **attributes: str) -> int:
    """A provider sends a request; the status that it is answered."""
    world = browser.worlds.main
    answer = browser.client.open(
        f"/api/v3{path}",
        method=method,
        headers={"Authorization": f"Bearer {world.service.tokens(world.state.records)[provider]}"},
        json={"data": {"attributes": attributes}} if attributes else None,
    )
    return answer.status_code


def act_on(browser: Browser, name: str, action: str, **attributes: str) -> int:
    """A provider defers, resumes or withdraws an ECT; the status that it is answered."""
    path = f"/participants/{id_of(browser, f'people.{name}')}/{action}"
    return send(browser, "PUT", path, course_identifier="ecf-induction", **attributes)


def declare(browser: Browser, name: str, type: str, on: str) -> int:
    """A provider declares training of an ECT; the status that it is answered."""
    return send(
        browser,
        "POST",
        "/participant-declarations",
        participant_id=id_of(browser, f"people.{name}"),
        declaration_type=type,
        declaration_date=f"{on}T09:00:00Z",
        course_identifier="ecf-induction",
        evidence_held="training-event-attended",
    )
