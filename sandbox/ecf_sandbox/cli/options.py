"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import click

from ecf_sandbox.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.editions import Edition
    from ecf_sandbox.state.service import Service

C = TypeVar("C")
DEFAULT_SERVICE = "ecf"  # as `services` has it, which takes too long to import
MEMORY, MEMORY_BYTES = "256MB", 256 * 2**20  # as `state.memory` has it, likewise
_SPELT = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


class ApiVersion(click.ParamType):  # type: ignore[type-arg]  # which older releases of click don't have
    """A version of the API, as people write it: `3` or `v3`. Whether there is such a one, the service knows."""

    name = "version"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number alone."""
        found = str(value).strip().lower().removeprefix("v")
        if not (found.isascii() and found.isdigit()):
            self.fail(f"there is no version '{value}': write one such as v3, or 3", param, ctx)
        return int(found)


class StrictGroup(click.Group):
    """A group that answers an unknown command with the nearest, and refuses to run with a misspelt variable."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is meant, or the nearest that there is."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"there is no command {did_you_mean(args[0], self.list_commands(ctx))}")
        # Help helps in any case, and doctor says by itself what is wrong.
        if ctx.parent is None and args[:1] != ["doctor"] and not {"-h", "--help"} & set(args):
            self._check_variables(ctx)
        return super().resolve_command(ctx, args)

    def _check_variables(self, ctx: click.Context) -> None:
        set_here = sorted(name for name, value in os.environ.items() if value and name.startswith(PREFIX))
        if not set_here:
            return
        from ecf_sandbox.cli.doctor import readers

        known = dict(readers(self))
        for name in set_here:
            if name not in known and name not in GIVEN:
                ctx.fail(f"{name} is read by no command ({nearest_variable(name, known)}): rename it or unset it")


PREFIX = "ECF_SANDBOX_"
# What `exercise` tells the command that it runs, which may run another command of ours.
GIVEN = ("ECF_SANDBOX_TOKEN", "ECF_SANDBOX_STATE", "ECF_SANDBOX_KNOWS", "ECF_SANDBOX_TASK")


def nearest_variable(name: str, known: Iterable[str]) -> str:
    """The nearest environment variable that there is; all begin alike, so that only the rest is compared."""
    near = nearest(name.removeprefix(PREFIX), [it.removeprefix(PREFIX) for it in known])
    return f"did you mean '{PREFIX}{near}'?" if near else f"choose from {', '.join(sorted(known)[:12])}, …"


def edition_named(name: str, service: Service) -> Edition:
    """The edition of a service that was given as `--edition`; raises BadParameter, which names the nearest."""
    if name not in service.editions:
        raise click.BadParameter(f"unknown edition {did_you_mean(name, service.editions)}", param_hint="'--edition'")
    return service.editions[name]


def switches_named(values: Iterable[str], service: Service) -> dict[str, bool]:
    """The switches that were given as `--set`, of those that a service has; raises BadParameter."""
    known = service.switches
    switches: dict[str, bool] = {}
    for value in values:
        name, _, setting = value.partition("=")
        name, setting = name.strip().replace("-", "_"), setting.strip().lower()
        if name not in known:
            raise click.BadParameter(f"there is no switch {did_you_mean(name, known)}", param_hint="'--set'")
        if setting not in _SPELT:
            says = f"'{value}' is neither on nor off: write {name}=on or {name}=off"
            raise click.BadParameter(says, param_hint="'--set'")
        if switches.get(name, _SPELT[setting]) is not _SPELT[setting]:
            raise click.BadParameter(f"{name} is set both on and off", param_hint="'--set'")
        switches[name] = _SPELT[setting]
    return switches


def parse_service(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """The name of a service that there is, if one is given; raises BadParameter, which names the nearest."""
    if value in (None, DEFAULT_SERVICE):
        return value
    from ecf_sandbox.services import service_names

    if value not in service_names():
        raise click.BadParameter(f"no service {did_you_mean(value, service_names())}")
    return value


def service_option(command: C) -> C:
    """Add `--service`, whose API it is about."""
    add = click.option(
        "--service", default=DEFAULT_SERVICE, show_default=True, callback=parse_service, help="Whose API it is about."
    )
    return add(command)  # type: ignore[type-var]


def service_of_scenario_option(command: C) -> C:
    """Add `--service`, of which the scenario must be; None if it is left to the scenario."""
    add = click.option(
        "--service",
        callback=parse_service,
        show_envvar=True,
        help="The API that is served, from its default scenario unless another is named.  [default: the scenario's, or"
        f" {DEFAULT_SERVICE}]",
    )
    return add(command)  # type: ignore[type-var]


def moment_named(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    """The moment given as an option, if one was; raises BadParameter."""
    if value is None:
        return None
    from ecf_sandbox.scenario.fields import moment_of

    try:
        return moment_of(value.strip())
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a date and time: write one such as 2026-10-12T09:00:00Z") from None


def memory_named(_context: click.Context, _option: click.Parameter, value: str) -> int:
    """The bytes of an amount of memory given as an option; raises BadParameter."""
    if value == MEMORY:
        return MEMORY_BYTES
    from ecf_sandbox.state.memory import bytes_of

    try:
        return bytes_of(value)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None


def scenario_named(path_or_name: str, seed: str = "sandbox", service: str | None = None) -> Scenario:
    """The scenario that is shipped under a name or stands in a file; raises UsageError with all that is wrong.

    A `service` that is given is the one that it must be of.
    """
    from ecf_sandbox.scenario import BadScenario, load_scenario

    try:
        return load_scenario(path_or_name, seed=seed, service=service)
    except BadScenario as wrong:
        raise click.UsageError(f"the scenario cannot be used:\n{wrong}") from None
