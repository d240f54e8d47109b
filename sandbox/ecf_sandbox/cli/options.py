"""Options and arguments that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.editions import Edition


def parse_edition(_context: click.Context, _option: click.Parameter, value: str | None) -> Edition | None:
    """The edition of a name given as an option, if one was; raises BadParameter, which names the nearest."""
    if value is None:
        return None
    from ecf_sandbox.services import service_named

    if value not in service_named().editions:
        raise click.BadParameter(f"unknown edition {did_you_mean(value, service_named().editions)}")
    return service_named().editions[value]


def moment_named(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    """The moment given as an option, if one was; raises BadParameter."""
    if value is None:
        return None
    from ecf_sandbox.scenario.fields import moment_of

    try:
        return moment_of(value.strip())
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a date and time: write one such as 2026-10-12T09:00:00Z") from None


def scenario_named(path_or_name: str, seed: str = "sandbox", service: str = "ecf") -> Scenario:
    """The scenario that is shipped under a name or stands in a file; raises UsageError with all that is wrong."""
    from ecf_sandbox.scenario import BadScenario, load_scenario

    try:
        return load_scenario(path_or_name, seed=seed, service=service)
    except BadScenario as wrong:
        raise click.UsageError(f"the scenario cannot be used:\n{wrong}") from None
