"""The proxy as a WSGI application: passes requests and answers through, and its own journal below `/_sandbox`."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any
from urllib.parse import quote

from flask import Request

from ecf_sandbox.control.http import ControlPlane
from ecf_sandbox.control.problem import MEDIA_TYPE, Problem
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.remote.recorder import Recorded, Recorder, sent_headers
from ecf_sandbox.remote.upstream import Headers, NoAnswer, Upstream, UpstreamResponse, end_to_end

# What makes sense without records, and what `ecf-sandbox report` asks for.
OFFERED = frozenset(
    """
    health list_worlds show_world list_exchanges count_exchanges show_exchange verify clear_journal
    export_journal export_journals
    """.split()
)
_BODILESS = frozenset({204, 304})
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_log = logging.getLogger(__name__)

Environ = Mapping[str, Any]


class Proxy:
    """Passes everything on to the server behind it, except what is below `/_sandbox`, and notes it.

    With a `control_token` whoever asks for the journal must show it; without one only this machine may.
    """

    def __init__(self, upstream: Upstream, notes: Recorder, control_token: str | None = None) -> None:
        self.upstream = upstream
        self.notes = notes
        offered = [it for it in OPERATIONS if it.name in OFFERED]
        self.control = ControlPlane(notes.worlds, control_token, offered)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return self.control.answer(Request(environ))(environ, start_response)
        body = environ["wsgi.input"].read()
        started = perf_counter()
        answered, ours = self._answered(environ, body)
        noted = self._noted(environ, body, answered, ours, perf_counter() - started)
        headers = [*answered.headers, *_framing(environ, answered), *noted]
        start_response(f"{answered.status} {answered.reason}", headers)
        if environ["REQUEST_METHOD"] == "HEAD" or answered.status in _BODILESS:
            return ()
        return (answered.body,) if answered.rest is None else _streamed(answered)

    def _answered(self, environ: Environ, body: bytes) -> tuple[UpstreamResponse, bool]:
        """The answer, and whether it is ours because there is none."""
        method, target = environ["REQUEST_METHOD"], target_of(environ)
        if method == "CONNECT":
            detail = "this is a reverse proxy for one server: give your client its address instead of the server's"
            return _problem(Problem("no-tunnel", 405, detail)), True
        try:
            return self.upstream.ask(method, target, _headers(environ, body), _body(environ, body)), False
        except NoAnswer as reason:
            kind, status = ("timeout", 504) if reason.timed_out else ("unreachable", 502)
            return _problem(Problem(kind, status, str(reason))), True

    def _noted(self, environ: Environ, body: bytes, answered: UpstreamResponse, ours: bool, took: float) -> Headers:
        try:
            return _help_beside(self.notes.note(environ, body, answered, ours=ours, took=took))
        except Exception as mistake:
            # Whatever becomes of our notes, the client gets the server's answer. What it says may hold a token.
            _log.error("an exchange could not be recorded: %s", type(mistake).__name__)
            return []


def target_of(environ: Environ) -> str:
    """Path and query as they were sent, without the address of the server if that was sent too."""
    sent: str = environ.get("REQUEST_URI") or quote(environ["PATH_INFO"].encode("latin-1"))
    if "REQUEST_URI" not in environ and environ.get("QUERY_STRING"):
        sent += f"?{environ['QUERY_STRING']}"
    found = _ORIGIN.match(sent)
    if found is None:
        return sent
    rest = sent[found.end() :]
    return rest if rest.startswith("/") else f"/{rest}"


def _headers(environ: Environ, body: bytes) -> Headers:
    headers = [it for it in end_to_end(sent_headers(environ)) if it[0] != "Host"]
    return [*headers, ("Content-Length", str(len(body)))] if _has_body(environ, body) else headers


def _body(environ: Environ, body: bytes) -> bytes | None:
    return body if _has_body(environ, body) else None


def _has_body(environ: Environ, body: bytes) -> bool:
    return bool(body) or environ.get("CONTENT_LENGTH") is not None


def _framing(environ: Environ, answered: UpstreamResponse) -> Headers:
    """How long the body is, if that is known."""
    bodiless = environ["REQUEST_METHOD"] == "HEAD" or answered.status in _BODILESS or answered.rest is not None
    length = answered.length if bodiless else len(answered.body)
    return [] if length is None else [("Content-Length", str(length))]


def _streamed(answered: UpstreamResponse) -> Iterable[bytes]:
    yield answered.body
    yield from answered.rest or ()


def _problem(problem: Problem) -> UpstreamResponse:
    """An answer of the proxy itself."""
    body = json.dumps(problem.document(), ensure_ascii=False).encode()
    headers = [("Content-Type", MEDIA_TYPE), ("X-Sandbox-Proxy-Problem", problem.kind)]
    return UpstreamResponse(problem.status, "Proxy has no answer", headers, body, len(body))


def _help_beside(noted: Recorded) -> Headers:
    """What the proxy has to say: the number in its journal, how much was found in the request and in the answer.

    The names are its own, because the server behind may be a sandbox too.
    """
    headers = [("X-Sandbox-Proxy-Request-Id", str(noted.number))]
    if noted.findings:
        headers.append(("X-Sandbox-Proxy-Findings", str(len(noted.findings))))
    if noted.faults:
        headers.append(("X-Sandbox-Proxy-Answer-Differs", str(len(noted.faults))))
    return headers
