"""`ecf-sandbox doctor`: what is wrong with an installation."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecf_sandbox import __version__

if TYPE_CHECKING:
    from ecf_sandbox.cli.installation import Diagnosis

WRONG = 1


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port that should be free."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(context: click.Context, port: int, as_json: bool) -> None:
    """Look at the installation, and say what is wrong with it and how to mend it.

    Looks at Python, the package and what it depends on, its files, the pytest plugin, a port and the environment
    variables. Writes nothing, and asks nobody but this machine.

    Ends with 0, or with 1 if something is wrong; a warning is not.
    """
    from ecf_sandbox.cli.installation import as_plain, as_text, sound

    found = list(_looked_at(context.find_root().command, port))
    click.echo(json.dumps(as_plain(found), indent=2) if as_json else as_text(found))
    if not sound(found):
        raise SystemExit(WRONG)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(doctor)


def _looked_at(main: click.Command, port: int) -> Iterator[Diagnosis]:
    from ecf_sandbox.cli import installation
    from ecf_sandbox.cli.installation import wrong

    it = installation.installed()
    requires = it.requires if it else ()
    yield installation.python(platform.python_version(), it.python if it else "")
    yield installation.package(it, __version__, Path(__file__).resolve().parent)
    yield from installation.dependencies(requires, installation.version_of)
    yield from installation.extras(requires, installation.version_of)
    yield installation.pytest_plugin(it, installation.version_of("pytest"))
    for about, look in (("server", _server), ("files", _files), ("surroundings", lambda: _surroundings(main, port))):
        try:
            yield from look()
        except ImportError as error:
            fix = "install what is missing above, then look again"
            yield wrong(about, f"cannot be looked at, for a package is missing or broken: {error}", fix)


def _server() -> Iterator[Diagnosis]:
    # That a package is listed as installed does not mean that it can be imported.
    import ecf_sandbox.app
    import ecf_sandbox.server  # noqa: F401 - only whether it can be
    from ecf_sandbox.cli.installation import ok

    yield ok("server", "can be loaded")


def _files() -> Iterator[Diagnosis]:
    from ecf_sandbox.cli import installation
    from ecf_sandbox.files import folder

    yield installation.scenarios(folder("scenarios"))
    yield installation.documents(folder("openapi"))


def _surroundings(main: click.Command, port: int) -> Iterator[Diagnosis]:
    from ecf_sandbox.cli import installation

    yield installation.port(port)
    yield from installation.variables(os.environ, dict(variables(main)))


def variables(
    command: click.Command, name: str = "ecf-sandbox", parent: click.Context | None = None
) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Every environment variable that a command or those below it read, with what reads its value."""
    settings = {**command.context_settings}
    context = click.Context(
        command, info_name=name, parent=parent, auto_envvar_prefix=settings.get("auto_envvar_prefix")
    )
    for it in command.params:
        if isinstance(it, click.Option) and (variable := _variable(it, context)):
            yield variable, _reader(it, context)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            if inner is not None:
                yield from variables(inner, each, context)


def _variable(it: click.Option, context: click.Context) -> str | None:
    if isinstance(it.envvar, str):
        return it.envvar
    if context.auto_envvar_prefix and it.show_envvar and it.name:
        return f"{context.auto_envvar_prefix}_{it.name.upper()}"
    return None


def _reader(it: click.Option, context: click.Context) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            value = it.process_value(context, it.type.split_envvar_value(text) if it.multiple else text)
            return _used(it.name, value)
        except click.ClickException as wrong:
            raise ValueError(wrong.message) from None

    return read


def _used(name: str | None, value: object) -> object:
    """What is made of a value only when it is used: a scenario is loaded, an address taken apart."""
    if name == "scenario":
        from ecf_sandbox.scenario import BadScenario, load_scenario

        try:
            return load_scenario(str(value), seed="doctor")
        except BadScenario as wrong:
            raise ValueError(str(wrong)) from None
    if name == "url":
        from ecf_sandbox.transport import OverHttp

        return OverHttp(str(value))
    return value
