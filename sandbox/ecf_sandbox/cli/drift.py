"""`ecf-sandbox drift`: says how another server of the API answers otherwise than the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from ecf_sandbox.cli.options import ApiVersion, edition_named, moment_named, scenario_named, service_option
from ecf_sandbox.cli.terminal import plain_json, plain_text
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.remote.drift_run import DriftResult, Here, There
    from ecf_sandbox.state.service import Service

DIFFERENT, CANNOT_REACH, INTERRUPTED = 1, 3, 130


@click.command(
    context_settings={"auto_envvar_prefix": "ECF_SANDBOX_DRIFT", "show_default": True, "max_content_width": 100}
)
@click.option("--to", "to", metavar="URL", required=True, show_envvar=True, help="The server to compare with.")
@click.option(
    "--token",
    required=True,
    show_envvar=True,
    help="The token for that server. It is not stored, and sent to that server only. Other users of this machine can"
    " see the arguments of commands, so prefer the environment variable.",
)
@click.option(
    "--version",
    type=ApiVersion(),
    show_envvar=True,
    help="The version of the API.  [default: the newest]",
)
@click.option(
    "--scenario",
    default="default",
    show_envvar=True,
    help="The scenario that the sandbox starts with: the name of one that comes with it, or a YAML file.",
)
@click.option(
    "--edition",
    default="live",
    show_envvar=True,
    help="The edition of the sandbox: guidance follows the DfE's guidance, live the real service.",
)
@click.option(
    "--now",
    metavar="MOMENT",
    callback=moment_named,
    show_envvar=True,
    help="Freeze the sandbox's clock at this moment, such as 2026-10-12T09:00:00Z."
    "  [default: the scenario's moment, or the real time]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_envvar=True,
    help="How many seconds to wait for an answer of the server.",
)
@click.option(
    "--longest-wait",
    type=click.FloatRange(0),
    default=60,
    show_envvar=True,
    help="How many seconds to wait at most when the server limits requests (429); up to two waits for each request.",
)
@service_option
@click.option("--json", "as_json", is_flag=True, show_envvar=True, help="Print one JSON object instead of text.")
@click.option("--quiet", is_flag=True, show_envvar=True, help="Don't show progress on standard error.")
def drift(
    to: str,
    token: str,
    version: int | None,
    scenario: str,
    edition: str,
    now: datetime | None,
    timeout: float,
    longest_wait: float,
    service: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Send the same requests to another server of the API and to the sandbox, and report how the answers differ.

    Only GET requests are sent. Data differ, so it compares what a client relies on: status, content type,
    attributes and their types, formats of ids and moments, values, error messages, pages and orders.

    Which service it is follows from the scenario, and without one from --service.

    Exit status: 0 if nothing differs, 1 if something does, 2 for a wrong command, 3 if the server cannot be reached,
    refuses the token, or limits requests.
    """
    try:
        from ecf_sandbox.remote import drift_report
        from ecf_sandbox.remote.drift_run import Here

        if not (token.isascii() and token.isprintable() and token.strip() == token and token):
            raise click.UsageError("--token can't be a token: it may only have ASCII letters, digits and punctuation")
        there, story = _there(to, timeout, longest_wait, quiet), scenario_named(scenario, service=service)
        shown = edition_named(edition, story.service)
        version = _version(version, story.service)
        found = _found(there, Here(story, shown, now), token, version, quiet)
        at = now or story.now
        if as_json:
            about = {
                "scenario": story.name,
                "edition": edition,
                "now": at and at.isoformat().replace("+00:00", "Z"),
            }
            click.echo(plain_json(drift_report.as_json(found, there.url, version, about)))
        else:
            here = f"the sandbox ({story.name}, {edition}), v{version}"
            click.echo(plain_text(drift_report.as_text(found, there.url, here)))
        if found.differences:
            raise SystemExit(DIFFERENT)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(drift)


def _found(there: There, here: Here, token: str, version: int, quiet: bool) -> DriftResult:
    from ecf_sandbox.remote.drift_run import LeadsElsewhere, RefusesToken, TooMany, Unreachable
    from ecf_sandbox.remote.drift_run import drift as compare

    try:
        return compare(
            there, here, service=here.service, tokens=(token, here.token), version=version, say=_progress(quiet)
        )
    except Unreachable as why:
        _end(f"{why}; is --to right? (--timeout gives it more time)")
    except RefusesToken as why:
        _end(f"{there.url} refuses the token ({why}): give another one in ECF_SANDBOX_DRIFT_TOKEN or --token")
    except LeadsElsewhere as why:
        _end(f"{there.url} redirects ({why}), and the token isn't sent there: give the final address with --to")
    except TooMany as why:
        _end(f"{there.url} limits requests ({why}): try again later, or wait longer with --longest-wait")


def _there(to: str, timeout: float, longest_wait: float, quiet: bool) -> There:
    from ecf_sandbox.remote.drift_run import There

    try:
        return There(to, timeout=timeout, longest_wait=longest_wait, say=_progress(quiet))
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--to") from None


def _version(wanted: int | None, service: Service) -> int:
    known = sorted({it for route in service.routes for it in route.versions})
    if wanted is not None and wanted not in known:
        raise click.BadParameter(f"there is no version {did_you_mean(wanted, known)}", param_hint="'--version'")
    return wanted or service.newest


def _progress(quiet: bool) -> Callable[[str], None]:
    return (lambda _: None) if quiet else partial(click.echo, err=True)


def _end(why: str) -> NoReturn:
    click.echo(f"ecf-sandbox: {why}", err=True)
    raise SystemExit(CANNOT_REACH)
