"""What a proxy keeps of the exchanges that go through it: a journal of a world without records, and a file if asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.remote.proxy.callers import Callers
from ecf_sandbox.remote.proxy.journal_file import JournalFile
from ecf_sandbox.remote.proxy.judging import Judging, plain_body, rows_in
from ecf_sandbox.remote.proxy.routing import Routing
from ecf_sandbox.remote.proxy.secrets import Secrets, query_without
from ecf_sandbox.remote.proxy.upstream import Answered, Headers
from ecf_sandbox.state.clock import machine_now
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN, Worlds


class Noted(Record, frozen=True, kw_only=True):
    """The number of an exchange, what was found in the request, and how the answer differs from our documents."""

    number: int
    findings: tuple[Finding, ...]
    faults: tuple[Finding, ...]


class Notes:
    """Notes exchanges. No credentials are kept, in memory or anywhere, and no body that is too long for the journal.

    Another server's records are unknown: the world has none, and each exchange a state of its own, so that nothing
    claims that all is as it was before.
    """

    def __init__(self, url: str, file: JournalFile | None = None) -> None:
        self._records = Records()
        edition = replace(GUIDANCE, name=f"that of {url}")
        self.world = World(MAIN, State(records=self._records), edition=edition, scenario=f"proxy to {url}")
        self.worlds = Worlds(self.world, limit=1)
        self._file = file
        self._routing = Routing()
        self._judging = Judging()
        self._callers = Callers()

    def note(self, environ: Mapping[str, Any], body: bytes, answered: Answered, *, ours: bool = False) -> Noted:
        """Keep an exchange; an answer of `ours`, because the server gave none, is not judged."""
        secrets = Secrets(environ)
        seen = self._routing.spelt({**environ, "QUERY_STRING": query_without(environ.get("QUERY_STRING", ""))}, body)
        trace = self._routing.trace(seen, body, self._callers.name(seen, answered.status))
        before = State(records=self._records)
        plain = plain_body(answered)
        found = self._judging.of_request(trace, self.world, before, seen)
        faults = () if ours else self._judging.of_answer(seen["REQUEST_METHOD"], _target(seen), answered, plain)
        findings = tuple(map(secrets.finding, found))
        faults = tuple(map(secrets.finding, faults))
        at = machine_now()
        exchange = self.world.journal.note(
            lambda number: Exchange(
                number=number,
                operation=trace.operation,
                method=seen["REQUEST_METHOD"],
                target=secrets.text(_target(seen)),
                at=at,
                moment=at,
                provider=trace.provider,
                request_headers=secrets.headers(sent_headers(environ)),
                request_body=secrets.body(self._kept(body)),
                status=answered.status,
                response_headers=secrets.headers(answered.headers),
                response_body=secrets.body(self._kept(_shown(answered, plain))),
                judgements=(),
                refusals=(),
                changes=(),
                before=before,
                findings=findings + faults,
                rows=rows_in(plain) if trace.place.lists and answered.status == 200 else None,
            )
        )
        if self._file is not None:
            self._file.write(exchange)
        return Noted(number=exchange.number, findings=findings, faults=faults)

    def _kept(self, body: bytes) -> bytes:
        """A body, unless it alone would take more than half the room of the journal."""
        return body if len(body) <= self.world.journal.budget // 2 else b""


def _shown(answered: Answered, plain: bytes | None) -> bytes:
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
