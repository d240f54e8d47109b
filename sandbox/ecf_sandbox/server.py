"""Serves worlds over HTTP until told to stop: the socket, the server, the first lines on standard output."""

from __future__ import annotations

import errno
import gc
import json
import logging
import signal
import socket
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from shlex import quote
from threading import Lock
from time import monotonic
from typing import Any, NoReturn

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # waitress has no types
from waitress.parser import HTTPRequestParser, get_header_lines  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import ThreadedTaskDispatcher, WSGITask  # type: ignore[import-untyped]
from waitress.utilities import build_http_date  # type: ignore[import-untyped]

from ecf_sandbox import __version__
from ecf_sandbox.first_bytes import is_undecided, other_protocol
from ecf_sandbox.state.ids import new_secret
from ecf_sandbox.transport import DROPPED_HEADERS
from ecf_sandbox.waiting import waiting, works_for

# Measured on two cores, requests/s for show and list at 16 connections: 1 thread 2,400 and 800, 2 threads 2,700 and
# 900, 4 threads 3,650 and 1,200, 8 threads 3,500 and 1,200; at one connection there is no difference.
THREADS = 4
# Test-suites keep idle connections for minutes and many at once; waitress allows two minutes and a hundred.
IDLE_SECONDS, CONNECTIONS = 600, 1000
# waitress keeps what is longer than this in a file.
NO_FILE = 2**40
# So long the rest of a request is waited for, and so much of an answer that its client does not take is kept before
# the next is made.
SENDING_SECONDS, UNSENT = 60, 2**20
# How long an answer in the making may hold up the end.
PATIENCE = 0.05


class CannotListen(Exception):
    """The address cannot be had. Says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
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


def url_of(listening: socket.socket) -> str:
    """Where a client on this machine finds what listens there."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def machine_line(url: str, token: str, edition: str, scenario: str, control_token: str | None = None) -> str:
    """What a script reads to find the server: one JSON object on one line."""
    line = {"url": url, "token": token, "edition": edition, "scenario": scenario}
    return json.dumps(line if control_token is None else {**line, "control_token": control_token})


def greeting(
    url: str, tokens: Sequence[str], edition: str, scenario: str, path: str, control_token: str | None = None
) -> str:
    """What a person reads: where it is, what it shows, and a request for `path` that works as printed."""
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
            f"Show it: {url}/ui/",
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


def serve(app: Any, listening: socket.socket, *, threads: int = THREADS) -> None:
    """Answer requests until a signal comes."""
    server = server_for(app, listening, threads=threads)
    # What has been loaded stays: the collector need not look at it again and again.
    gc.freeze()
    server.run()


def server_for(app: Any, listening: socket.socket, *, threads: int = THREADS, forwards: bool = False) -> Any:
    """A server that answers from `run()` on, in the thread that calls it.

    One that `forwards` keeps what other proxies say in headers of theirs.
    """
    # waitress warns of every request that waits for a thread
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    dispatcher = _Dispatcher()
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
    server.channel_class = _Channel
    return server


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Remembers the headers that it drops because their names have an underscore."""

    dropped: tuple[tuple[str, str], ...] = ()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if b"_" in header_plus:
            lines = get_header_lines(header_plus.partition(b"\r\n")[2])
            pairs = [line.decode("latin-1").partition(":") for line in lines]
            self.dropped = tuple((name, value.strip(" \t")) for name, _, value in pairs if "_" in name)


class _Task(WSGITask):  # type: ignore[misc]
    """Tells the application of the headers that were dropped."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.dropped:
            environ[DROPPED_HEADERS] = self.request.dropped
        return environ

    def build_response_header(self) -> bytes:
        """The head of an answer. That of the usual one, whose length is known, in a third of waitress's time."""
        if self.version != "1.1" or "CONNECTION" in self.request.headers or self.close_on_finish or not self.has_body:
            return bytes(super().build_response_header())
        lines = [(_spelt(name), value) for name, value in self.response_headers]
        names = dict(lines)
        if "Content-Length" not in names or "Date" in names or "Server" in names:
            return bytes(super().build_response_header())
        lines.append(("Date", _date(int(self.start_time))))
        lines.sort(key=_name)  # those of one name stay in their order
        return "\r\n".join([f"HTTP/1.1 {self.status}", *map("%s: %s".__mod__, lines), "", ""]).encode("latin-1")


