"""The command `ecf-sandbox`. What a command needs is imported when it runs, so that help and mistakes come at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecf_sandbox import __version__
from ecf_sandbox.cli.options import (
    MEMORY,
    edition_named,
    memory_named,
    moment_named,
    scenario_named,
    service_of_scenario_option,
    switches_named,
)
from ecf_sandbox.cli.terminal_text import Commands, say_if_possible

if TYPE_CHECKING:
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.state.editions import Edition
    from ecf_sandbox.state.worlds import Worlds

CANNOT_LISTEN = 3
MOST_BODY = 4 * 2**20  # as `transport` has it, likewise
MOST_WORLDS = 1000  # as `Worlds` has it, which takes too long to import
REQUESTS_IN_FIVE_MINUTES = "1000"  # what the service allows a token


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="ecf-sandbox")
def main() -> None:
    """A local fake of the DfE Lead Provider API that follows the business rules and explains every refusal."""


@main.command(context_settings={"auto_envvar_prefix": "ECF_SANDBOX", "show_default": True, "max_content_width": 100})
@click.option("--host", default="127.0.0.1", show_envvar=True, help="The address to listen on.")
@click.option(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    show_envvar=True,
    help="Also answer requests for this host name. Where only this machine reaches the address, others are refused. Can"
    " be given several times.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_envvar=True,
    help="The port. With 0 any free one is taken, and the first line of output is a JSON object with url, token,"
    " edition and scenario.",
)
@service_of_scenario_option
@click.option(
    "--scenario",
    default="default",
    show_envvar=True,
    help="The scenario to start with: the name of one that comes with the sandbox, or a YAML file.",
)
@click.option(
    "--edition",
    show_envvar=True,
    help="The edition: guidance follows the DfE's guidance, live the real service."
    "  [default: the scenario's, or guidance]",
)
@click.option(
    "--set",
    "switches",
    metavar="SWITCH=VALUE",
    multiple=True,
    envvar="ECF_SANDBOX_SET",  # not shown by click, which would then blame the variable for every mistake
    help="Turn one switch of the edition on or off. Can be given several times.  [env var: ECF_SANDBOX_SET]",
)
@click.option("--seed", default="sandbox", show_envvar=True, help="The seed from which all ids derive.")
@click.option(
    "--now",
    metavar="MOMENT",
    callback=moment_named,
    show_envvar=True,
    help="Freeze the world's clock at this moment, such as 2026-10-12T09:00:00Z."
    "  [default: the scenario's moment, or the real time]",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(1),
    is_flag=False,
    flag_value=REQUESTS_IN_FIVE_MINUTES,
    metavar="[REQUESTS]",
    show_envvar=True,
    help="Limit each token to this many requests in five minutes; 1000, as in the service, if no number is given."
    "  [default: no limit]",
)
@click.option(
    "--max-body",
    type=click.IntRange(1024),
    metavar="BYTES",
    default=MOST_BODY,
    show_envvar=True,
    help="The largest body of a request that is read; a larger one is answered 413. The import of a world may have"
    " 128 MB.",
)
@click.option(
    "--control-token",
    metavar="TOKEN",
    show_envvar=True,
    help="The token that requests to /_sandbox must send in X-Sandbox-Token. Created and printed if none is given"
    " and other machines can reach the address.  [default: none, and only this machine has access]",
)
@click.option(
    "--observer",
    type=click.Choice(["off", "note", "refuse"]),
    default="note",
    show_envvar=True,
    help="What to do with mistakes that the service lets pass: off: nothing; note: add them beside the answer;"
    " refuse: answer 400 if one is an error.",
)
@click.option(
    "--worlds",
    "most_worlds",
    type=click.IntRange(2),
    default=MOST_WORLDS,
    show_envvar=True,
    envvar="ECF_SANDBOX_WORLDS",
    help="The largest number of worlds, including main. Above it the least recently used world is dropped.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    default=MEMORY,
    callback=memory_named,
    show_envvar=True,
    help="How much may be kept beside the records of the worlds, in KB, MB or GB: journals, what a report needs of"
    " worlds that are no more, and lists that were made before. Above it the oldest of these is dropped first.",
)
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    show_envvar=True,
    help="When it ends, write the journals of all worlds to this file, as 'journal export-all' does.",
)
@click.option(
    "--report",
    "report_folder",
    type=click.Path(file_okay=False, path_type=Path),
    show_envvar=True,
    envvar="ECF_SANDBOX_REPORT",
    help="When it ends, write the report to this folder: report.json, .xml (JUnit), .md, .sarif and .html.",
)
@click.option("--quiet", is_flag=True, show_envvar=True, help="Don't print how to use it.")
@click.option(
    "--verbose",
    is_flag=True,
    show_envvar=True,
    help="Write a line for each request on standard error: time, world, method, path, status, milliseconds, number in"
    " the journal, the rules that refused, what the observer found. In colour on a terminal, unless NO_COLOR is set."
    " Of a query it only says that there is one.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    show_envvar=True,
    help="How such a line is written; json is one object to a line. Includes --verbose.  [default: text]",
)
def serve(
    host: str,
    allow_host: tuple[str, ...],
    port: int,
    service: str | None,
    scenario: str,
    edition: str | None,
    switches: tuple[str, ...],
    seed: str,
    now: datetime | None,
    rate_limit: int | None,
    max_body: int,
    control_token: str | None,
    observer: str,
    most_worlds: int,
    memory: int,
    journal: Path | None,
    report_folder: Path | None,
    quiet: bool,
    verbose: bool,
    log_format: str | None,
) -> None:
    """Serve the provider API until Ctrl-C or SIGTERM."""
    if journal is not None and not journal.absolute().parent.is_dir():
        raise click.UsageError(f"cannot write {journal}: there is no folder {journal.absolute().parent}")
    with _nothing_collected():
        from ecf_sandbox.serving import address, server

        # Before all that takes time: in a container this is process 1, which ignores what it does not handle.
        server.stop_on_signals()
        from ecf_sandbox.api.router import example_path
        from ecf_sandbox.app import create_app

        story = scenario_named(scenario, seed, service)
        edition_ = None if edition is None else edition_named(edition, story.service)
        set_ = switches_named(switches, story.service)
        worlds = _worlds(story, edition_, set_, seed, now, observer, most_worlds, memory)
        control_token = control_token or server.control_token_for(host)
        app = create_app(worlds, rate_limit=rate_limit, control_token=control_token)
    try:
        listening = server.listen(host, port)
    except server.CannotListen as reason:
        click.echo(f"ecf-sandbox: {reason}", err=True)
        raise SystemExit(CANNOT_LISTEN) from None
    url, shown = address.url_of(listening), worlds.main.edition.name
    if port == 0:
        click.echo(server.machine_line(url, story.tokens[0], shown, story.name, control_token))
    elif not quiet:
        path = example_path(story.service)
        pages = "pages" in story.service.parts
        say_if_possible(server.greeting(url, story.tokens, shown, story.name, path, control_token, pages=pages))
    if verbose or log_format:
        secrets = [*story.tokens, *([control_token] if control_token else [])]
        app = _logged(app, log_format or "text", secrets)
    server.serve(app, listening, hosts=allow_host, most_body=max_body)
    if journal is not None or report_folder is not None:
        from ecf_sandbox.cli.at_end import write_at_end

        write_at_end(worlds, journal, report_folder)


def _logged(app: Any, form: str, secrets: list[str]) -> Any:
    from ecf_sandbox.api.request_log import RequestLog
    from ecf_sandbox.cli.request_lines import RequestLines

    return RequestLog(app, RequestLines(form), secrets)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    # While everything is being loaded there is nothing to collect; looking for it takes a tenth of the start.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _worlds(
    story: Scenario,
    edition: Edition | None,
    switches: dict[str, bool],
    seed: str,
    now: datetime | None,
    observer: str,
    most: int,
    memory: int,
) -> Worlds:
    from ecf_sandbox.scenario.world import too_early, world_of
    from ecf_sandbox.state.findings import Observing
    from ecf_sandbox.state.memory import Memory
    from ecf_sandbox.state.worlds import Worlds

    if now is not None and (wrong := too_early(f"the scenario {story.name}", now, story.as_of, story.service)):
        click.echo(f"ecf-sandbox: --now: {wrong}", err=True)
    main = world_of(story, edition=edition, switches=switches, seed=seed, now=now, observing=Observing(observer))
    worlds = Worlds(main, limit=most, memory=Memory(memory))
    worlds.served = story
    return worlds


# What each module of this package adds, imported when somebody asks for it.
LATER = {
    "catalogues": ("rules", "editions", "findings"),
    "scenarios": ("scenarios",),
    "control": ("world", "snapshot", "clock", "event", "journal", "fault"),
    "proxy": ("proxy",),
    "drift": ("drift",),
    "report": ("report",),
    "move": ("move",),
    "explain": ("explain",),
    "exercise": ("exercise",),
    "doctor": ("doctor",),
    "wait": ("wait",),
}
main.later |= {name: f"ecf_sandbox.cli.{module}" for module, names in LATER.items() for name in names}
