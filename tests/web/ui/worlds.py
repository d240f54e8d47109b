"""A browser in front of the default scenario at a moment, and what can be done to its world."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.web.ui.browsing import Browser

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
MAIN = "/ui/worlds/main"
PAYMENT = "statement:October 2026:payment"


def a_browser(**options: Any) -> Browser:
    """A browser on the default scenario; its clock stands still."""
    return Browser(now=NOW, **options)


def id_of(browser: Browser, name: str) -> str:
    """The id that a name stands for in the world main."""
    world = browser.worlds.main
    return world.service.names(world.state.records)[name]


def declare(browser: Browser, who: str, type: str, on: str, provider: str = "Ambition Institute") -> int:
    """A provider declares training; the status that it is answered."""
    world = browser.worlds.main
    attributes = {
        "participant_id": id_of(browser, f"people.{who}"),
        "declaration_type": type,
        "declaration_date": f"{on}T09:00:00Z",
        "course_identifier": "ecf-induction",
    }
    answer = browser.client.post(
        "/api/v3/participant-declarations",
        headers={"Authorization": f"Bearer {world.service.tokens(world.state.records)[provider]}"},
        json={"data": {"type": "participant-declaration", "attributes": attributes}},
    )
    return answer.status_code
