"""`ecf-sandbox proxy`: stands before another server of the API and observes both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecf_sandbox.cli.options import service_option

if TYPE_CHECKING:
    from ecf_sandbox.remote.recorder import JournalFile
    from ecf_sandbox.remote.upstream import Upstream

CANNOT_LISTEN = 3


@click.command(
    context_settings={"auto_envvar_prefix": "ECF_SANDBOX_PROXY", "show_default": True, "max_content_width": 100}
)
@click.option("--to", "to", metavar="URL", required=True, show_envvar=True, help="The server to forward requests to.")
@click.option("--host", default="127.0.0.1", show_envvar=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8010,
    show_envvar=True,
    help="The port. With 0 any free one is taken, and the first line of output is a JSON object with url and to.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60,
    show_envvar=True,
    help="How many seconds to wait for the server before answering 504.",
)
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    show_envvar=True,
    help="Also write exchanges to this new file, one JSON object to a line, with tokens redacted.  [default: no file]",
)
@click.option(
    "--control-token",
    metavar="TOKEN",
    show_envvar=True,
    help="The token that requests for the journal must send in X-Sandbox-Token. Created and printed if none is given"
    " and other machines can reach the address.  [default: none, and only this machine has access]",
)
@click.option("--quiet", is_flag=True, show_envvar=True, help="Don't print how to use it.")
@service_option
def proxy(
    to: str,
    host: str,
    port: int,
    timeout: float,
    journal: Path | None,
    control_token: str | None,
    quiet: bool,
    service: str,
) -> None:
    """Forward every request to another server of the API, and its answer back unchanged, until Ctrl-C or SIGTERM.

    The observer checks what the client sends, and the sandbox's OpenAPI documents what the server answers. Exchanges
    are kept in memory, with tokens redacted: list them with 'ecf-sandbox journal list --url' and the proxy's address.
    """
    from ecf_sandbox.remote.proxy import Proxy
    from ecf_sandbox.remote.recorder import Recorder
    from ecf_sandbox.remote.upstream import proxy_server
    from ecf_sandbox.services import service_named
    from ecf_sandbox.serving import address, allocator, server

    upstream = _upstream(to, timeout)
    control_token = control_token or server.control_token_for(host)
    app = Proxy(upstream, Recorder(upstream.url, service_named(service), _file(journal)), control_token)
    try:
        listening = server.listen(host, port)
    except server.CannotListen as reason:
        click.echo(f"ecf-sandbox: {reason}", err=True)
        raise SystemExit(CANNOT_LISTEN) from None
    server.stop_on_signals()
    url = address.url_of(listening)
    if port == 0:
        line = {"url": url, "to": upstream.url} | ({"control_token": control_token} if control_token else {})
        click.echo(json.dumps(line))
    elif not quiet:
        click.echo(_greeting(url, upstream, control_token))
    allocator.share_one_arena()
    server.run(proxy_server(app, listening))


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(proxy)


def _upstream(url: str, timeout: float) -> Upstream:
    from ecf_sandbox.remote.upstream import Upstream

    try:
        return Upstream(url, timeout=timeout)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--to") from None


def _file(path: Path | None) -> JournalFile | None:
    if path is None:
        return None
    from ecf_sandbox.remote.recorder import JournalFile

    try:
        return JournalFile(path)
    except FileExistsError:
        raise click.UsageError(f"{path} exists already: give another file, or move that one away") from None
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from None


def _greeting(url: str, upstream: Upstream, control_token: str | None) -> str:
    from ecf_sandbox.remote.checks import can_judge_answers
    from ecf_sandbox.serving.address import is_this_machine

    lines = [
        f"ecf-sandbox proxy listens on {url}",
        f"  forwards to   {upstream.url}",
        f"  journal       ecf-sandbox journal list --url {url}",
    ]
    if control_token:
        lines.append(f"  control       {control_token}  (for {url}/_sandbox/, X-Sandbox-Token)")
    if upstream.in_clear and not is_this_machine(upstream.authority.partition(":")[0]):
        lines.append("  warning       tokens are sent unencrypted to an address that begins with http:")
    if not can_judge_answers():
        lines.append("  answers are not checked: pip install 'jsonschema-rs>=0.40'")
    return "\n".join([*lines, "Give your client this address instead of the server's. Ctrl-C stops it."])
