"""The commands by which a running sandbox is controlled, `ecf-sandbox world …` and so on, read from the operations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin
from urllib.parse import quote, urlencode

import click

from ecf_sandbox.cli.listings import LISTINGS
from ecf_sandbox.cli.tables import Table, print_table
from ecf_sandbox.cli.terminal import plain_json, plain_line, plain_text
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.control.operation import Operation, OperationParameter
    from ecf_sandbox.transport import Reply

URL = "http://127.0.0.1:8000"
REFUSED, CANNOT_REACH = 1, 3
GROUPS = {
    "world": "Create, fork, reset, export and import worlds.",
    "snapshot": "Keep states of a world, and restore them.",
    "clock": "Show and set the clock of a world.",
    "event": "Play events: what schools, induction tutors and the DfE do.",
    "journal": "List, verify, undo and export what was done in a world.",
    "fault": "Set faults and rate limits, to test how a client copes.",
}
_MORE = {"max_content_width": 100, "show_default": True}


class Server:
    """A running sandbox, as the command line reaches it; a refusal ends the command with the code `refused`."""

    def __init__(self, url: str, token: str | None, refused: int = REFUSED) -> None:
        self.url, self.token, self.refused = url, token, refused

    def ask(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Reply:
        """Send a request below `/_sandbox` and answer the reply; ends the command if there is none, or a refusal."""
        from ecf_sandbox.transport import OverHttp

        headers = [("Content-Type", "application/json")] + ([("X-Sandbox-Token", self.token)] if self.token else [])
        target = "/_sandbox" + path + (f"?{urlencode(query)}" if query else "")
        try:
            send = OverHttp(self.url)
            reply = send(method, target, headers, None if body is None else json.dumps(body).encode())
        except ValueError as wrong:
            raise click.UsageError(str(wrong)) from None
        except OSError as error:
            raise _failed(
                f"no sandbox answers at {self.url} ({plain_line(str(error))}); start one with: ecf-sandbox serve",
                CANNOT_REACH,
            ) from None
        if reply.status >= 400:
            raise _failed(_why(reply), self.refused)
        return reply


C = TypeVar("C")


def server_options(command: C) -> C:
    """Add `--url` and `--control-token`, which say what server is meant."""
    help = "The control token that the server printed. Only needed if other machines can reach it."
    add = click.option("--control-token", envvar="ECF_SANDBOX_CONTROL_TOKEN", show_envvar=True, help=help)
    add(command)  # type: ignore[type-var]  # click takes functions and commands
    help = "The address of the running sandbox."
    click.option("--url", default=URL, envvar="ECF_SANDBOX_URL", show_envvar=True, show_default=True, help=help)(
        command
    )  # type: ignore[type-var]
    return command


class OperationGroup(click.Group):
    """A group whose commands are read from the operations when somebody asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names of its commands, in the order of the description."""
        return [*(name for group, name in map(_names, _operations()) if group == self.name), *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        found = next((it for it in _operations() if _names(it) == (self.name, cmd_name)), None)
        return super().get_command(ctx, cmd_name) if found is None else command_of(found, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is meant, or the nearest that there is."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"there is no command {did_you_mean(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


def register(group: click.Group) -> None:
    """Add the groups to a group."""
    for name, about in GROUPS.items():
        group.add_command(OperationGroup(name, help=about))


def command_of(operation: Operation, name: str) -> click.Command:
    """The command that carries an operation out on a running sandbox."""
    listing = LISTINGS.get(operation.command or "")

    def run(url: str, control_token: str | None, out: Path | None = None, as_json: bool = False, **told: Any) -> None:
        given = {it.name: _meant(it, told[it.keyword]) for it in operation.parameters}
        reply = Server(url, control_token).ask(operation.method, *_request(operation, given))
        if listing is None or as_json:
            _show(reply, out)
        else:
            print_table(_listed(listing, reply))

    parameters = [_parameter(it) for it in operation.parameters]
    if operation.media_types == ("application/json",):
        help = "Print JSON, not a table." if listing else "Print JSON, as it does anyway."
        parameters.append(click.Option(["--json", "as_json"], is_flag=True, help=help))
    if (operation.method == "GET" and "export" in operation.path) or operation.media_types != ("application/json",):
        out = click.Option(
            ["--out"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write to this file instead of the terminal.",
        )
        parameters.append(out)
    help = operation.description
    return server_options(click.Command(name, callback=run, params=parameters, help=help, context_settings=_MORE))


def _listed(listing: Callable[[Any], Table], reply: Reply) -> Table:
    try:
        return listing(json.loads(reply.body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _failed("the server answers, but not as a sandbox would: is --url right?", REFUSED) from None


def _operations() -> list[Operation]:
    from ecf_sandbox.control.registry import OPERATIONS

    return [it for it in OPERATIONS if it.command]


def _names(operation: Operation) -> tuple[str, str]:
    group, _, name = (operation.command or "").partition(" ")
    return group, name


def _parameter(it: OperationParameter) -> click.Parameter:
    from typing import Literal

    if it.place == "whole":
        return click.Argument([it.keyword], type=click.File("rb"), metavar="FILE")
    if it.name == "world":
        return click.Option(
            ["--world"], default="main", envvar="ECF_SANDBOX_WORLD", show_envvar=True, help="The world."
        )
    plain = get_origin(it.type) or it.type
    if plain is dict and it.name == "with":
        return click.Argument([it.keyword], nargs=-1, metavar="[NAME=VALUE]...")
    forms: dict[Any, dict[str, Any]] = {
        dict: {"multiple": True, "metavar": "NAME=VALUE"},
        bool: {"is_flag": True},
        list: {"metavar": "JSON"},
    }
    form = forms.get(plain)
    if form is None:
        kind = click.Choice(get_args(it.type)) if plain is Literal else plain if plain in (int, float) else str
        if it.required:
            return click.Argument([it.keyword], type=kind)
        shown = False if it.default == "" else None  # as the group has it; releases of click differ on empty text
        form = {"type": kind, "default": it.default, "show_default": shown}
    return click.Option([f"--{it.name.replace('_', '-')}", it.keyword], help=_sentence(it.description), **form)


def _meant(it: OperationParameter, told: Any) -> Any:
    if it.place == "whole":
        return _json(told.read(), told.name)
    if isinstance(told, tuple):
        return dict(_pair(pair) for pair in told) or None
    if get_origin(it.type) is list and told is not None:
        return _json(told, f"--{it.name}")
    return told


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"'{text}' isn't name=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, {"on": True, "off": False}.get(value, value)


def _json(text: str | bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise click.UsageError(f"{where} is not JSON: {wrong}") from None


def _request(operation: Operation, given: Mapping[str, Any]) -> tuple[str, dict[str, Any], Any]:
    """Path, query and body of the request that carries an operation out."""
    path, whole = operation.path, None
    query: dict[str, Any] = {}
    body: dict[str, Any] = {}
    for it in operation.parameters:
        value = given[it.name]
        if it.place == "path":
            path = path.replace(f"{{{it.name}}}", quote(str(value), safe=""))
        elif it.place == "whole":
            whole = value
        elif value is not None:
            (query if it.place == "query" else body)[it.name] = value
    return path, query, whole if whole is not None else body or None


def _show(reply: Reply, out: Path | None) -> None:
    text = reply.body.decode()
    document = None
    if reply.headers.get("content-type") == "application/json":
        document = json.loads(text)
        if out is None:
            text = plain_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write(out, text)
    if isinstance(document, dict) and document.get("verified") is False:
        raise SystemExit(REFUSED)


def write(path: Path, text: str) -> None:
    """Write a file, whole or not at all, and say so."""
    from ecf_sandbox.files import atomic_write

    try:
        atomic_write(path, text)
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from None
    click.echo(f"Written: {path}", err=True)


def _why(reply: Reply) -> str:
    try:
        problem = json.loads(reply.body)
        problems = problem.get("problems") or [problem["detail"]]
    except (ValueError, KeyError, AttributeError):
        return f"the server answered {reply.status}, and not as a sandbox would: is --url right?"
    return "\n".join(problems)


def _failed(message: str, code: int) -> SystemExit:
    click.echo(plain_text(f"ecf-sandbox: {message}"), err=True)
    return SystemExit(code)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
