"""Text for terminals that do not have every character: nothing that is printed can fail for want of one."""

from __future__ import annotations

import codecs
import json
import sys
from importlib import import_module
from typing import Any

import click

from ecf_sandbox.cli.options import StrictGroup

NOT_TEXT = 2  # as for everything else that is wrong with an argument
_ESCAPING = "ecf_sandbox.escaping"


class Commands(StrictGroup):
    """A group that prints an escape where a terminal has no character, and refuses arguments that are no text.

    `later` are commands by the module that has them, which is imported when one is asked for: its `register` adds them
    to the group.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.later: dict[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of its commands."""
        return sorted({*super().list_commands(ctx), *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name in self.later and cmd_name not in self.commands:
            import_module(self.later[cmd_name]).register(self)
        return super().get_command(ctx, cmd_name)

    def every(self, ctx: click.Context) -> list[click.Command]:
        """All commands."""
        found = (self.get_command(ctx, name) for name in self.list_commands(ctx))
        return [it for it in found if it is not None]

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command, as click does."""
        let_everything_through()
        try:
            return super().main(*arguments, **options)
        except UnicodeEncodeError as wrong:  # not of what is printed: of an argument that was no text to begin with
            click.echo(f"ecf-sandbox: {wrong.object!a} is no text in the encoding of this terminal", err=True)
            raise SystemExit(NOT_TEXT) from None


def let_everything_through() -> None:
    """From now on what stdout and stderr cannot encode is written as an escape of JSON, which JSON stays with."""
    codecs.register_error(_ESCAPING, _escaped)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # which what stands in for them may not have
        if reconfigure is not None:
            reconfigure(errors=_ESCAPING)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
