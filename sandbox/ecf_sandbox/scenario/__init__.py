"""Scenarios: files that say in words what a world begins with."""

from __future__ import annotations

from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.scenario.yaml_reader import BadScenario, ScenarioProblem

__all__ = ["BadScenario", "Scenario", "ScenarioProblem", "load_scenario"]
