"""What makes records of the sections of a scenario file, which are those of the service that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from ecf_sandbox.scenario.yaml_reader import ScenarioProblem
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.service import Service


class ScenarioBuilder(Protocol):
    """The records of a scenario in the making.

    `as_of` is the moment that the scenario describes, `problems` what is wrong with it, and `stories` everybody's line
    of story by their name.
    """

    as_of: datetime
    problems: list[ScenarioProblem]
    stories: dict[str, str]

    def set_as_of(self, moment: datetime | None) -> None:
        """Say which moment the scenario describes, if that is known."""

    def beginning(self, root: Any, /) -> tuple[Records, Mapping[str, str]]:
        """Read every section: the records, and the callers' tokens by what the file calls the callers."""


def builder_of(service: Service, seed: str) -> ScenarioBuilder:
    """Whatever makes records of the sections of a scenario file of the service; ids derive from the seed."""
    made: ScenarioBuilder = service.part("scenario_builder")(seed)
    return made
