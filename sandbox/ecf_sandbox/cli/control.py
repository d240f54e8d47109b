"""The commands by which a running sandbox is controlled, `ecf-sandbox world …` and so on, read from the operations."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin
from urllib.parse import quote, urlencode

import click

from ecf_sandbox.cli.listings import LISTINGS
from ecf_sandbox.cli.options import StrictGroup
from ecf_sandbox.cli.tables import print_table
from ecf_sandbox.cli.terminal import plain_json, plain_line, plain_text
from ecf_sandbox.json_members import repeated_members
from ecf_sandbox.suggest import in_short

if TYPE_CHECKING:
    from ecf_sandbox.control.operation import Operation, OperationParameter
    from ecf_sandbox.transport import Reply

URL = "http://127.0.0.1:8000"
REFUSED, CANNOT_REACH = 1, 3
JSON = "application/json"
_NO_SANDBOX = "the server answers, but not as a sandbox would: is --url right?"
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

    def ask(
        self, method: str, path: str, query: Mapping[str, Any], body: Any, media_types: Collection[str] = (JSON,)
    ) -> Reply:
        """Send a request below `/_sandbox` and answer the reply, which is of one of these media types.

        Ends the command if there is none, or a refusal, or something that no sandbox would answer.
        """
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
        if _media_type(reply) not in map(_bare, media_types):
            raise _failed(_NO_SANDBOX, self.refused)
        return reply

    @contextmanager
    def understood(self) -> Iterator[None]:
        """For a block that reads what a sandbox answers; ends the command if that is something else."""
        try:
            yield
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _failed(_NO_SANDBOX, self.refused) from None


def from_environment() -> tuple[str, str | None]:
    """The address and the control token of the sandbox that the environment names."""
    return os.environ.get("ECF_SANDBOX_URL") or URL, os.environ.get("ECF_SANDBOX_CONTROL_TOKEN")


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


class OperationGroup(StrictGroup):
    """A group whose commands are read from the operations when somebody asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names of its commands, in the order of the description."""
        return [*(name for group, name in map(_names, _operations()) if group == self.name), *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        found = next((it for it in _operations() if _names(it) == (self.name, cmd_name)), None)
        return super().get_command(ctx, cmd_name) if found is None else command_of(found, cmd_name)


def register(group: click.Group) -> None:
    """Add the groups to a group."""
    for name, about in GROUPS.items():
        group.add_command(OperationGroup(name, help=about))
    # Imported here because it builds on what this module has.
    from ecf_sandbox.cli import journal_tail

    journal_tail.register(group)


def command_of(operation: Operation, name: str) -> click.Command:
    """The command that carries an operation out on a running sandbox."""
    about, listing = _world_of(operation), LISTINGS.get(operation.command or "")

    def run(url: str, control_token: str | None, out: Path | None = None, as_json: bool = False, **told: Any) -> None:
        server = Server(url, control_token)
        if about is not None:
            placed = told.pop(_PLACED)
            if isinstance(placed, tuple):
                placed, told["document"] = _name_and_file(placed)
            told[about.keyword] = _one_world(about, placed, told.pop(_OPTION))
        given = {it.name: _meant(it, told[it.keyword], _kinds(server, it, told)) for it in operation.parameters}
        reply = server.ask(operation.method, *_request(operation, given), operation.media_types)
        if made := reply.headers.get("x-sandbox-world-made"):
            click.echo(f"ecf-sandbox: world {plain_line(made)} is new: it begins as main began", err=True)
        if recreated := reply.headers.get("x-sandbox-world-recreated"):
            click.echo(f"ecf-sandbox: this is not the world as it was: {plain_line(recreated)}", err=True)
        if listing is None or as_json:
            _show(server, reply, out, private=operation.command == "world export")
        else:
            with server.understood():
                table = listing(json.loads(reply.body))
            print_table(table)

    parameters = [_parameter(it) for it in operation.parameters if it is not about]
    if operation.media_types == ("application/json",):
        help = "Print JSON, not a table." if listing else "Print JSON, as it does anyway."
        parameters.append(click.Option(["--json", "as_json"], is_flag=True, help=help))
    if about is not None:
        parameters += _naming(about, parameters)
    if (operation.method == "GET" and "export" in operation.path) or operation.media_types != ("application/json",):
        out = click.Option(
            ["--out"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write to this file instead of the terminal.",
        )
        parameters.append(out)
    help = operation.description
    return server_options(click.Command(name, callback=run, params=parameters, help=help, context_settings=_MORE))


def _media_type(reply: Reply) -> str:
    return _bare(reply.headers.get("content-type", ""))


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip()


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
        return _world_option(["--world"], it)
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


# A command of the group `world` is about one world, which is named in place or by --world.
_PLACED, _OPTION = "world_in_place", "world_of_option"


def _world_of(operation: Operation) -> OperationParameter | None:
    """The parameter that names the world which a command of the group `world` is about; a fork's is that forked."""
    if _names(operation)[0] != "world" or operation.name == "fork_world":
        return None
    return next((it for it in operation.parameters if it.name in ("world", "name") and it.type is not bool), None)


