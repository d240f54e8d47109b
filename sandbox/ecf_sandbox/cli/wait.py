"""`ecf-sandbox wait`: waits until a sandbox answers, for scripts that start one or depend on one."""

from __future__ import annotations

import json
import math
import time

import click

from ecf_sandbox.cli.control import URL
from ecf_sandbox.cli.terminal import plain_line

CANNOT_REACH, INTERRUPTED = 3, 130
AGAIN, PATIENCE, TELL = 0.1, 2.0, 5.0
LONGEST = 200  # of what something else may have answered
HEALTH = "/_sandbox/health"


def _seconds(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not 0 <= value < math.inf:
        raise click.BadParameter(f"{value} is no number of seconds")
    return value


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.argument("address", metavar="[URL]", required=False)
@click.option("--url", envvar="ECF_SANDBOX_URL", show_envvar=True, help=f"The same as URL.  [default: {URL}]")
@click.option(
    "--timeout",
    type=float,
    callback=_seconds,
    default=30,
    envvar="ECF_SANDBOX_WAIT_TIMEOUT",
    show_envvar=True,
    help="How many seconds to wait at most. With 0 it asks once.",
)
@click.option("--quiet", is_flag=True, help="Say nothing, except why it gave up.")
def wait(address: str | None, url: str | None, timeout: float, quiet: bool) -> None:
    """Wait until a sandbox answers at URL.

    It asks for /_sandbox/health, which takes no token. Progress is told on standard error.

    Exit status: 0 as soon as it answers, 2 for a wrong command, 3 if it doesn't answer in time, 130 after Ctrl-C.
    """
    source = click.get_current_context().get_parameter_source("url")
    if address and url and source is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("give the address once")
    where = (address or url or URL).rstrip("/")
    try:
        _wait(where, timeout, quiet)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    if not quiet:
        click.echo(f"The sandbox at {where} answers.")


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(wait)


def _wait(url: str, timeout: float, quiet: bool) -> None:
    """Come back when the sandbox answers; ends the command if it doesn't in time."""
    started = time.monotonic()
    told = -TELL
    while why := _refusal(url, max(AGAIN, min(PATIENCE, started + timeout - time.monotonic()))):
        waited = time.monotonic() - started
        if waited + AGAIN > timeout:
            click.echo(
                f"ecf-sandbox: no sandbox answers at {url} within {timeout:g} s ({why});"
                " start one with: ecf-sandbox serve",
                err=True,
            )
            raise SystemExit(CANNOT_REACH)
        if waited - told >= TELL and not quiet:
            told = waited
            click.echo(f"Waiting for the sandbox at {url}: {waited:.0f} of {timeout:g} s ({why})", err=True)
        time.sleep(AGAIN)


def _refusal(url: str, patience: float) -> str:
    """Why nobody can say that a sandbox answers there; nothing if it does."""
    from ecf_sandbox.transport import OverHttp

    try:
        reply = OverHttp(url, timeout=patience)("GET", HEALTH)
    except ValueError as wrong:
        raise click.UsageError(plain_line(str(wrong))) from None
    except OSError as error:
        return plain_line(str(error) or type(error).__name__)[:LONGEST]
    if reply.status != 200:
        return f"{HEALTH} was answered {reply.status}"
    try:
        well = json.loads(reply.body)["status"] == "ok"
    except (ValueError, KeyError, TypeError):
        well = False
    return "" if well else f"{HEALTH} was answered, but not as a sandbox would"
