"""Serves worlds over HTTP until told to stop: the socket, the server, the first lines on standard output."""

from __future__ import annotations

import errno
import gc
import json
import logging
import signal
import socket
from collections.abc import Iterable, Sequence
from copy import copy
from functools import partial
from shlex import quote
from typing import Any, NoReturn

from waitress.server import create_server  # type: ignore[import-untyped]  # waitress has no types

from ecf_sandbox import __version__
from ecf_sandbox.serving.address import is_this_machine
from ecf_sandbox.serving.allocator import share_one_arena
from ecf_sandbox.serving.connection import Channel, Hosts
from ecf_sandbox.serving.draining import run_until_signal
from ecf_sandbox.serving.leader import Leader, turn
from ecf_sandbox.serving.threads import Dispatcher, Wake
from ecf_sandbox.state.ids import new_secret
from ecf_sandbox.transport import MOST_BODY, MOST_IMPORT

# One leads, the others answer what takes long: as many as that are needed.
THREADS = 4
# Test-suites keep idle connections for minutes and many at once; waitress allows two minutes and a hundred.
IDLE_SECONDS, CONNECTIONS = 600, 1000
# So many may come at once.
BACKLOG = 1024
# waitress keeps what is longer than this in a file.
NO_FILE = 2**40
# So many objects are made before the collector looks for cycles among them.
COLLECT_AFTER = 10_000
# So much of an answer that its client does not take is kept before the next is made.
UNSENT = 2**20


class CannotListen(Exception):
    """The address cannot be had. Says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any free one. Raises CannotListen."""
    if not host:  # which the system takes for every address
        raise CannotListen(
            "cannot listen: no address is given. 127.0.0.1 is this machine alone, 0.0.0.0 is any network"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Every address of IPv6 includes every address of IPv4, where the system can have both on one socket.
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        raise CannotListen(_why(host, port, error)) from None


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken: stop what listens there, or choose another with --port (0: any free one)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} of {host} needs administrator rights: choose one above 1023 with --port (0: any free one)"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}"


def machine_line(url: str, token: str, edition: str, scenario: str, control_token: str | None = None) -> str:
    """What a script reads to find the server: one JSON object on one line."""
    line = {"url": url, "token": token, "edition": edition, "scenario": scenario}
    return json.dumps(line if control_token is None else {**line, "control_token": control_token})


def greeting(
    url: str,
    tokens: Sequence[str],
    edition: str,
    scenario: str,
    path: str,
    control_token: str | None = None,
    *,
    pages: bool = True,
) -> str:
    """What a person reads: where it is, what it shows, and a request for `path` that works as printed.

    `pages` says whether its service has pages to look at.
    """
    others = f"  (others: {', '.join(tokens[1:])})" if tokens[1:] else ""
    header = quote(f"Authorization: Bearer {tokens[0]}")
    control = () if control_token is None else (f"  control   {control_token}  (for {url}/_sandbox/, X-Sandbox-Token)",)
    return "\n".join(
        (
            f"ecf-sandbox {__version__} listens on {url}",
            f"  edition   {edition}",
            f"  scenario  {scenario}",
            f"  token     {tokens[0]}{others}",
            *control,
            "Try a request:",
            f"  curl -H {header} {url}{path}",
            *((f"Show it: {url}/ui/",) if pages else ()),
            "Ctrl-C stops it. All options: ecf-sandbox serve --help",
        )
    )


def control_token_for(host: str) -> str | None:
    """A new control token for an address that other machines reach; None for one that only this machine does."""
    if host in ("127.0.0.1", "localhost", "::1"):
        return None
    return new_secret()


def stop_on_signals() -> None:
    """From now on Ctrl-C, SIGTERM and a terminal that is closed end the process in good order."""
    for number in _ending():
        signal.signal(number, _stop)


def _ending() -> list[signal.Signals]:
    found = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)  # which Windows has not
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # as nohup wants it
        found.append(hang_up)
    return found


def _stop(_number: int, _frame: object) -> NoReturn:
    # What is written at the end is written once, and whole.
    for number in _ending():
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def serve(
    app: Any,
    listening: socket.socket,
    *,
    threads: int = THREADS,
    hosts: Iterable[str] = (),
    most_body: int = MOST_BODY,
) -> None:
    """Answer requests until a signal comes, and those that have come by then."""
    share_one_arena()
    server = server_for(app, listening, threads=threads, hosts=hosts, most_body=most_body)
    # What has been loaded stays: the collector need not look at it again and again.
    gc.freeze()
    # Nor at each few requests, since what they leave behind is hardly ever a cycle: that was a twelfth of a write.
    gc.set_threshold(COLLECT_AFTER)
    run(server)


def run(server: Any) -> None:
    """Answer requests until a signal comes, and those that have come by then."""
    run_until_signal(server, _ending())


def _accept_all(server: Any) -> None:
    """Take the connections that have come, not one in each turn as waitress does: a turn looks at all there are."""
    for _ in range(BACKLOG):
        there = len(server.active_channels)
        server.accept_one()
        if len(server.active_channels) == there:
            break


def _run_until_closed(server: Any) -> None:
    while server._map:
        turn(server)


def server_for(
    app: Any,
    listening: socket.socket,
    *,
    threads: int = THREADS,
    forwards: bool = False,
    hosts: Iterable[str] = (),
    most_body: int = MOST_BODY,
) -> Any:
    """A server that answers from `run()` on, in the thread that calls it.

    One that `forwards` keeps what other proxies say in headers of theirs. Where only this machine reaches it, a request
    must be addressed to this machine, or to one of the `hosts`: a page on the web can give its own name the address of
    this machine, and would read the answers (DNS rebinding). A body has at most `most_body` bytes.
    """
    # waitress warns of every request that waits for a thread
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    dispatcher = Dispatcher()
    dispatcher.set_thread_count(threads)
    server = create_server(
        app,
        _dispatcher=dispatcher,
        sockets=[listening],
        ident=None,
        # A fault that drops the connection raises an OSError, upon which waitress closes it quietly: with this.
        log_socket_errors=False,
        channel_timeout=IDLE_SECONDS,
        connection_limit=CONNECTIONS,
        clear_untrusted_proxy_headers=not forwards,
        # Nothing is written to the disk, however long.
        inbuf_overflow=NO_FILE,
        outbuf_overflow=NO_FILE,
        outbuf_high_watermark=UNSENT,
    )
    server.channel_class = Channel
    server.run = partial(_run_until_closed, server)
    server.accept_one, server.handle_accept = server.handle_accept, partial(_accept_all, server)
    server.leader = dispatcher.leader = Leader(dispatcher.take_waiting, server.pull_trigger)
    server.pull_trigger = Wake(server.pull_trigger)
    server.ending = False
    # What forwards has nothing to show but what the server behind shows, and that one judges.
    server.hosts = Hosts(hosts) if is_this_machine(listening.getsockname()[0]) and not forwards else None
    # waitress refuses what is as large as its limit.
    server.adj.max_request_body_size = most_body + 1
    imports = server.adj.imports = copy(server.adj)
    imports.max_request_body_size = max(most_body, MOST_IMPORT) + 1
    return server
