"""What is logged of a request: enough to see what a client does, and neither tokens nor what people are called.

The query is not shown, since a client may send anything in it; the journal has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from time import perf_counter
from typing import Any
from urllib.parse import quote

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.state.clock import REAL
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.redact import Credentials, is_secret, redacted_query, redacted_text

LONGEST = 1000
_IN_A_PATH = "/:@!$&'()*+,;=~"  # besides letters, digits and -._~ (RFC 3986)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_WORTH_A_LOOK = 8  # characters: replacing every `a` hides nothing
# Where the pipeline leaves what it made of a request, for whoever has put this into its environment: its context, and
# the exchange in the journal if there is one.
OUTCOME = "sandbox.outcome"

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class LoggedRequest(Record, frozen=True, kw_only=True):
    """One request in the log. `at` is the machine's time; `status` is None where a fault dropped the connection.

    `world`, `number` (in its journal) and what follows are there for requests to the provider API. Everything is
    printable ASCII: what else stood in the path is percent-encoded, and a method that is none is `?`.
    """

    at: datetime
    method: str
    path: str
    query: bool
    status: int | None
    milliseconds: float
    world: str | None = None
    number: int | None = None
    provider: str | None = None
    rules: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    fault: str | None = None


class RequestLog:
    """Middleware that hands what is to be logged of each request to `write`; `secrets` are taken out of paths."""

    def __init__(self, app: Wsgi, write: Callable[[LoggedRequest], None], secrets: Iterable[str] = ()) -> None:
        self.app = app
        self.write = write
        self.secrets = tuple(secrets)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does, and log it."""
        at, started, status = REAL.now(), perf_counter(), 500
        # As they were sent: on its way the application brings both to one spelling.
        method, path, query = environ["REQUEST_METHOD"], _sent_path(environ), bool(environ.get("QUERY_STRING"))

        def start(line: str, *more: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, *more)

        environ[OUTCOME] = (None, None)
        try:
            return self.app(environ, start)
        finally:
            # Taken out again: a context knows its environment, and a circle would keep a world that is let go.
            context, exchange = environ.pop(OUTCOME)
            hidden = Credentials((*self.secrets, *_known(context), *_presented(environ)))
            logged = LoggedRequest(
                at=at,
                method=method if method.isascii() and method.isalpha() else "?",
                path=_without_secrets(hidden.text(path))[:LONGEST],
                query=query,
                status=status,
                milliseconds=round((perf_counter() - started) * 1000, 1),
            )
            self.write(logged if context is None else _with_outcome(logged, context, exchange))


def _with_outcome(logged: LoggedRequest, context: RequestContext, exchange: Exchange | None) -> LoggedRequest:
    """The same with what the pipeline made of the request."""
    fault = context.fault
    return replace(
        logged,
        status=None if fault is not None and fault.drop else logged.status,
        world=context.world.name if context.world else None,
        number=exchange.number if exchange else None,
        provider=context.caller,
        rules=tuple(it.rule for it in exchange.refusals) if exchange else (),
        findings=tuple(it.code for it in context.findings or ()),
        fault=fault.id if fault else None,
    )


def _known(context: RequestContext | None) -> Iterable[str]:
    """The tokens of the world that a request was for."""
    if context is None or context.world is None:
        return ()
    return context.world.tokens


def _sent_path(environ: Mapping[str, Any]) -> str:
    """The path as it was sent, in printable ASCII, without escapes that are not needed: they could hide a token."""
    sent: str = environ.get("REQUEST_URI", "").partition("?")[0]
    if sent.startswith("/"):
        return _ESCAPE.sub(_unescaped, quote(sent.encode("latin-1", "replace"), safe=f"%{_IN_A_PATH}"))
    path: str = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    return quote(path.encode("latin-1", "replace"), safe=_IN_A_PATH)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape[0]


def _without_secrets(path: str) -> str:
    return redacted_text("/".join(map(redacted_query, path.split("/"))))


def _presented(environ: Mapping[str, Any]) -> list[str]:
    """The tokens that a request shows, which may stand in its path as well."""
    shown = [value for key, value in environ.items() if key.startswith("HTTP_") and is_secret(key[5:])]
    words = [word for it in shown for word in (*it.split(), it.partition("~")[0].rpartition(" ")[2])]
    return [it for it in words if len(it) >= _WORTH_A_LOOK]
