"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ecf_sandbox.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.editions import Edition


class ApiVersion(click.ParamType):  # type: ignore[type-arg]  # which older releases of click don't have
    """A version of the API, as people write it: `3` or `v3`."""

    name = "version"

    def __init__(self, *versions: str) -> None:
        self.versions = versions

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        """The versions that there are."""
        return f"[{'|'.join(self.versions)}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The number alone; fails with the nearest for a version that there is not."""
        found = value.strip().lower().removeprefix("v")
        if found not in self.versions:
            self.fail(f"there is no version {did_you_mean(value, self.versions)}", param, ctx)
        return found


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
            if name not in known:
                ctx.fail(f"{name} is read by no command: {unknown_variable(name, known)}, or unset it")


PREFIX = "ECF_SANDBOX_"


def unknown_variable(name: str, known: Iterable[str]) -> str:
    """The nearest environment variable that there is; all begin alike, so that only the rest is compared."""
    near = nearest(name.removeprefix(PREFIX), [it.removeprefix(PREFIX) for it in known])
    return did_you_mean(name, [f"{PREFIX}{near}"]) if near else f"choose from {', '.join(sorted(known)[:12])}, …"


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