_name = itemgetter(0)


@lru_cache(maxsize=256)
def _spelt(name: str) -> str:
    return "-".join([it.capitalize() for it in name.split("-")])


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return str(build_http_date(second))


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, which holds up no other: neither by what it sends nor by what it does not take."""

    begun: float | None = None  # when the first bytes came of a request that is not complete

    def __init__(self, server: Any, *args: Any, **options: Any) -> None:
        _make_room(server)
        super().__init__(server, *args, **options)

    def received(self, data: bytes) -> bool:
        """Take in what came; runs in the thread of the server itself."""
        taken = bool(super().received(data))
        if self.request is None:
            self.begun = None
        elif self.begun is None:
            self.begun = monotonic()
        return taken

    def _flush_outbufs_below_high_watermark(self) -> None:
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            with waiting():
                super()._flush_outbufs_below_high_watermark()


def _make_room(server: Any) -> None:
    """Close what has sent half a request for too long and, with no connection left, the one that was idle longest."""
    # Whoever sends a byte now and then is never idle. As the server looks after its connections, so this does now and
    # then, when a connection is made: until one is, those that are there are in nobody's way.
    late = monotonic() - SENDING_SECONDS
    resting = [it for it in list(server.active_channels.values()) if not it.requests]
    for it in resting:
        if it.begun is not None and it.begun < late:
            it.handle_close()
    if len(server._map) >= server.adj.connection_limit - 1:
        idle = min((it for it in resting if it.connected), key=lambda it: it.last_activity, default=None)
        if idle is not None:
            idle.handle_close()


class _Channel(Channel):
    """Closed as soon as its first bytes show that it speaks something else than HTTP."""

    parser_class = _Parser
    task_class = _Task
    first: bytes | None = b""  # what has come so far, until that is known

    def received(self, data: bytes) -> bool:
        if self.first is not None:
            self.first += data
            spoken = other_protocol(self.first)
            if spoken is not None:
                _log.warning(_spoken(spoken), self.addr[0], url_of(self.server.socket))
                self.will_close = True
                return False
            if not is_undecided(self.first):
                self.first = None
        return super().received(data)


_log = logging.getLogger(__name__)


def _spoken(protocol: str) -> str:
    instead = ", not https://" if protocol == "TLS" else ""
    return f"A client at %s speaks {protocol}, and this port only HTTP: connection closed. Use %s{instead}"


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Has a number of threads that work, beside those that wait (`waiting.py`).

    There are at most as many of these as connections. When the process ends, answers in the making are not waited for.
    """

    logger = logging.getLogger("ecf_sandbox.server.threads")

    def __init__(self) -> None:
        super().__init__()
        self._counting = Lock()
        self._working = self._aside = 0

    def set_thread_count(self, count: int) -> None:
        """Let so many work; none, when it ends."""
        with self._counting:
            self._working = count
            self._set()

    def step_aside(self) -> None:
        """The thread that calls it waits: another is started."""
        with self._counting:
            self._aside += 1
            self._set()

    def step_back(self) -> None:
        """It works again: the next that has nothing to do ends."""
        with self._counting:
            self._aside -= 1
            self._set()

    def handler_thread(self, thread_no: int) -> None:
        """Work until the end."""
        works_for(self)
        super().handler_thread(thread_no)

    def start_new_thread(self, target: Any, thread_no: int) -> None:
        """Start one more; where the system gives none, there is one less."""
        try:
            super().start_new_thread(target, thread_no)
        except RuntimeError:
            self.threads.discard(thread_no)
            self.active_count -= 1  # which the caller adds

    def shutdown(self, cancel_pending: bool = True, timeout: float = PATIENCE) -> bool:
        """End; what waits is not waited for."""
        self.logger.disabled = True
        return bool(super().shutdown(cancel_pending, timeout))

    def _set(self) -> None:
        super().set_thread_count(self._working + self._aside if self._working else 0)
