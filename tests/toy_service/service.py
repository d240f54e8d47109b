"""The library as a value."""

from __future__ import annotations

from pathlib import Path

from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import Service

_HERE = "tests.toy_service"
_FOLDER = Path(__file__).parent
DOCUMENTS = {"v1": _FOLDER / "v1.yaml"}
SCENARIOS = _FOLDER / "scenarios"
SERVICE = Service(
    name="library",
    title="Library",
    editions={"quiet": Edition(name="quiet")},
    switches={},
    parts={
        "routes": f"{_HERE}.endpoints:ROUTES",
        "records": f"{_HERE}.records:Records",
        "caller_of": f"{_HERE}.records:caller_of",
        "tokens": f"{_HERE}.records:tokens",
        "names": f"{_HERE}.records:names",
        "documents": f"{_HERE}.service:DOCUMENTS",
        "events": f"{_HERE}.lending:EVENTS",
        "rulebooks": f"{_HERE}.lending:RULEBOOKS",
        "advice": f"{_HERE}.advice:ADVICE",
        "words": f"{_HERE}.advice:WORDS",
        "scenarios": f"{_HERE}.service:SCENARIOS",
        "scenario_sections": f"{_HERE}.scenario:Sections",
        "scenario_builder": f"{_HERE}.scenario:Beginning",
    },
)
