"""`ecf-sandbox scenarios`: lists, shows and plays the scenarios that come with the sandbox, or one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecf_sandbox.cli.control import Server, server_options, write
from ecf_sandbox.cli.options import StrictGroup, edition_named, scenario_named

if TYPE_CHECKING:
    from ecf_sandbox.cli.telling import Telling
    from ecf_sandbox.scenario import Scenario
    from ecf_sandbox.scenario.player import Outcome
    from ecf_sandbox.state.editions import Edition

DIFFERENT, CANNOT_REACH = 1, 3


@click.group(cls=StrictGroup)
def scenarios() -> None:
    """List, show and play scenarios: records to start with, and steps to play."""


@scenarios.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, not a table.")
def list_(as_json: bool) -> None:
    """Print the scenarios that come with the sandbox: name, title and number of steps."""
    from ecf_sandbox.cli.tables import Column, Table, print_table
    from ecf_sandbox.scenario.loading import headings

    found = list(headings())
    if as_json:
        told = [{"name": it.name, "title": it.title, "steps": it.steps} for it in found]
        click.echo(json.dumps({"scenarios": told}, indent=2, ensure_ascii=False))
        return
    rows = [[it.name, f"{it.title} ({it.steps} steps)" if it.steps else it.title] for it in found]
    columns = [Column("NAME", least=24), Column("TITLE", least=24)]
    print_table(Table(columns, rows, "No scenarios."), heads=False)


@scenarios.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print its steps as data: requests, bodies, what is expected.")
def show(name: str, as_json: bool) -> None:
    """Print what a scenario is about, its people, and its steps in words.

    NAME is a scenario that comes with the sandbox, or a YAML file.
    """
    if as_json:
        import json

        from ecf_sandbox.control.scenarios import scenario_json

        click.echo(json.dumps(scenario_json(scenario_named(name)), indent=2, ensure_ascii=False, default=str))
        return
    from ecf_sandbox.scenario.narrative import as_text

    click.echo(as_text(scenario_named(name)))


@scenarios.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Play every scenario with steps that comes with the sandbox.")
@click.option(
    "--edition",
    help="The edition to play in: guidance or live.  [default: the scenario's, or guidance]",
)
@click.option(
    "--to",
    "url",
    metavar="URL",
    help="Play against this server, which must have started with the scenario. Events are skipped.",
)
@click.option("--token", help="The token for every request to that server.  [default: the scenario's]")
@click.option("--step", "stepwise", is_flag=True, help="Wait before each step: Enter goes on, b goes back, q ends it.")
@click.option("--until", type=click.IntRange(min=1), metavar="N", help="Play the first N steps only.")
@click.option("--keep", metavar="WORLD", help="Keep what was played as a new world of the sandbox at ECF_SANDBOX_URL.")
@click.option("-v", "--verbose", is_flag=True, help="Show bodies, what changed, and the words of each refusal.")
def play(
    names: tuple[str, ...],
    everything: bool,
    edition: str | None,
    url: str | None,
    token: str | None,
    stepwise: bool,
    until: int | None,
    keep: str | None,
    verbose: bool,
) -> None:
    """Play the steps of scenarios, each in a new world, and compare every answer with what is expected.

    NAME is a scenario that comes with the sandbox, or a YAML file. Exit status: 0 if every answer is as expected, 1
    if one differs, 2 for a wrong command, 3 if the server cannot be reached.
    """
    from ecf_sandbox.cli.telling import Telling

    _check(names, everything, edition, url, token)
    if keep and (url or len(names) != 1):
        raise click.UsageError("--keep needs one scenario, played here: leave --to and --all out")
    told = Telling(stepwise=stepwise, until=until, verbose=verbose)
    outcomes: list[Outcome] = []
    stories = [_story(it) for it in names] if names else list(_every_story())
    for story in stories:
        shown = None if edition is None else edition_named(edition, story.service)
        outcomes += _played(story, shown, url, token, told)
    if keep:
        first = stories[0]
        told.keep(keep, first, None if edition is None else edition_named(edition, first.service))
    failed = sum(not it.passed for it in outcomes)
    skipped = sum(bool(it.skipped) for it in outcomes)
    counted = f"{_plural(len(stories), 'story', 'stories')}, {_plural(len(outcomes), 'step')}"
    passed = len(outcomes) - failed - skipped
    click.echo(f"{counted}: {passed} as expected, {failed} different" + (f", {skipped} skipped" if skipped else ""))
    if failed:
        raise SystemExit(DIFFERENT)


@scenarios.command()
def docs() -> None:
    """Print every scenario that comes with the sandbox as one page of Markdown."""
    from ecf_sandbox.scenario.loading import shipped
    from ecf_sandbox.scenario.narrative import as_markdown

    click.echo(as_markdown([scenario_named(it) for it in shipped()]), nl=False)


@scenarios.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, with which editors complete and check one."""
    from ecf_sandbox.scenario.file_schema import as_json

    click.echo(as_json(), nl=False)


@scenarios.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--world",
    default="main",
    envvar="ECF_SANDBOX_WORLD",
    show_envvar=True,
    show_default=True,
    help="The world to save.",
)
@click.option("--title", default="A saved world", show_default=True, help="The title of the scenario.")
@click.option("--about", default="The saved state of a world.", help="What it is about.")
@server_options
def save(file: Path, world: str, title: str, about: str, url: str, control_token: str | None) -> None:
    """Save the present state of a world of a running sandbox as a scenario FILE."""
    from urllib.parse import quote

    server = Server(url, control_token)
    told = {"title": title, "about": about}
    reply = server.ask("GET", f"/worlds/{quote(world, safe='')}/scenario", told, None, ("application/yaml",))
    with server.understood():
        saved = reply.body.decode()
    write(file, saved, private=True)  # it has the tokens of its providers


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    group.add_command(scenarios)


def _check(names: tuple[str, ...], everything: bool, edition: str | None, url: str | None, token: str | None) -> None:
    if bool(names) == everything:
        raise click.UsageError("name the scenarios to play, or give --all")
    if token and not url:
        raise click.UsageError("--token needs --to")
    if edition and url:
        raise click.UsageError("--edition and --to can't be combined: the server has its edition already")


def _story(path_or_name: str) -> Scenario:
    found = scenario_named(path_or_name)
    if not found.steps:
        raise click.UsageError(f"scenario {found.name} has no steps to play. Serve it, or play another")
    return found


def _every_story() -> Iterator[Scenario]:
    from ecf_sandbox.scenario.loading import headings

    return (scenario_named(it.name) for it in headings() if it.steps)


def _played(
    story: Scenario, edition: Edition | None, url: str | None, token: str | None, told: Telling
) -> Iterator[Outcome]:
    from http.client import HTTPException

    click.echo(f"{story.name}: {story.title}")
    try:
        yield from told.of(_remotely(story, url, token)) if url else told.here(story, edition)
    except (OSError, HTTPException) as reason:
        if url is None:
            raise
        click.echo(f"ecf-sandbox: {url} cannot be reached: {reason or type(reason).__name__}", err=True)
        raise SystemExit(CANNOT_REACH) from None
    click.echo()


def _remotely(story: Scenario, url: str, token: str | None) -> Iterator[Outcome]:
    from ecf_sandbox.scenario.player import play_at
    from ecf_sandbox.transport import OverHttp

    try:
        send = OverHttp(url)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    return play_at(story, send, token)


def _plural(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
