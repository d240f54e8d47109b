"""A world of the sandbox for each test: nobody else sees what is done in it, and its clock stands still."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import httpx
import pytest

from lead_provider_api import LeadProviderApi

URL = os.environ.get("LEAD_PROVIDER_API_URL", "http://127.0.0.1:8000")
TOKEN = os.environ.get("LEAD_PROVIDER_API_TOKEN", "ambition-token")
BEGINNING = "2026-10-12T09:00:00Z"


class World:
    """One test's world, asked and changed behind the client's back."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.control = httpx.Client(base_url=f"{URL}/_sandbox")
        self.control.delete(f"/worlds/{name}")  # of an earlier run
        self._told("POST", "/worlds", json={"name": name, "now": BEGINNING})
        self.names = self._told("GET", f"/worlds/{name}/names")["names"]

    def api(self, **options: Any) -> LeadProviderApi:
        """A client whose waiting takes time of this world only."""

        async def wait(seconds: float) -> None:
            self.pass_time(seconds=seconds)

        return LeadProviderApi(URL, f"{TOKEN}~{self.name}", wait=wait, **options)

    def now(self) -> datetime:
        return datetime.fromisoformat(self._told("GET", f"/worlds/{self.name}/clock")["now"])

    def pass_time(self, **by: float) -> None:
        self._told("POST", f"/worlds/{self.name}/clock/advance", json=by)

    def happens(self, event: str, **told: str) -> None:
        self._told("POST", f"/worlds/{self.name}/events", json={"event": event, "with": told})

    def limit(self, requests: int, window: float) -> None:
        self._told("PUT", f"/worlds/{self.name}/rate-limit", json={"requests": requests, "window": window})

    def asked(self, **matching: str) -> list[str]:
        """What the client asked, oldest first: the target of each request."""
        found = self._told("GET", f"/worlds/{self.name}/journal", params=matching)["exchanges"]
        return [it["target"] for it in found if it["method"]]

    def _told(self, method: str, path: str, **what: Any) -> Any:
        answer = self.control.request(method, path, **what)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def world(request: pytest.FixtureRequest):
    world = World(request.node.name[:64])
    yield world
    world.control.close()
