"""A small country to play in, and the real application over it, asked as each provider by real requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.scenario.loading import Scenario, read_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.tools.contract.checked import Checked

PROVIDERS = ("alpha", "beta")
VERSIONS = (1, 2, 3)
SCENARIO: dict[str, Any] = {
    "as_of": "2025-10-06T09:00:00Z",
    "providers": {"alpha": {"name": "Alpha", "token": "alpha"}, "beta": {"name": "Beta", "token": "beta"}},
    "delivery_partners": {
        "hub": {"name": "The Hub", "works_with": {"alpha": [2022, 2024, 2025], "beta": [2024, 2025]}},
        "loft": {"name": "The Loft", "works_with": {"alpha": [2024, 2025], "beta": [2025]}},
    },
    "schools": {
        "oak": {"name": "Oak", "urn": 100001, "induction_tutor": "Tess Tutor"},
        "elm": {"name": "Elm", "urn": 100002},
        "ash": {"name": "Ash", "urn": 100003, "pupil_premium": [2025]},
        "yew": {"name": "Yew", "urn": 100004, "programmes": {2025: "full_induction_programme"}},
    },
    "partnerships": [
        {"school": "oak", "provider": "alpha", "delivery_partner": "hub", "cohort": [2022, 2024, 2025]},
        {"school": "elm", "provider": "beta", "delivery_partner": "hub", "cohort": [2024, 2025]},
        {"school": "ash", "provider": "alpha", "delivery_partner": "loft", "cohort": 2025},
    ],
    "people": [
        {"name": "Ann", "trn": 2500001, "ect": {"school": "oak", "cohort": 2025, "mentor": "Cat"}},
        {"name": "Bob", "trn": 2500002, "ect": {"school": "oak", "cohort": 2024, "eligibility": "manual_check"}},
        {"name": "Cat", "trn": 2500003, "mentor": {"school": "oak", "cohort": 2025}},
        {"name": "Dan", "trn": 2500004, "ect": {"school": "elm", "cohort": 2025}},
        {"name": "Eve", "trn": 2500001, "ect": {"school": "ash", "cohort": 2025}},  # Ann's number
        {"name": "Fay", "ect": {"school": "oak", "cohort": 2025, "eligibility": "none"}},  # not validated
        {
            "name": "Gus",
            "trn": 2500007,
            "ect": {"school": "elm", "cohort": 2024},
            "mentor": {"school": "elm", "cohort": 2025},
        },
        {
            "name": "Hal",  # unfinished when the payments for 2022 ended
            "trn": 2500008,
            "ect": {
                "school": "oak",
                "cohort": 2022,
                "declarations": [
                    {"type": "started", "date": "2022-10-03", "state": "paid"},
                    {"type": "retained-1", "date": "2023-02-06", "evidence": "other", "state": "paid"},
                ],
            },
        },
    ],
}


@cache
def scenario() -> Scenario:
    """What every run begins with."""
    return read_scenario(json.dumps(SCENARIO), name="country", file="country.yaml", seed="machine")


def a_country(edition: Edition) -> World:
    """The country in an edition; its clock stands still, and requests travel from there."""
    return world_of(scenario(), edition=edition, now=scenario().as_of)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the document if there was one."""

    status: int
    document: Any

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def data(self) -> Any:
        return self.document["data"]


class Country:
    """One world behind the application. What is refused must leave its state the very same object."""

    _worlds: Worlds | None = None
    _send: Checked

    def __init__(self, edition: Edition) -> None:
        self.world = a_country(edition)
        if Country._worlds is None:  # building an application takes longer than a run of the machine
            Country._worlds = Worlds(self.world)
            Country._send = Checked(InProcess(create_app(Country._worlds).wsgi_app))
        Country._worlds.add(self.world)

    def get(self, provider: str, version: int, path: str, at: datetime) -> Answer:
        """Read something, which changes nothing."""
        before = self.world.state
        answer = self._ask(provider, "GET", version, path, at)
        assert self.world.state is before, f"GET {path} changed the state"
        return answer

    def write(
        self,
        provider: str,
        method: str,
        version: int,
        path: str,
        at: datetime,
        attributes: dict[str, Any] | None = None,
    ) -> Answer:
        """Send attributes to a path; a refusal leaves no trace."""
        before = self.world.state
        answer = self._ask(provider, method, version, path, at, {"data": {"type": "x", "attributes": attributes or {}}})
        if not answer.ok:
            assert self.world.state is before, f"{method} {path} was refused and changed the state"
        return answer

    @contextmanager
    def turn(self, at: datetime) -> Iterator[Turn]:
        """Somebody else's turn; unless it comes about, it leaves no trace."""
        before = self.world.state
        try:
            with self.world.turn(at) as turn:
                yield turn
        except Exception:
            assert self.world.state is before
            raise

    def _ask(self, provider: str, method: str, version: int, path: str, at: datetime, body: object = None) -> Answer:
        headers = [
            ("Authorization", f"Bearer {provider}"),
            ("X-With-Server-Date", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            ("Content-Type", "application/json"),
        ]
        reply = Country._send(
            method, f"/api/v{version}/{path}", headers, b"" if body is None else json.dumps(body).encode()
        )
        assert reply.status < 500, f"{method} /api/v{version}/{path} {body}: {reply.status} {reply.body[:500]!r}"
        return Answer(reply.status, json.loads(reply.body) if reply.body else None)
