"""What a world for a test begins as: the scenario, the moment and the edition."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.editions import Edition
    from ecf_sandbox.state.findings import Observing
    from ecf_sandbox.state.service import Service


class BadSetting(ValueError):
    """A setting that cannot be had. Says what is wrong, and what there is instead."""


class Setting(NamedTuple):
    """What a test may choose of its world; equal settings share one preparation.

    `scenario` is the name of one that comes with the sandbox, or a path; `service` is the one that it must be of, and
    `default` that one's default scenario (None: the scenario's, else ecf); `now` stops the clock (None: what the
    scenario says, else the machine's time); `edition` is a name (None: the scenario's, else guidance);
    `observer` says what is done with findings: off, note or refuse.
    """

    scenario: str = "default"
    service: str | None = None
    now: date | str | None = None
    edition: str | None = None
    observer: str = "note"


def moment(given: date | str) -> datetime:
    """A moment, aware and in UTC, from what people write, a day being its midnight; raises BadSetting."""
    from ecf_sandbox.scenario.fields import moment_of

    try:
        return moment_of(given.isoformat() if isinstance(given, date) else given.strip())
    except (ValueError, TypeError, AttributeError):
        raise BadSetting(f"{given!r} is not a date and time: write one such as '2026-10-12T09:00:00Z'") from None


def edition_of(name: str, service: Service) -> Edition:
    """The edition of a service by its name; raises BadSetting."""
    if name not in service.editions:
        raise BadSetting(f"unknown edition {did_you_mean(name, service.editions)}")
    return service.editions[name]


def observing_of(name: str) -> Observing:
    """What the observer does, by its name; raises BadSetting."""
    from ecf_sandbox.state.findings import Observing

    if name not in set(Observing):
        raise BadSetting(f"there is no observer {did_you_mean(name, Observing)}")
    return Observing(name)


def service_of(name: str) -> str:
    """The name of a service that there is; raises BadSetting."""
    from ecf_sandbox.services import service_names

    if name not in service_names():
        raise BadSetting(f"no service {did_you_mean(name, service_names())}")
    return name


def scenario_of(named: str, root: Path, seed: str, service: str | None = None) -> Scenario:
    """The scenario of that name, or in that file below `root`, of that service if one is given.

    Raises BadSetting with all that is wrong with it.
    """
    from ecf_sandbox.scenario import BadScenario, load_scenario

    path = "/" in named or "\\" in named or named.endswith((".yaml", ".yml"))
    try:
        return load_scenario(root / named if path else named, seed=seed, service=service and service_of(service))
    except BadScenario as wrong:
        raise BadSetting(f"the scenario cannot be used:\n{wrong}") from None
