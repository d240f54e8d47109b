"""`ecf-sandbox journal tail`: the newest exchanges of a running sandbox, and those that follow as they happen."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import click

from ecf_sandbox.cli.control import Server, server_options
from ecf_sandbox.cli.listings import EXCHANGES, exchange
from ecf_sandbox.cli.tables import line, widths
from ecf_sandbox.cli.terminal import ellipsis_for, plain_json, plain_line, width_of

REFUSED, INTERRUPTED = 1, 130
PAUSE = 0.3
# How many are asked for each time; more if more came.
GLANCE, ALL = 50, 1_000_000
# What comes next isn't known yet, so columns are as wide as most of what is in them.
USUAL = (5, 19, 6, 60, 40, 7, 20)

Json = Mapping[str, Any]


class Follower:
    """Which exchanges of a journal, as `journal list` answers them, have not been shown yet.

    A write takes its number before its answer, so a lower number may come after a higher one.
    """

    def __init__(self, count: int) -> None:
        self.missed = 0
        self._count = count
        self._seen: set[int] | None = None
        self._total = 0
        self._since = 0

    def new(self, document: Json) -> list[Json]:
        """Those that were not there before, the oldest first; of the first answer the newest `count`."""
        exchanges, total = document["exchanges"], document["kept"] + document["dropped"]
        if self._seen is None:
            found = exchanges[max(0, len(exchanges) - self._count) :] if self._count else []
            self._seen = {it["number"] for it in exchanges}
            self._since = min(self._seen, default=total + 1)
        else:
            if total < self._total:  # the server was started anew
                self._seen, self._since, self._total = set(), 0, 0
            found = [it for it in exchanges if it["number"] >= self._since and it["number"] not in self._seen]
            first = min((it["number"] for it in exchanges), default=total + 1)
            self.missed += max(0, first - 1 - self._total)
            self._seen |= {it["number"] for it in found}
            self._since = max(self._since, first)
            self._seen = {it for it in self._seen if it >= self._since}
        self._total = total
        return found

    def enough(self, document: Json) -> bool:
        """Whether an answer has everything that is new."""
        total: int = document["kept"] + document["dropped"]
        came = len(document["exchanges"])
        return total < self._total or came >= min(total - self._total, int(document["kept"]))


@click.command()
@click.option(
    "-n", "--lines", "count", type=click.IntRange(0), default=10, show_default=True, help="How many exchanges to print."
)
@click.option("-f", "--follow", is_flag=True, help="Go on with each exchange as it happens, until Ctrl-C.")
@click.option(
    "--world", default="main", envvar="ECF_SANDBOX_WORLD", show_envvar=True, show_default=True, help="The world."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object to a line, not a table.")
@server_options
def tail(count: int, follow: bool, world: str, as_json: bool, url: str, control_token: str | None) -> None:
    """Print the newest exchanges of a world, and with --follow those that come after, as they happen.

    Exit status: as of other commands, and 130 after Ctrl-C.
    """
    rows: _Rows | None = None
    server = Server(url, control_token)
    try:
        with server.understood():
            for batch in _batches(server, world, count, follow):
                if not as_json and rows is None:
                    rows = _Rows()  # prints the head of the table, once there is an answer
                for it in batch:
                    if rows is None:
                        _print_json(it)
                    else:
                        rows.print(it)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def register(group: click.Group) -> None:
    """Add the command to the group `journal` of a group."""
    journal = group.commands["journal"]
    if isinstance(journal, click.Group):
        journal.add_command(tail)


def _batches(server: Server, world: str, count: int, follow: bool) -> Iterator[list[Json]]:
    """What is new, each time that the server is asked."""
    follower = Follower(count)

    def ask(limit: int) -> Json:
        path = f"/worlds/{quote(world, safe='')}/journal"
        document: Json = json.loads(server.ask("GET", path, {"limit": limit}, None).body)
        return document

    yield follower.new(ask(max(count, GLANCE)))
    while follow:
        time.sleep(PAUSE)
        document = ask(GLANCE)
        missed = follower.missed
        yield follower.new(document if follower.enough(document) else ask(ALL))
        if follower.missed > missed:
            click.echo(f"ecf-sandbox: {follower.missed - missed} exchanges went by too fast to be shown", err=True)


class _Rows:
    """Prints exchanges below each other."""

    def __init__(self) -> None:
        self._width, self._ellipsis = width_of(sys.stdout), ellipsis_for(sys.stdout)
        self._wide = widths(EXCHANGES, USUAL, self._width)
        self._row([it.head for it in EXCHANGES])

    def print(self, it: Json) -> None:
        self._row([plain_line(text) for text in exchange(it)])

    def _row(self, row: list[str]) -> None:
        click.echo(line(EXCHANGES, row, self._wide, self._width, self._ellipsis))


def _print_json(it: Json) -> None:
    click.echo(plain_json(json.dumps(it, ensure_ascii=False)))
