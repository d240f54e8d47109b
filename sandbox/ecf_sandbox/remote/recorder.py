"""What a proxy keeps of the exchanges that go through it: a journal of a world without records, and a file if asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.paths import spell
from ecf_sandbox.api.router import router_of
from ecf_sandbox.remote.checks import Checks, plain_body, rows_in
from ecf_sandbox.remote.secrets import Secrets
from ecf_sandbox.remote.upstream import Headers, UpstreamResponse
from ecf_sandbox.rulebook.refusals import BadRequest, UnknownMediaType, UnreadableRequest
from ecf_sandbox.state.clock import machine_now
from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.ids import new_secret
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.redact import redacted_query
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN, Worlds

UNAUTHENTICATED = 401
_MOST_CALLERS = 1000


class Callers:
    """Names for those who ask, told apart by their tokens, of which only a keyed hash is held."""

    def __init__(self) -> None:
        self._key = new_secret().encode()[:64]
        self._names: dict[bytes, str] = {}
        self._lock = Lock()

    def name(self, environ: Mapping[str, Any], status: int) -> str | None:
        """A name such as `token 1`; None if the server has not accepted the token."""
        if status == UNAUTHENTICATED:
            return None
        shown = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        key = blake2b(shown, key=self._key).digest()
        with self._lock:
            if key not in self._names and len(self._names) >= _MOST_CALLERS:
                return "another token"
            return self._names.setdefault(key, f"token {len(self._names) + 1}" if shown else "nobody")


class JournalFile:
    """A file to which exchanges are added, one to a line, each whole and at once. Raises OSError if it is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._lock = Lock()
        self._broken = False

    def write(self, exchange: Exchange) -> None:
        """Add an exchange. When the file cannot be written any more that is said once, and the rest is left out."""
        line = as_json_lines([exchange]).encode()
        with self._lock:
            try:
                while line and not self._broken:
                    line = line[os.write(self._descriptor, line) :]
            except OSError as error:
                self._broken = True
                print(f"ecf-sandbox: {self.path} cannot be written any more: {error.strerror}", file=sys.stderr)


class Routing:
    """The places of the provider API."""

    def __init__(self, service: Service) -> None:
        self._router = router_of(service)

    def spelt(self, environ: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """A copy of a request, its path and method spelt as the routes are."""
        copy = {**environ, "wsgi.input": BytesIO(body)}
        spell(copy)
        return copy

    def context(self, environ: Mapping[str, Any], body: bytes, caller: str | None) -> RequestContext:
        """What can be learnt of a request that is spelt; `caller` is None for one whose token was not accepted."""
        context = RequestContext(environ)
        context.follow(self._router.match(context.path, context.method, context.suffix))
        context.body, context.caller = body, caller
        if caller is not None and context.version:
            with suppress(UnreadableRequest, UnknownMediaType, BadRequest):
                context.parse_parameters()
        return context


class Recorded(Record, frozen=True, kw_only=True):
    """The number of an exchange, what was found in the request, and how the answer differs from our documents."""

    number: int
    findings: tuple[Finding, ...]
    faults: tuple[Finding, ...]


class Recorder:
    """Notes exchanges. No credentials are kept, in memory or anywhere, and no body that is too long for the journal.

    Another server's records are unknown: the world has none, and each exchange a state of its own, so that nothing
    claims that all is as it was before.
    """

    def __init__(self, url: str, service: Service, file: JournalFile | None = None) -> None:
        self._records = service.records_type()
        edition = replace(service.default_edition, name=f"that of {url}")
        self.world = World(
            MAIN, State(records=self._records), service=service, edition=edition, scenario=f"proxy to {url}"
        )
        self.worlds = Worlds(self.world, limit=1)
        self._file = file
        self._routing = Routing(service)
        self._judging = Checks(service)
        self._callers = Callers()

    def note(
        self,
        environ: Mapping[str, Any],
        body: bytes,
        answered: UpstreamResponse,
        *,
        ours: bool = False,
        took: float = 0.0,
    ) -> Recorded:
        """Keep an exchange; an answer of `ours`, because the server gave none, is not judged."""
        secrets = Secrets(environ)
        seen = self._routing.spelt({**environ, "QUERY_STRING": redacted_query(environ.get("QUERY_STRING", ""))}, body)
        context = self._routing.context(seen, body, self._callers.name(seen, answered.status))
        context.world, context.before = self.world, State(records=self._records)
        before = context.before
        plain = plain_body(answered)
        found = self._judging.of_request(context)
        faults = () if ours else self._judging.of_answer(seen["REQUEST_METHOD"], _target(seen), answered, plain)
        findings = tuple(map(secrets.finding, found))
        faults = tuple(map(secrets.finding, faults))
        at = machine_now()
        exchange = self.world.journal.note(
            lambda number: Exchange(
                number=number,
                operation=context.info.operation,
                method=seen["REQUEST_METHOD"],
                target=secrets.text(_target(seen)),
                at=at,
                moment=at,
                provider=context.caller,
                request_headers=secrets.headers(sent_headers(environ)),
                request_body=secrets.body(self._kept(body)),
                status=answered.status,
                response_headers=secrets.headers(answered.headers),
                response_body=secrets.body(self._kept(_shown(answered, plain))),
                refusals=(),
                changes=(),
                before=before,
                findings=findings + faults,
                took=took,
                rows=rows_in(plain) if context.info.is_list and answered.status == 200 else None,
            )
        )
        if self._file is not None:
            self._file.write(exchange)
        return Recorded(number=exchange.number, findings=findings, faults=faults)

    def _kept(self, body: bytes) -> bytes:
        """A body, unless it alone would take more than half the room of the journal."""
        return body if len(body) <= self.world.journal.budget // 2 else b""


def _shown(answered: UpstreamResponse, plain: bytes | None) -> bytes:
    """What is kept of a body: all of it, without its coding if we know that, or nothing."""
    if answered.rest is not None:
        return b""
    return answered.body if plain is None else plain


def _target(environ: Mapping[str, Any]) -> str:
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    return f"{path}?{query}" if query else path


def sent_headers(environ: Mapping[str, Any]) -> Headers:
    """The headers that a client sent, as WSGI tells them."""
    sent = [(key[5:].replace("_", "-").title(), value) for key, value in environ.items() if key.startswith("HTTP_")]
    content_type = environ.get("CONTENT_TYPE")
    return [*sent, ("Content-Type", content_type)] if content_type is not None else sent