def _naming(about: OperationParameter, others: list[click.Parameter]) -> list[click.Parameter]:
    """What names a world: an argument, after a choice and before a file, and the option."""
    file = next((at for at, it in enumerate(others) if isinstance(it.type, click.File)), len(others))
    metavar = "[NAME]" if about.name == "name" else "[WORLD]"
    if file < len(others):  # of one argument alone, beside --world, the file is meant
        del others[file]
        placed = click.Argument([_PLACED], nargs=-1, metavar=f"{metavar} FILE", required=True)
    else:
        placed = click.Argument([_PLACED], required=False, metavar=metavar)
    return [placed, _world_option(["--world", _OPTION], about)]


def _name_and_file(placed: tuple[str, ...]) -> tuple[str | None, Any]:
    if len(placed) > 2:
        raise click.UsageError(f"got unexpected extra arguments ({' '.join(placed[2:])})")
    file = click.File("rb").convert(placed[-1], None, click.get_current_context())
    return (placed[0] if len(placed) == 2 else None), file


def _world_option(names: list[str], it: OperationParameter) -> click.Option:
    default = "main" if it.name == "world" else None
    help = _sentence(it.description.replace("the name of the world", "the world"))
    return click.Option(names, default=default, envvar="ECF_SANDBOX_WORLD", show_envvar=True, help=help)


def _one_world(about: OperationParameter, placed: str | None, option: str | None) -> str:
    """The world that a command is about: what is typed goes before the environment, which goes before main."""
    source = click.get_current_context().get_parameter_source(_OPTION)
    typed = option if source is click.core.ParameterSource.COMMANDLINE else None
    if placed is not None and typed is not None and placed != typed:
        raise click.UsageError(f"two worlds are named, {placed!r} and, by --world, {typed!r}: name one")
    found = placed or option
    if not found:
        raise click.UsageError(f"name the world: {about.description}")
    return found


def _kinds(server: Server, it: OperationParameter, told: Mapping[str, Any]) -> Mapping[str, str]:
    """What each named value of a parameter must be, in the words of the descriptions, as far as that is known."""
    if it.name == "match":
        return _CONDITIONS
    if it.name != "with" or not told[it.keyword]:
        return {}
    reply = server.ask("GET", f"/events/{quote(told['event'], safe='')}", {}, None)
    with server.understood():
        return {each["name"]: each["kind"] for each in json.loads(reply.body)["parameters"]}


# Of what is asked of an exchange all but the body is a text.
_CONDITIONS = dict.fromkeys(("operation", "method", "path", "status", "rule", "judged", "finding", "provider"), "text")
_MOST_NAMES = 10
_TEXTS = ("text", "a date", "a moment", "one of")


def _meant(it: OperationParameter, told: Any, kinds: Mapping[str, str]) -> Any:
    if it.place == "whole":
        from ecf_sandbox.files import read

        try:
            return _json(read(told), told.name)
        except OSError as error:
            raise click.UsageError(f"cannot read {told.name}: {error.strerror}") from None
    if isinstance(told, tuple):
        return _pairs(told, kinds) or None
    if get_origin(it.type) is list and told is not None:
        return _json(told, f"--{it.name}")
    return told


def _pairs(told: tuple[str, ...], kinds: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in told:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"'{text}' isn't name=value")
        if name in found:
            raise click.UsageError(f"{name} is given twice")
        found[name] = _value(value, kinds.get(name, ""))
        if isinstance(found[name], dict | list):
            _insist_on_members(value, name)
    return found


def _value(text: str, kind: str) -> Any:
    """What a person types: for a text the text as it is, with leading zeros, or the same in double quotes."""
    try:
        value = json.loads(text)
    except ValueError:
        return text if kind.startswith(_TEXTS) else {"on": True, "off": False}.get(text, text)
    if kind.startswith(_TEXTS) and not isinstance(value, str) and not (value is None and kind.endswith("or null")):
        return text
    return value


def _json(text: str | bytes, where: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise click.UsageError(f"{where} is not JSON: {wrong}") from None
    _insist_on_members(text, where)
    return value


def _insist_on_members(text: str | bytes, where: str) -> None:
    if twice := repeated_members(text):
        names = ", ".join(repr(in_short(it)) for it in twice[:_MOST_NAMES])
        raise click.UsageError(f"{where}: given twice in one object: {names}{', …' if twice[_MOST_NAMES:] else ''}")


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


def _show(server: Server, reply: Reply, out: Path | None, *, private: bool) -> None:
    document = None
    with server.understood():
        text = reply.body.decode()
        if _media_type(reply) == JSON:
            document = json.loads(text)
    if out is not None:
        write(out, text, private=private)  # the export of a world has its tokens
    else:
        if document is not None:
            text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        click.echo(plain_json(text) if "json" in _media_type(reply) else plain_text(text), nl=False)
    if isinstance(document, dict) and document.get("verified") is False:
        raise SystemExit(REFUSED)


def write(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file, whole or not at all, and say so. What is `private`, such as tokens, only its owner may read."""
    from ecf_sandbox.files import atomic_write

    try:
        atomic_write(path, text, private=private)
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
