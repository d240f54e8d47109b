"""A world of the sandbox for each test: nobody else sees what is done in it, and its clock stands still."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import pytest
import requests

from lead_provider_api import LeadProviderApi

URL = os.environ.get("LEAD_PROVIDER_API_URL", "http://127.0.0.1:8000")
TOKEN = os.environ.get("LEAD_PROVIDER_API_TOKEN", "ambition-token")
BEGINNING = "2026-10-12T09:00:00Z"


class World:
    """One test's world, asked and changed behind the client's back."""

    def __init__(self, name: str) -> None:
        self.name = name
        requests.delete(f"{URL}/_sandbox/worlds/{name}", timeout=10)  # of an earlier run
        self._control("POST", "", {"name": name, "now": BEGINNING})
        self.names = self._control("GET", f"/{name}/names")["names"]

    def api(self, **options: Any) -> LeadProviderApi:
        """A client whose waiting takes time of this world only."""
        return LeadProviderApi(
            URL, f"{TOKEN}~{self.name}", wait=lambda seconds: self.pass_time(seconds=seconds), **options
        )

    def now(self) -> datetime:
        return datetime.fromisoformat(self._control("GET", f"/{self.name}/clock")["now"])

    def pass_time(self, **by: float) -> None:
        self._control("POST", f"/{self.name}/clock/advance", by)

    def happens(self, event: str, **told: str) -> None:
        self._control("POST", f"/{self.name}/events", {"event": event, "with": told})

    def limit(self, requests: int, window: float) -> None:
        self._control("PUT", f"/{self.name}/rate-limit", {"requests": requests, "window": window})

    def asked(self, **matching: str) -> list[str]:
        """What the client asked, oldest first: the target of each request."""
        return [
            it["target"] for it in self._control("GET", f"/{self.name}/journal", matching)["exchanges"] if it["method"]
        ]

    def _control(self, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
        where = {"params": told} if method == "GET" else {"json": told}
        answer = requests.request(method, f"{URL}/_sandbox/worlds{path}", timeout=10, **where)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    return World(request.node.name[:64])
