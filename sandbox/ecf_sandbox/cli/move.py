"""`ecf-sandbox move`: what breaks when a client of the old API meets the one that replaced it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from ecf_sandbox.cli.control import Server, server_options, write
from ecf_sandbox.cli.options import DEFAULT_SERVICE, scenario_named
from ecf_sandbox.cli.report import CANNOT_READ, FOUND, TOO_LITTLE, read_journals
from ecf_sandbox.cli.terminal import is_terminal, plain_text

if TYPE_CHECKING:
    from ecf_sandbox.moving.result import Moving
    from ecf_sandbox.state.world import World
    from ecf_sandbox.tools.report.journal_file import ReadJournal
    from ecf_sandbox.transport import InProcess

_FILE = click.Path(dir_okay=False, path_type=Path)
_LONG = 200  # exchanges, from which on somebody wants to know how far it is


@click.command(context_settings={"max_content_width": 100})
@click.argument("files", metavar="[JOURNAL]...", nargs=-1, type=_FILE)
@server_options
@click.option(
    "--world", "worlds", multiple=True, help="A world of the server. Can be given several times.  [default: all]"
)
@click.option(
    "--scenario",
    help="What the worlds of JOURNAL files began with: the name of a scenario, or a YAML file. With it more can be"
    " played.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--out", type=_FILE, help="Write to this file instead of the terminal.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --json and exit.")
def move(
    files: tuple[Path, ...],
    url: str,
    control_token: str | None,
    worlds: tuple[str, ...],
    scenario: str | None,
    as_json: bool,
    out: Path | None,
    schema: bool,
) -> None:
    """Find what breaks in a client that moves from the Lead Provider API to Register early career teachers.

    Run the client, or its tests, against a sandbox of the old API. Each request that it sent is played against the
    new API: as it was, then with what can be changed without thinking (paths, headers, names and values). What is
    answered otherwise is named with its place, the remedy and the source; docs/moving-to-rect.md has all differences.

    JOURNAL is a file that 'ecf-sandbox journal export' or 'export-all' wrote, or the pytest plugin; without any, the
    journals of a running sandbox are taken.

    Exit status: 0 if nothing breaks; 1 if something does; 2 for a wrong command; 3 if the sandbox cannot be reached
    or a file cannot be read; 4 if there is no request to the old API, so that nothing is known.
    """
    if schema:
        click.echo(_schema(), nl=False)
        return
    if files and worlds:
        raise click.UsageError("give either journal files or worlds of a server")
    if scenario is not None and not files:
        raise click.UsageError("--scenario is for journal files: a server knows how its worlds began")
    asked = Server(url, control_token, CANNOT_READ)
    journals = read_journals(files, asked, worlds, explain=False)
    began = of_scenario(scenario) if scenario is not None else {} if files else of_server(asked, journals)
    if worlds_of_another := [name for name, it in began.items() if it is None and name in worlds]:
        raise click.UsageError(f"{worlds_of_another[0]} is no world of the old API: there is nothing to move from")
    found = moving_of(journals, began, _progress())
    if not found.requests:
        _say(_nothing(journals, files))
    text = _as_json(found) if as_json else _as_text(found)
    if out is None:
        click.echo(plain_text(text) if not as_json or is_terminal(sys.stdout) else text, nl=False)
    else:
        write(out, text)
    if found.breaking:
        raise SystemExit(FOUND)
    if not found.requests:
        raise SystemExit(TOO_LITTLE)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(move)


# The world of a name as it began; None for one of another service. The name "" stands for all others.
Began = dict[str, "World | None"]


def moving_of(journals: list[ReadJournal], began: Began, progress: Callable[[int, int], None]) -> Moving:
    """What the client of these journals meets that moves, the worlds of which had begun like that."""
    from ecf_sandbox.services import move_from
    from ecf_sandbox.tools.report.journal_file import by_service

    asked = by_service(journals, DEFAULT_SERVICE).get(DEFAULT_SERVICE, [])  # not what it asks of the new API already
    known = {name: it for name, it in began.items() if it is not None}
    otherwise = known.get("") or known.get("main")
    ours = [it for it in asked if began.get(it.name, otherwise) is not None or it.name not in began]
    found: Moving = move_from(DEFAULT_SERVICE)(ours, known, otherwise, _serve, progress)
    return found


def of_scenario(name: str) -> Began:
    """That all worlds began with a scenario; raises UsageError."""
    from ecf_sandbox.scenario.world import world_of

    story = scenario_named(name)
    if story.service.name != DEFAULT_SERVICE:
        raise click.UsageError(f"--scenario: {story.name} is of {story.service.title}, which is where you move to")
    return {"": world_of(story)}


def of_server(server: Server, journals: list[ReadJournal]) -> Began:
    """How the worlds of these journals began, as far as they are still there."""
    from ecf_sandbox.services import service_named
    from ecf_sandbox.state.exporting import BadExport, world_of_document

    with server.understood():
        there = json.loads(server.ask("GET", "/worlds", {}, None).body)["worlds"]
    began: Began = {}
    asked = {it.name for it in journals if it.exchanges} | {"main"}
    for name in there:
        if name not in asked:
            continue
        path = f"/worlds/{quote(name, safe='')}/export"
        reply = server.ask("GET", path, {"from_baseline": "true"}, None)
        with server.understood():
            document = json.loads(reply.body)
            service = document.get("service")
        if service != DEFAULT_SERVICE:
            began[name] = None
            continue
        try:
            began[name] = world_of_document(document, name, service_named(DEFAULT_SERVICE))
        except BadExport as wrong:
            _say(f"the sandbox at {server.url} and this command are of different versions:\n{wrong}")
            raise SystemExit(CANNOT_READ) from None
    return began


def _serve(world: World) -> InProcess:
    from ecf_sandbox.app import create_app
    from ecf_sandbox.state.worlds import Worlds
    from ecf_sandbox.transport import InProcess

    return InProcess(create_app(Worlds(world)))


def _progress() -> Callable[[int, int], None]:
    """Says how far it is, where somebody waits at a terminal."""
    shown = is_terminal(sys.stderr)

    def progress(done: int, of: int) -> None:
        if shown and of >= _LONG and (done % 50 == 0 or done == of):
            click.echo(f"\r{done:,} of {of:,} exchanges" + ("\n" if done == of else ""), err=True, nl=False)

    return progress


def _as_text(found: Moving) -> str:
    from ecf_sandbox.moving.text import as_text

    return as_text(found)


def _as_json(found: Moving) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _schema() -> str:
    from ecf_sandbox.moving.result import Moving
    from ecf_sandbox.tools.report.formats import as_schema

    return as_schema(Moving, "What a client meets that moves, by ecf-sandbox, version 1")


def _nothing(journals: list[ReadJournal], files: tuple[Path, ...]) -> str:
    """Why there is nothing to judge."""
    from ecf_sandbox.services import service_named
    from ecf_sandbox.tools.report.journal_file import by_service

    asked = by_service(journals, DEFAULT_SERVICE)
    moved = [name for name, those in asked.items() if any(it.exchanges for it in those)]
    told = "there is no request to the old API"
    if moved and DEFAULT_SERVICE not in moved:
        told = f"all requests are to the {service_named(moved[0]).title}, which is where you move to"
    run = "run your client against 'ecf-sandbox serve' first, then 'ecf-sandbox move'"
    return f"{told}: {run}{'' if files else ' (--url says which sandbox is meant)'}"


def _say(message: str) -> None:
    click.echo(f"ecf-sandbox: {message}", err=True)
