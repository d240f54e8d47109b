"""Text for terminals that do not have every character, and for outputs that are closed or full.

Nothing that is printed fails for want of a character; where nothing can be printed at all, one line says so.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import BytesIO, TextIOWrapper
from typing import Any

import click

from ecf_sandbox.cli.options import StrictGroup

NOT_TEXT = 2  # as for everything else that is wrong with an argument
CANNOT_WRITE = 3
# What an output has that is closed, full, or no longer there; a pipe that nobody reads ends a command quietly.
_NO_OUTPUT = frozenset({errno.EBADF, errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
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
        stand_in_for_closed()
        let_everything_through()
        try:
            try:
                return super().main(*arguments, **options)
            finally:
                _flush(sys.stdout)
        except UnicodeEncodeError as wrong:  # not of what is printed: of an argument that was no text to begin with
            click.echo(f"ecf-sandbox: {wrong.object!a} is no text in the encoding of this terminal", err=True)
            raise SystemExit(NOT_TEXT) from None
        except OSError as error:
            if error.filename is not None or error.errno not in _NO_OUTPUT:
                raise
            _give_up(sys.stdout)
            with suppress(OSError):
                click.echo(f"ecf-sandbox: cannot write to standard output: {error.strerror}", err=True)
            _give_up(sys.stderr)
            raise SystemExit(CANNOT_WRITE) from None


def stand_in_for_closed() -> None:
    """Put streams in the place of those that were closed before the start, which Python has as None.

    Their numbers are taken too: else the next file or connection that is opened would be standard output.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


class _Closed(TextIOWrapper):
    """Standard output that is closed: whoever prints learns it."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), encoding="utf-8")

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, "it is closed")


def say_if_possible(text: str) -> None:
    """Print what nobody needs: where there is nobody to read it, that is no mistake."""
    try:
        click.echo(text)
    except OSError:
        _give_up(sys.stdout)


def _flush(stream: Any) -> None:
    """Print what waits in a stream now, while it can still be said that this fails."""
    try:
        stream.flush()
    except ValueError:  # closed meanwhile
        pass
    except BrokenPipeError:  # nobody reads any more, which is nobody's mistake
        _give_up(stream)


def _give_up(stream: Any) -> None:
    """Let what waits in a stream go: at its end Python would try once more, and complain."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


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
