"""One connection of a server: its requests, their bounds and heads."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from operator import itemgetter
from threading import Lock
from time import monotonic, time
from typing import Any
from urllib.parse import clear_cache  # type: ignore[attr-defined]  # which typeshed does not know

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # waitress has no types
from waitress.parser import HTTPRequestParser, get_header_lines  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]
from waitress.utilities import Error, RequestEntityTooLarge, build_http_date  # type: ignore[import-untyped]

from ecf_sandbox.serving.address import host_name, is_this_machine, url_of
from ecf_sandbox.serving.first_bytes import is_undecided, other_protocol
from ecf_sandbox.state.waiting import waiting
from ecf_sandbox.transport import BODY_LIMIT, DROPPED_HEADERS, MOST_BODY, BodyTooLarge, body_limit

# So long the rest of a request is waited for.
SENDING_SECONDS = 60
# For so many seconds what still comes of a body that is refused is passed over, so that the client reads its answer.
LINGER = 2.0
# The standard library remembers the last 128 targets that it took apart, but none of what is longer than this.
LONG_HEAD = 8192


class Hosts:
    """The names by which a server may be addressed that only this machine reaches."""

    def __init__(self, more: Iterable[str]) -> None:
        self._more = frozenset(it.lower() for it in more)
        self._seen: set[str] = set()  # those of clients that behave: looked up and not judged again

    def have(self, named: str) -> bool:
        """Whether a `Host` header names one of them."""
        if named in self._seen:
            return True
        host = host_name(named)
        known = is_this_machine(host) or (host is not None and host.lower() in self._more)
        if known and len(self._seen) < _SEEN:
            self._seen.add(named)
        return known


def _is_here(request: Any, hosts: Hosts) -> bool:
    # RFC 9112, 3.2.2: a target that is a whole address has the name, whatever `Host` says.
    if request.proxy_netloc and not hosts.have(request.proxy_netloc):
        return False
    return request.path.startswith(_JUDGE) or hosts.have(request.headers.get("HOST", "localhost"))


_SEEN = 100
# The pages and the control plane judge by themselves whom they let in.
_JUDGE = ("/_sandbox/", "/ui/")
ELSEWHERE = (
    "This sandbox is addressed as http://127.0.0.1 or http://localhost: only this machine may use it, and no web page"
    " under another name. Another name is allowed with: ecf-sandbox serve --allow-host NAME"
)


class _Refused(Error):  # type: ignore[misc]
    """What is answered by the server itself, without the application; the connection ends then."""

    def __init__(self, code: int, reason: str, words: str) -> None:
        self.code, self.reason, self.body = code, reason, words

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:  # noqa: ARG002
        """As waitress has it."""
        return f"{self.code} {self.reason}", [("Content-Type", "text/plain; charset=utf-8")], f"{self.body}\n".encode()


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Remembers the headers that it drops because their names have an underscore, and bounds the body."""

    adj: Any
    error: Any = None
    dropped: tuple[tuple[str, str], ...] = ()
    too_large = False
    ambiguous = False  # its end may be seen elsewhere by whoever stands between

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.error is not None:
            self.expect_continue = False  # nobody is asked to go on
            if isinstance(self.error, RequestEntityTooLarge):
                self.too_large = True
                words = str(BodyTooLarge(self.adj.max_request_body_size - 1))
                self.error = _Refused(413, "Content Too Large", words)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if len(header_plus) > LONG_HEAD:
            clear_cache()
        if self.path.startswith("/_sandbox") and body_limit(self.path) != MOST_BODY:
            self.adj = self.adj.imports
        # RFC 9112, 6.1: such a request may smuggle another, so nothing that follows on its connection is read.
        self.ambiguous = "CONTENT_LENGTH" in self.headers and b"transfer-encoding" in header_plus.lower()
        if b"_" in header_plus:
            lines = get_header_lines(header_plus.partition(b"\r\n")[2])
            pairs = [line.decode("latin-1").partition(":") for line in lines]
            self.dropped = tuple((name, value.strip(" \t")) for name, _, value in pairs if "_" in name)


class Task(WSGITask):  # type: ignore[misc]
    """Tells the application of the headers that were dropped, and refuses what is addressed to others."""

    wrote_header: bool

    def execute(self) -> None:
        """Answer the request."""
        request, hosts = self.request, self.channel.server.hosts
        if request.ambiguous or self.channel.server.ending:
            self.set_close_on_finish()
        if hosts is not None and not _is_here(request, hosts):
            self.refuse(_Refused(403, "Forbidden", ELSEWHERE))
            return
        super().execute()

    def refuse(self, why: _Refused) -> None:
        """Answer in place of the application."""
        status, headers, body = why.to_response()
        self.status, self.content_length = status, len(body)
        self.response_headers += headers
        self.set_close_on_finish()
        self.complete = True
        self.write(b"" if self.request.command == "HEAD" else body)

    def write(self, data: bytes) -> None:
        """Send a part of the body; where it is all, with the head before it, so that the client is woken once."""
        if self.wrote_header or not self.complete or not self.has_body or not _is_whole(data, self.content_length):
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written = len(data)
        self.channel.write_soon(head + data)

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.dropped:
            environ[DROPPED_HEADERS] = self.request.dropped
        if (limit := self.channel.adj.max_request_body_size - 1) != MOST_BODY:
            environ[BODY_LIMIT] = limit
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


def _is_whole(data: bytes, length: int | None) -> bool:
    return length is not None and 0 < length == len(data) <= _COPIED


