"""A small sound scenario as a value, for tests to differ from."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from ecf_sandbox.scenario.loading import Scenario, read_scenario

SMALL: dict[str, Any] = {
    "about": "One provider, one school, an ECT and her mentor.",
    "as_of": "2026-10-12T09:00:00Z",
    "providers": {"alpha": {"name": "Alpha Learning"}, "beta": {"name": "Beta Learning"}},
    "delivery_partners": {"hub": {"name": "The Hub", "works_with": {"alpha": [2022, 2024, 2025], "beta": [2025]}}},
    "schools": {"oakfield": {"name": "Oakfield", "urn": 100001}, "ashgrove": {"name": "Ashgrove", "urn": 100002}},
    "partnerships": [
        {"school": "oakfield", "provider": "alpha", "delivery_partner": "hub", "cohort": [2022, 2024, 2025]},
        {"school": "ashgrove", "provider": "beta", "delivery_partner": "hub", "cohort": 2025},
    ],
    "people": [
        {"name": "Jane Smith", "trn": 2500001, "ect": {"school": "oakfield", "cohort": 2025, "mentor": "Dan Osei"}},
        {"name": "Dan Osei", "mentor": {"school": "oakfield", "cohort": 2025}},
    ],
}
JANE = ("people", 0, "ect")


def small(**changes: Any) -> dict[str, Any]:
    """The small scenario, with values put at paths such as `people__0__ect__cohort`."""
    scenario = deepcopy(SMALL)
    for path, value in changes.items():
        *parents, last = [int(it) if it.isdigit() else it for it in path.split("__")]
        place = scenario
        for step in parents:
            place = place[step]
        place[last] = value
    return scenario


def read(scenario: dict[str, Any], seed: str = "s") -> Scenario:
    """Read a scenario that is a value; JSON is YAML."""
    return read_scenario(json.dumps(scenario), name="small", file="small.yaml", seed=seed)
