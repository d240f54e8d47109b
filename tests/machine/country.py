"""A small country to play in, and the real application over it, asked as each provider by real requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.scenario.loading import Scenario, read_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.world import World
from tests.machine.asked import Answer, AskedWorld
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


class Country(AskedWorld):
    """The country in an edition, whose answers are held against the documents."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(a_country(edition), Checked)

    def get(self, provider: str, version: int, path: str, at: datetime) -> Answer:
        """Read something in a version."""
        return self.read(provider, f"/api/v{version}/{path}", at)

    def write(
        self,
        provider: str,
        method: str,
        version: int,
        path: str,
        at: datetime,
        attributes: dict[str, Any] | None = None,
    ) -> Answer:
        """Send attributes to a path in a version."""
        return self.send(provider, method, f"/api/v{version}/{path}", at, attributes)

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