_COPIED = 65_536  # what is longer is sent without being copied
_name = itemgetter(0)


@lru_cache(maxsize=256)
def _spelt(name: str) -> str:
    return "-".join([it.capitalize() for it in name.split("-")])


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return str(build_http_date(second))


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, which holds up no other: neither by what it sends nor by what it does not take.

    It is closed as soon as its first bytes show that it speaks something else than HTTP.
    """

    parser_class = Parser
    task_class = Task
    close_when_flushed: bool = False
    refuses_a_body = False
    lingers: float | None = None  # until when what still comes is passed over
    first: bytes | None = b""  # what has come so far, until that is known
    begun: float | None = None  # when the first bytes came of a request that is not complete
    is_attended = False  # a thread is with it, which alone reads what comes
    is_sending = False  # a thread sends what it can at once

    def __init__(self, server: Any, *args: Any, **options: Any) -> None:
        _make_room(server)
        self._reading = Lock()  # what is received together is taken in together, whichever thread does it
        super().__init__(server, *args, **options)

    def readable(self) -> bool:
        """Whether the server itself is to read what comes."""
        return not self.is_attended and bool(super().readable())

    def writable(self) -> bool:
        """Whether the server itself is to write what there is, or to close."""
        return not self.is_sending and bool(super().writable())

    def write_soon(self, data: Any) -> int:
        """Send what can be sent at once, and leave the rest to the server itself, which does not look meanwhile.

        It would find that there is something to write each time that it looks, and look again at once.
        """
        self.is_sending = True
        try:
            return int(super().write_soon(data))
        finally:
            self.is_sending = False
            if self.total_outbufs_len:
                self.server.pull_trigger()

    @property
    def can_be_read(self) -> bool:
        """Whether another request may come."""
        return bool(self.connected and super().readable())

    def service(self) -> None:
        """Answer what was asked; the thread that leads goes on with what is asked next (`Leader`)."""
        self.is_attended = True
        if not self.server.task_dispatcher.lead(self):
            try:
                self._answer()
            finally:
                self.give_back()

    def give_back(self) -> None:
        """Leave it to the server's own thread to read from it, and to any other to answer."""
        rest = bool(self.requests)  # before the server may read on, and have more answered
        self.is_attended = False
        if rest:
            self.server.add_task(self)
        elif self.connected:
            self.server.pull_trigger()

    def answer_next(self) -> bool:
        """Answer one request, or read what has come of it; whether there was anything."""
        if not self.requests:
            with self._reading:
                try:
                    more = self.socket.recv(self.adj.recv_bytes)
                except (OSError, ValueError):  # the latter where it has been closed here
                    more = b""  # the server itself will see it, as it will the end
                if not more:
                    return False
                self.last_activity = time()
                self.received(more)
        if self.requests:
            self._answer()
        return True

    def _answer(self) -> None:
        with self.server.pull_trigger.while_answering(self):
            super().service()

    def received(self, data: bytes) -> bool:
        """Take in what came; runs in the thread of the server itself, or in the one that attends to the connection."""
        if self.first is not None:
            self.first += data
            spoken = other_protocol(self.first)
            if spoken is not None:
                _log.warning(_spoken(spoken), self.addr[0], url_of(self.server.socket))
                self.will_close = True
                return False
            if not is_undecided(self.first):
                self.first = None
        taken = bool(super().received(data))
        self.refuses_a_body = any(it.too_large for it in self.requests)
        if self.request is None:
            self.begun = None
        elif self.begun is None:
            self.begun = monotonic()
        return taken

    def handle_write(self) -> None:
        """Send what there is to send, and close where that was the last."""
        if self.lingers is not None or not (self.close_when_flushed and self.refuses_a_body):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close:
            self.handle_close()
        elif not self.total_outbufs_len:
            # Closed with bytes unread, the connection would be reset, and the client not see why it is refused.
            self.close_when_flushed = False
            self.lingers = monotonic() + LINGER
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    def handle_read(self) -> None:
        """Take what has come."""
        if self.lingers is None:
            with self._reading:
                if not self.is_attended:
                    super().handle_read()
            return
        try:
            more = self.recv(self.adj.recv_bytes)
        except OSError:
            more = b""
        if not more or monotonic() > self.lingers:
            self.handle_close()

    def _flush_outbufs_below_high_watermark(self) -> None:
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self.is_sending = False
            with waiting():
                super()._flush_outbufs_below_high_watermark()


def _make_room(server: Any) -> None:
    """Close what has sent half a request for too long and, with no connection left, the one that was idle longest."""
    # Whoever sends a byte now and then is never idle. As the server looks after its connections, so this does now and
    # then, when a connection is made: until one is, those that are there are in nobody's way.
    late = monotonic() - SENDING_SECONDS
    resting = [it for it in list(server.active_channels.values()) if not it.requests and not it.is_attended]
    for it in resting:
        if it.begun is not None and it.begun < late:
            it.handle_close()
    if len(server._map) >= server.adj.connection_limit - 1:
        idle = min((it for it in resting if it.connected), key=lambda it: it.last_activity, default=None)
        if idle is not None:
            idle.handle_close()


_log = logging.getLogger(__name__)


def _spoken(protocol: str) -> str:
    instead = ", not https://" if protocol == "TLS" else ""
    return f"A client at %s speaks {protocol}, and this port only HTTP: connection closed. Use %s{instead}"
