"""`ecf-sandbox explain`: why an exchange ended as it did, and how a request would end, without carrying it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from sandbox.cli_control import Server, server_options

if TYPE_CHECKING:
    from sandbox.requests_as_text import Sent


@click.command(context_settings={"max_content_width": 100})
@click.argument("what", metavar="[NUMBER | FILE]", required=False)
@click.option("--curl", metavar="COMMAND", help="A request as a curl command, in quotes.")
@click.option(
    "--world", default="main", envvar="ECF_SANDBOX_WORLD", show_envvar=True, show_default=True, help="The world meant."
)
@server_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(what: str | None, curl: str | None, world: str, url: str, control_token: str | None, as_json: bool) -> None:
    """Explain an answer of a running sandbox: each rule in order, and for a refusal what would pass.

    NUMBER is that of an exchange (the answer's header X-Sandbox-Request-Id). A FILE holds a request that is explained
    without being carried out: a curl command, or an exchange as 'ecf-sandbox journal show' and 'journal export' write
    it; '-' reads it from the terminal.
    """
    if (what is None) is (curl is None):
        raise click.UsageError("name an exchange or a file, or give a request with --curl")
    server = Server(url, control_token)
    at = f"/worlds/{quote(world, safe='')}"
    format = "json" if as_json else "text"
    if what is not None and what.isdecimal():
        reply = server.ask("GET", f"{at}/journal/{what}/explain", {"format": format}, None)
    else:
        sent = _sent(curl if curl is not None else _read(what or "-"))
        headers = _with_token(sent, server, at)
        body = {"method": sent.method, "target": sent.target, "headers": headers, "body": sent.body, "format": format}
        reply = server.ask("POST", f"{at}/explain", {}, body)
    text = reply.body.decode()
    click.echo(json.dumps(json.loads(text), indent=2, ensure_ascii=False) if as_json else text.rstrip("\n"))


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(explain)


def _read(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            text: str = opened.read()
            return text
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"cannot read {file}: it is not UTF-8") from None


def _sent(text: str) -> Sent:
    from sandbox.requests_as_text import Unreadable, read

    try:
        return read(text)
    except Unreadable as wrong:
        raise click.UsageError(str(wrong)) from None


def _with_token(sent: Sent, server: Server, at: str) -> dict[str, Any]:
    """The headers with a token: that of the provider who asked, or the world's first, where the request has none."""
    headers = {name: value for name, value in sent.headers.items() if "[redacted]" not in value}
    if any(name.lower() == "authorization" for name in headers):
        return headers
    tokens: dict[str, str] = json.loads(server.ask("GET", at, {}, None).body)["tokens"]
    provider = sent.provider if sent.provider in tokens else next(iter(tokens))
    click.echo(f"The request shows no token: taken as {provider}'s.", err=True)
    return headers | {"Authorization": f"Bearer {tokens[provider]}"}
