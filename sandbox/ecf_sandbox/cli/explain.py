"""`ecf-sandbox explain`: why an exchange ended as it did, and how a request would end, without carrying it out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from ecf_sandbox.cli.control import JSON, REFUSED, Server, server_options
from ecf_sandbox.cli.terminal import plain_json, plain_line, plain_text

if TYPE_CHECKING:
    from ecf_sandbox.tools.explain.captured import Given
    from ecf_sandbox.transport import Reply

LAST = "last"


@click.command(context_settings={"max_content_width": 100})
@click.argument("what", metavar="[NUMBER | last | FILE]", required=False)
@click.option(
    "--curl",
    metavar="COMMAND",
    help="A request as a curl command, in quotes; also as cmd and PowerShell have it, or Invoke-WebRequest.",
)
@click.option(
    "--read-files",
    is_flag=True,
    help="Read the files that the command names, as with -d @FILE. Without, a command that was copied from somewhere"
    " reads none.",
)
@click.option(
    "--world",
    envvar="ECF_SANDBOX_WORLD",
    show_envvar=True,
    help="The world.  [default: the one that the request names, or main]",
)
@server_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(
    what: str | None,
    curl: str | None,
    read_files: bool,
    world: str | None,
    url: str,
    control_token: str | None,
    as_json: bool,
) -> None:
    """Explain an answer of a running sandbox: the rules in order, and for a refusal what would pass.

    NUMBER is that of an exchange (the answer's header X-Sandbox-Request-Id); last is the newest exchange that was
    refused. A FILE holds a request to explain in a dry run: a curl command, the text of an HTTP request, or an
    exchange as 'ecf-sandbox journal show' and 'journal export' write it; '-' is standard input. What the journal says
    of an exchange stands: where the explanation is written with it (journal export --explain), no server is asked, and
    where the world would answer otherwise now, that is said.
    """
    if (what is None) is (curl is None):
        raise click.UsageError("give an exchange, a file, or a request with --curl")
    server = Server(url, control_token)
    told = {"format": "json" if as_json else "text", "origin": url.rstrip("/")}
    if what is not None and (what == LAST or what.isdecimal()) and not Path(what).exists():
        number = _last_refused(server, world or "main") if what == LAST else int(what)
        at = f"/worlds/{quote(world or 'main', safe='')}/journal/{number}/explain"
        reply = server.ask("GET", at, told, None, _OF[told["format"]])
    else:
        given = _given(what, curl, _read if read_files else _refuse)
        if world and given.world and world != given.world:
            click.echo(
                f"ecf-sandbox: the request names world {given.world!r}, and --world or ECF_SANDBOX_WORLD {world!r}:"
                " name one, or the same twice",
                err=True,
            )
            raise SystemExit(REFUSED)
        named = world or given.world or "main"
        if given.recorded is not None and given.recorded.get("response") is not None:
            with server.understood():
                told_by = _about_recorded(given, named, server, told)
            if told_by is not None:
                click.echo(plain_json(told_by) if as_json else plain_text(told_by.rstrip("\n")))
                return
        reply = _dry_run(given, named, server, told)
    with server.understood():
        text = reply.body.decode()
        if as_json:
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    click.echo(plain_json(text) if as_json else plain_text(text.rstrip("\n")))


# What an explanation is, in each format.
_OF = {"json": (JSON,), "text": ("text/plain",)}


def _dry_run(given: Given, world: str, server: Server, told: dict[str, str]) -> Reply:
    at = f"/worlds/{quote(world, safe='')}"
    asked = {"method": given.method, "target": given.path, "body": _body(given)}
    asked["headers"] = _with_token(given, server, at)
    return server.ask("POST", f"{at}/explain", {}, asked | told, _OF[told["format"]])


def _about_recorded(given: Given, world: str, server: Server, told: dict[str, str]) -> str | None:
    """What the journal says of an exchange, where that is more, or more true, than what a server would say now.

    None where the server answers as the journal has it, so that its own explanation is the same and more.
    """
    from ecf_sandbox.tools.explain.recorded import is_explained, outcome_of, recorded_text

    recorded = given.recorded or {}
    as_json = told["format"] == "json"

    def written(why: str = "") -> str:
        if as_json:
            if why:
                click.echo(plain_line(why), err=True)
            return json.dumps(recorded, indent=2, ensure_ascii=False)
        return f"{why}\n\n{recorded_text(recorded)}" if why else recorded_text(recorded)

    if is_explained(recorded):
        return written()
    reply = _asked(server, "/worlds")
    if reply is None:
        return written(f"No sandbox answers at {server.url}: this is what the journal itself says.")
    if world not in json.loads(reply.body).get("worlds", ()):
        return written(f"There is no world {world} at {server.url}: this is what the journal itself says.")
    if _is_kept(server, world, recorded):
        at = f"/worlds/{quote(world, safe='')}/journal/{recorded['number']}/explain"
        text = server.ask("GET", at, told, None, _OF[told["format"]]).body.decode()
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if as_json else text
    it = json.loads(_dry_run(given, world, server, told | {"format": "json"}).body)
    status, rules = outcome_of(recorded)
    broken = {ruling["rule"] for judging in it["judgings"] for ruling in _broken(judging)}
    if it["status"] == status and (not rules or broken == set(rules)):
        return None
    return written(
        f"The world {world} at {server.url} is another than that of the journal, or has changed: it would answer"
        f" {it['status']} now. This is what the journal itself says."
    )


def _is_kept(server: Server, world: str, recorded: dict[str, Any]) -> bool:
    """Whether the server has this very exchange in the journal of the world."""
    if not isinstance(recorded.get("number"), int) or recorded.get("life") is not None:
        return False
    reply = _asked(server, f"/worlds/{quote(world, safe='')}/journal/{recorded['number']}")
    if reply is None or reply.status != 200:
        return False
    kept = json.loads(reply.body)
    return all(kept[name] == recorded.get(name) for name in ("method", "target", "at", "moment", "request", "response"))


def _asked(server: Server, path: str) -> Reply | None:
    """What a server answers, whatever that is; None if nothing does."""
    from ecf_sandbox.transport import OverHttp

    try:
        headers = [("X-Sandbox-Token", server.token)] if server.token else []
        return OverHttp(server.url)("GET", f"/_sandbox{path}", headers)
    except (OSError, ValueError):
        return None


def _broken(judging: dict[str, Any]) -> list[dict[str, Any]]:
    return [it for it in judging["rulings"] if it["verdict"] == "broken"]


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(explain)


def _last_refused(server: Server, world: str) -> int:
    """The number of the newest request of a world that was refused; ends the command if none was."""
    path = f"/worlds/{quote(world, safe='')}/journal"
    numbers: list[int] = []
    for status in ("4xx", "5xx"):
        reply = server.ask("GET", path, {"status": status, "limit": 1}, None)
        with server.understood():
            numbers += [it["number"] for it in json.loads(reply.body)["exchanges"]]
    if numbers:
        return max(numbers)
    reply = server.ask("GET", "/worlds", {}, None)
    with server.understood():
        others = [it for it in json.loads(reply.body)["worlds"] if it != world]
    hint = f"; the world that was used last besides: --world {others[-1]}" if others else ""
    click.echo(f"ecf-sandbox: nothing was refused in world {world}{hint}", err=True)
    raise SystemExit(REFUSED)


def _given(what: str | None, curl: str | None, read_file: Callable[[str], bytes]) -> Given:
    """The request that is meant; ends the command if there is none."""
    from ecf_sandbox.tools.explain.captured import CannotRead
    from ecf_sandbox.tools.explain.curl import read_curl
    from ecf_sandbox.tools.explain.input import read_request

    where = "--curl" if curl is not None else "the terminal" if what == "-" else str(what)
    try:
        if curl is not None:
            return read_curl(_typed(curl), read_file)
        return read_request(_read(str(what)), read_file)
    except CannotRead as wrong:
        raise click.UsageError(f"{where}: {wrong}") from None


def _typed(argument: str) -> str:
    """An argument as it was typed: what is not UTF-8 comes from a terminal of Western Europe."""
    raw = argument.encode(errors="surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _refuse(file: str) -> bytes:
    from ecf_sandbox.tools.explain.captured import CannotRead

    raise CannotRead(f"the command names the file {file!r}, and no file is read unless --read-files is given")


def _read(file: str) -> bytes:
    from ecf_sandbox.files import read

    try:
        with click.open_file(file, "rb") as opened:  # which takes - for the terminal
            return read(opened)
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from None
    except ValueError as wrong:
        raise click.UsageError(f"cannot read {file!r}: {wrong}") from None


def _body(it: Given) -> Any:
    """The body as the control plane takes it."""
    if not it.body:
        return None
    try:
        return it.body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(it.body).decode()}


def _with_token(it: Given, server: Server, at: str) -> dict[str, Any]:
    """The headers with a token: that of the provider who asked, or the world's first, where the request has none."""
    from ecf_sandbox.state.redact import REDACTED
    from ecf_sandbox.tools.explain.captured import header

    headers = {name: value for name, value in it.headers.items() if REDACTED not in value}
    if header(headers, "Authorization") is not None:
        return headers
    with server.understood():
        there = json.loads(server.ask("GET", "/worlds", {}, None).body)["worlds"]
    # A world that is not there yet begins as main began, with the same providers.
    known = at if any(at == f"/worlds/{quote(it, safe='')}" for it in there) else "/worlds/main"
    with server.understood():
        tokens: dict[str, str] = json.loads(server.ask("GET", known, {}, None).body)["tokens"]
    provider = it.provider if it.provider in tokens else next(iter(tokens))
    click.echo(f"The request has no token: explained with the token of {provider}.", err=True)
    return headers | {"Authorization": f"Bearer {tokens[provider]}"}
