"""`ecf-sandbox report`: what a client's suite has asked and broken, from a running sandbox or from journal files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from ecf_sandbox.cli.control import Server, server_options, write
from ecf_sandbox.cli.options import service_option
from ecf_sandbox.cli.terminal import is_terminal, plain_text
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.cli.move import Began
    from ecf_sandbox.tools.report.journal_file import ReadJournal
    from ecf_sandbox.tools.report.report import Report

FOUND, CANNOT_READ, TOO_LITTLE = 1, 3, 4
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(context_settings={"max_content_width": 100})
@click.argument("files", metavar="[JOURNAL]...", nargs=-1, type=_FILE)
@server_options
@click.option(
    "--world", "worlds", multiple=True, help="A world of the server. Can be given several times.  [default: all]"
)
@click.option("--json", "json_file", type=_FILE, help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=_FILE, help="Write JUnit XML, in which errors are failed tests.")
@click.option("--html", "html_file", type=_FILE, help="Write a self-contained HTML page.")
@click.option("--sarif", "sarif_file", type=_FILE, help="Write SARIF 2.1.0, for code hosts.")
@click.option("--markdown", "markdown_file", type=_FILE, help="Write Markdown, for $GITHUB_STEP_SUMMARY and the like.")
@click.option("--evidence", "evidence_file", type=_FILE, help="Write the evidence pack, an HTML page for the DfE.")
@click.option("--baseline", type=_FILE, help="An earlier --json report: only findings that are not in it are reported.")
@click.option("--min-rules", type=click.IntRange(0), help="Exit with 4 if fewer rules were judged.")
@click.option("--min-operations", type=click.IntRange(0), help="Exit with 4 if fewer operations were used.")
@click.option("--explain", is_flag=True, help="Try on the server what would have passed for each refusal.")
@click.option(
    "--moving",
    is_flag=True,
    help="Also report what breaks when the client moves to Register early career teachers. It changes no exit status.",
)
@click.option("--require-complete", is_flag=True, help="Exit with 4 if exchanges are missing from the report.")
@service_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --json and exit.")
def report(
    files: tuple[Path, ...],
    url: str,
    control_token: str | None,
    worlds: tuple[str, ...],
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
    sarif_file: Path | None,
    markdown_file: Path | None,
    evidence_file: Path | None,
    baseline: Path | None,
    min_rules: int | None,
    min_operations: int | None,
    explain: bool,
    moving: bool,
    require_complete: bool,
    service: str,
    schema: bool,
) -> None:
    """Report what a client used, which rules it broke and what was found, in a running sandbox or in JOURNAL files.

    JOURNAL is a file that 'ecf-sandbox journal export' wrote (JSON, one exchange to a line); several are taken
    together.
    Without an output option a summary is printed. Several can be given. The file '-' is standard output.

    Exit status: 0; 1 if a finding is an error; 2 for a wrong command; 3 if the sandbox cannot be reached or a file
    cannot be read; 4 if coverage is below --min-rules or --min-operations, or with --require-complete something is
    missing.
    """
    from ecf_sandbox.services import service_named
    from ecf_sandbox.tools.report import formats, terminal
    from ecf_sandbox.tools.report.build import report_of
    from ecf_sandbox.tools.report.formats import FORMATS
    from ecf_sandbox.tools.report.journal_file import BadJournal

    if schema:
        click.echo(formats.as_schema(), nl=False)
        return
    if files and worlds:
        raise click.UsageError("give either journal files or worlds of a server")
    wanted = {
        "json": json_file,
        "junit": junit_file,
        "html": html_file,
        "sarif": sarif_file,
        "markdown": markdown_file,
        "evidence": evidence_file,
    }
    outputs = {name: file for name, file in wanted.items() if file is not None}
    _distinct(outputs.values())
    known = _baseline(baseline)
    asked = Server(url, control_token, CANNOT_READ)
    journals = read_journals(files, asked, worlds, explain=explain)
    of = service_named(service)
    try:
        it = known(report_of(journals, of))
    except BadJournal as wrong:
        raise _failed(str(wrong)) from None
    if moving:
        it = _with_moving(it, journals, {} if files else None, asked, service)
    for each in it.every:
        if each.missing:
            _say(terminal.missing(each))
    if not outputs:
        click.echo(plain_text(terminal.as_text(it)), nl=False)
    for name, file in outputs.items():
        _write(file, FORMATS[name](it, of))
    _end(it, min_rules, min_operations, require_complete=require_complete)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(report)


def _with_moving(it: Report, journals: list[ReadJournal], began: Began | None, server: Server, service: str) -> Report:
    """The report with what the client meets that moves; how the worlds began is asked of the server if it is None."""
    from ecf_sandbox.cli.move import moving_of, of_server
    from ecf_sandbox.services import MOVES
    from ecf_sandbox.state.record import replace

    if service not in MOVES:
        raise click.UsageError(f"--moving: nothing has replaced {service}; choose --service {', '.join(MOVES)}")
    found = moving_of(journals, of_server(server, journals) if began is None else began, lambda *_: None)
    # A report leaves the machine, and names of tests are masked elsewhere by what their exchanges tell.
    return replace(it, moving=replace(found, found=tuple(replace(each, tests=()) for each in found.found)))


def read_journals(
    files: tuple[Path, ...], server: Server, worlds: tuple[str, ...], *, explain: bool
) -> list[ReadJournal]:
    """The journals in these files, or of these worlds of a server; ends the command if they cannot be read."""
    return _from_files(files) if files else _from_server(server, worlds, explain=explain)


def _from_files(files: tuple[Path, ...]) -> list[ReadJournal]:
    from ecf_sandbox.tools.report.journal_file import BadJournal, read_files

    try:
        return read_files(files)
    except BadJournal as wrong:
        raise _failed(str(wrong)) from None
    except OSError as error:
        raise _failed(f"cannot read {error.filename}: {error.strerror}") from None


def _from_server(server: Server, names: tuple[str, ...], *, explain: bool) -> list[ReadJournal]:
    """The journals of the worlds, of each name all that were in turn; without names those of all there were."""
    from ecf_sandbox.tools.report.journal_file import BadJournal, of_each_world

    with server.understood():
        there = json.loads(server.ask("GET", "/worlds", {}, None).body)["worlds"]
        told = {name: _world(server, name) for name in there if name in (names or there)}
        tokens = {name: tuple(it["tokens"].values()) for name, it in told.items()}
        services = {name: it["service"] for name, it in told.items() if "service" in it}
    asked = {"explain": "true"} if explain else {}
    written = server.ask("GET", "/journal/export", asked, None, ("application/jsonl",)).body
    try:
        journals = of_each_world(written, tokens, services)
    except BadJournal as wrong:
        raise _failed(f"the sandbox at {server.url} and this command are of different versions:\n{wrong}") from None
    known = {it.name: it for it in journals}
    for name in names:
        if name not in known:
            raise click.UsageError(f"there is no world {did_you_mean(name, known)}")
    return [it for it in journals if not names or it.name in names or not it.name]


def _world(server: Server, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(server.ask("GET", f"/worlds/{quote(name, safe='')}", {}, None).body)
    return told


def _baseline(file: Path | None) -> Callable[[Report], Report]:
    """What leaves out the findings of an earlier report; read first, so that a mistake costs nothing."""
    from ecf_sandbox.files import read
    from ecf_sandbox.tools.report.build import BadBaseline, findings_of, new_against

    if file is None:
        return lambda it: it
    try:
        known = findings_of(read(file), str(file))
    except BadBaseline as wrong:
        raise _failed(str(wrong)) from None
    except OSError as error:
        raise _failed(f"cannot read {file}: {error.strerror}") from None
    return lambda it: new_against(it, known, str(file))


def _distinct(files: Iterable[Path]) -> None:
    """Refuse two outputs in one place, of which the second would spoil the first."""
    places = [file if str(file) == "-" else file.resolve() for file in files]
    for place in places:
        if places.count(place) > 1:
            raise click.UsageError(f"two outputs would be written to {place}")


def _write(file: Path, text: str) -> None:
    if str(file) == "-":
        click.echo(plain_text(text) if is_terminal(sys.stdout) else text, nl=False)
    else:
        write(file, text)


def _end(it: Report, min_rules: int | None, min_operations: int | None, *, require_complete: bool) -> None:
    """End with what the findings, the coverage and the gaps come to."""
    rules = sum(each.coverage.rules_judged.used for each in it.every)
    operations = sum(share.used for each in it.every for share in each.coverage.operations.values())
    missed = [
        f"{used} {name} covered, at least {least} required"
        for name, used, least in (("rules", rules, min_rules), ("operations", operations, min_operations))
        if least is not None and used < least
    ]
    for line in missed:
        _say(line)
    if any(each.worst("error") for each in it.every):
        raise SystemExit(FOUND)
    if missed or (require_complete and any(each.missing for each in it.every)):
        raise SystemExit(TOO_LITTLE)


def _say(message: str) -> None:
    click.echo(f"ecf-sandbox: {message}", err=True)


def _failed(message: str) -> SystemExit:
    _say(message)
    return SystemExit(CANNOT_READ)
