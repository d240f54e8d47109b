"""What `ecf-sandbox serve` leaves behind when it ends: the journals of its worlds, and the report of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from ecf_sandbox.app import create_app
from ecf_sandbox.control.journal import all_lines
from ecf_sandbox.files import atomic_write
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.written import Explainer
from ecf_sandbox.transport import InProcess

CANNOT_WRITE = 3
# Whoever cancels a job waits no longer; what is not reached has its rules and facts, but not what would pass.
EXPLAINING_SECONDS = 0.5
# The page for people takes longest, so it comes last.
REPORTS = {"json": "json", "junit": "xml", "markdown": "md", "sarif": "sarif", "html": "html"}


def write_at_end(worlds: Worlds, journal: Path | None, folder: Path | None) -> None:
    """Write the journals first, then each format of the report; ends with 3 if a file cannot be written."""
    written = all_lines(worlds, Explainer(_serve, EXPLAINING_SECONDS))
    try:
        if journal is not None:
            atomic_write(journal, written)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for name, write in _reports(worlds, written, journal):
                atomic_write(folder / name, write())
    except OSError as error:
        click.echo(f"ecf-sandbox: cannot write {error.filename}: {error.strerror}", err=True)
        raise SystemExit(CANNOT_WRITE) from None


def _reports(worlds: Worlds, written: str, journal: Path | None) -> list[tuple[str, Callable[[], str]]]:
    # Who wants no report doesn't pay for what one takes.
    from ecf_sandbox.tools.report.build import report_of
    from ecf_sandbox.tools.report.formats import FORMATS
    from ecf_sandbox.tools.report.journal_file import of_each_world, read_files

    tokens = {it.name: it.tokens for it in worlds.every()}
    services = {it.name: it.service.name for it in worlds.every()}
    # Of a file the report can name lines, which a code host wants.
    in_a_file = journal is not None and journal.is_file()
    journals = read_files([journal]) if journal and in_a_file else of_each_world(written.encode(), tokens, services)
    service = worlds.main.service
    report = report_of(journals, service)
    return [(f"report.{ending}", partial(FORMATS[name], report, service)) for name, ending in REPORTS.items()]


def _serve(world: World) -> InProcess:
    return InProcess(create_app(Worlds(world)).wsgi_app)
