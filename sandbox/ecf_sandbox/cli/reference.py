"""Every command of `ecf-sandbox` as a page of Markdown, read from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from ecf_sandbox.cli.main import main

_HEAD = """# The command line

`--help` describes every command. Those that control a running sandbox take its address from `--url` or
`ECF_SANDBOX_URL`, and the world from `--world` or `ECF_SANDBOX_WORLD`. Exit status: 0 on success, 1 if the sandbox
refuses, 2 for a wrong command, 3 if no sandbox can be reached.

Commands that list print a table: as wide as the terminal, or as `COLUMNS` says, with `…` where something had to be cut.
Where the output is no terminal it is a table too, in which nothing is cut. Programs ask for JSON with `--json`, which
is the answer of the control plane; every command whose answer is JSON takes it.

A world is named by `--world` in every command, and those of `world` take its name in place as well: `world delete
trial` is `world delete --world trial`. What is typed goes before the environment; two different names are refused.
What does something in a world makes it on first use, what only looks at one does not:
[control-plane.md](control-plane.md#when-a-world-is-made).

What is typed for a text is a text, zeros in front included: `trn=0012345`; the same in double quotes
(`'trn="0012345"'`) is too. A version of the API is `3` or `v3`. An unknown command, option, name or variable of the
environment that begins with `ECF_SANDBOX_` is refused with the nearest.

This page is printed from the code (`make docs`).
"""


def as_markdown() -> str:
    """The page: each command with its usage, what it does, and its arguments and options."""
    return "\n".join([_HEAD, *_pages(main, "ecf-sandbox", None)])


def _pages(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, show_default=True)
    if isinstance(command, click.Group):
        if parent is not None:
            yield f"## {context.command_path}\n\n{_about(command)}\n"
        for it in command.list_commands(context):
            inner = command.get_command(context, it)
            if inner is not None and not inner.hidden:
                yield from _pages(inner, it, context)
        return
    level = "###" if parent is not None and parent.parent is not None else "##"
    yield f"{level} {context.command_path}\n"
    yield f"    {' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n"
    yield f"{_about(command)}\n"
    options = [it for it in command.params if isinstance(it, click.Option) and not it.hidden]
    if options:
        yield "\n".join(f"- {_option(it, context)}" for it in options) + "\n"


def _about(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").replace("\b\n", "")


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    names, help = record if record else (", ".join(option.opts), option.help or "")
    return f"`{names}`: {' '.join(help.split())}" if help else f"`{names}`"


if __name__ == "__main__":
    print(as_markdown(), end="")
