"""The edge of the provider API: takes a request to its endpoint, and whatever comes of it to an answer.

In the service's order (behaviour/http-and-partnerships.md#b1): server date, rate limit, path, token, its scope,
the shape of `filter`, then the endpoint.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from itertools import count
from time import perf_counter
from typing import Any
from urllib.parse import unquote

from ecf_sandbox.api import errors
from ecf_sandbox.api.accept import format_of_suffix, format_wanted, uuid_of
from ecf_sandbox.api.auth import OutOfScope, Unauthenticated, provider_of, server_date, too_far, world_of
from ecf_sandbox.api.call import Call, Csv, Json
from ecf_sandbox.api.headers import dressed, request_id, transport
from ecf_sandbox.api.paths import API, insist_on_utf8, last_suffix, suffix_of
from ecf_sandbox.api.recorder import Trace, help_beside, note
from ecf_sandbox.api.request import NotAcceptable, audit, body_of, csv_wanted, named_format, told
from ecf_sandbox.api.response import CSV, JSON, Answer, Response, answer_instead, encode, half, no_answer
from ecf_sandbox.ecf.routes import Kind, Route
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound, Refused, UnknownMediaType, Unreadable
from ecf_sandbox.state.faults import WINDOW, Fault
from ecf_sandbox.state.findings import Finding, Observing, Severity
from ecf_sandbox.state.ids import nth_id
from ecf_sandbox.state.place import NOWHERE
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import BadWorldName, Worlds

Environ = Mapping[str, Any]
Endpoint = Callable[[Call], Json | Csv]
# Answers a request whose path has this id, or none.
Operation = Callable[[Environ, str | None], Response]

_log = logging.getLogger(__name__)

# The verbs of HTTP and its extensions; any other is a 405.
_METHODS = frozenset(
    {
        "OPTIONS",
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "VERSION-CONTROL",
        "REPORT",
        "CHECKOUT",
        "CHECKIN",
        "UNCHECKOUT",
        "MKWORKSPACE",
        "UPDATE",
        "LABEL",
        "MERGE",
        "BASELINE-CONTROL",
        "MKACTIVITY",
        "ORDERPATCH",
        "ACL",
        "SEARCH",
        "MKCALENDAR",
        "PATCH",
    }
)


class TooManyRequests(Exception):
    """The limit of requests is used up (429)."""


class RefusedByObserver(Exception):
    """A world that refuses what its observer calls an error got such a request."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        super().__init__(", ".join(it.code for it in findings))


class Edge:
    """Answers the requests of one application."""

    def __init__(self, worlds: Worlds, rate_limit: int | None) -> None:
        self.worlds = worlds
        self.rate_limit = rate_limit
        self._endpoints: dict[str, Endpoint] = {}
        self._requests = count()

    def operation(self, route: Route, version: int) -> Operation:
        """What answers the requests that a route fits."""
        place = route.place(version)

        def operation(environ: Environ, id: str | None) -> Response:
            trace = Trace(place)
            return self._respond(environ, trace, lambda: self._act(route, version, id, environ, trace))

        return operation

    def no_route(self, environ: Environ) -> Response:
        """The answer to a request that no route fits."""
        trace = Trace(NOWHERE)
        return self._respond(environ, trace, lambda: self._lost(environ, trace))

    def _respond(self, environ: Environ, trace: Trace, act: Callable[[], Answer]) -> Response:
        started = perf_counter()
        answer, fault = self._troubled(environ, trace, act)
        status, headers, body = dressed(answer, environ, self._second)
        given = environ.get("HTTP_X_REQUEST_ID")
        headers.append(("X-Request-Id", request_id(given) if given else nth_id("request", next(self._requests))))
        exchange = note(trace, environ, answer, headers)
        headers += help_beside(trace, exchange)
        headers.append(("X-Runtime", f"{perf_counter() - started:.6f}"))
        headers += transport(environ)
        if fault is not None and (fault.drop or fault.truncate):
            headers.append(("Content-Length", str(len(body))))
            return Response(no_answer() if fault.drop else half(body), status, headers)
        return Response(body, status, headers)

    def _troubled(self, environ: Environ, trace: Trace, act: Callable[[], Answer]) -> tuple[Answer, Fault | None]:
        """What `act` answers, unless a fault of the world answers in its place; and the fault that struck."""
        try:
            world = trace.world = world_of(self.worlds, environ)
        except BadWorldName as wrong:
            return errors.bad_world(wrong), None
        trace.before = world.state
        fault = world.faults.strike(trace.operation, environ["PATH_INFO"]) if world.faults else None
        return answer_instead(fault) or self._observed(world, environ, trace, act), fault

    def _observed(self, world: World, environ: Environ, trace: Trace, act: Callable[[], Answer]) -> Answer:
        """What `act` answers, unless the request did not get far enough for its world to refuse it before."""
        answer = self._guarded(environ, trace, act)
        if world.observing is Observing.OFF or trace.findings is not None:
            return answer
        trace.findings = _findings(world, environ, trace)
        errors_found = world.observing is Observing.REFUSE and trace.findings and _errors(trace.findings)
        return errors.observed(errors_found) if errors_found else answer

    def _second(self) -> int:
        """The present of the application, which no request travels away from."""
        return int(self.worlds.main.now().timestamp())

    def _guarded(self, environ: Environ, trace: Trace, act: Callable[[], Answer]) -> Answer:
        """What `act` answers, or the answer to what it raises."""
        try:
            return act()
        except NotFound:
            return errors.not_found(format_of_suffix(suffix_of(environ)))
        except Refused as refused:
            trace.refused = refused
            return errors.refused(refused)
        except BadRequest as wrong:
            return errors.bad_request(wrong)
        except Unreadable:
            return errors.unreadable()
        except RefusedByObserver as refusal:
            return errors.observed(refusal.findings)
        except Unauthenticated:
            return errors.unauthenticated()
        except OutOfScope:
            return errors.out_of_scope()
        except (NotAcceptable, UnknownMediaType):
            return errors.not_acceptable()
        except TooManyRequests:
            return errors.too_many_requests()
        except Exception as mistake:
            if isinstance(mistake, OverflowError) and (header := environ.get("HTTP_X_WITH_SERVER_DATE")):
                return errors.bad_request(too_far(header))
            _log.exception("%s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return errors.crashed()

    def _lost(self, environ: Environ, trace: Trace) -> Answer:
        self._admit(environ, trace)
        if environ["REQUEST_METHOD"] not in _METHODS:
            return errors.unknown_method()
        accept = environ.get("HTTP_ACCEPT", "").strip()
        format, decided = format_wanted(accept, last_suffix(environ), named_format(environ.get("QUERY_STRING", "")))
        return errors.not_found(format, vary=decided)

    def _admit(self, environ: Environ, trace: Trace) -> tuple[World, datetime | None]:
        """The world and the pretended moment of a request, unless that is unreadable or the limit is used up.

        From here on the trace has its body.
        """
        world = trace.world or self.worlds.main
        header = environ.get("HTTP_X_WITH_SERVER_DATE")
        at = server_date(header, world.now()) if header else None
        allowed = world.allowance
        limit = self.rate_limit if allowed is None else allowed.requests
        if limit is not None and environ["PATH_INFO"].startswith(API):
            authorization = environ.get("HTTP_AUTHORIZATION")
            window = WINDOW if allowed is None else allowed.window
            if authorization and world.counted.exceeded(authorization, at or world.now(), limit, window):
                raise TooManyRequests
        trace.body = body_of(environ)  # also where the path leads nowhere: what was meant can be explained
        return world, at

    def _act(self, route: Route, version: int, id: str | None, environ: Environ, trace: Trace) -> Answer:
        world, at = self._admit(environ, trace)
        insist_on_utf8(environ["PATH_INFO"])
        uuid = None if id is None else uuid_of(unquote(id))
        trace.id, trace.uuid = id, uuid
        if route.kind is Kind.MISSING:
            raise NotFound
        if route.audited and trace.body:
            audit(trace.body)
        turn = trace.turn = world.look(at)
        provider = provider_of(turn.records, environ.get("HTTP_AUTHORIZATION", ""))
        trace.provider = provider.name
        if route.kind is Kind.PRIVATE:
            raise OutOfScope
        parameters = told(environ, trace)
        csv = csv_wanted(route, suffix_of(environ))
        if world.observing is Observing.REFUSE:
            _insist_on_soundness(world, environ, trace)
        call = Call(turn=turn, provider=provider, version=version, parameters=parameters, id=uuid, csv=csv)
        return self._answered(route, world, at, call, trace)

    def _answered(self, route: Route, world: World, at: datetime | None, call: Call, trace: Trace) -> Answer:
        endpoint = self._endpoint(route.endpoint)
        try:
            if route.kind is Kind.READ:
                return _shown(endpoint(call), trace)
            with world.turn(at) as turn:
                trace.turn, trace.before = turn, world.state
                # Encoded while the turn lasts: nothing is kept of what cannot be shown.
                return _shown(endpoint(replace(call, turn=turn)), trace)
        except BadRequest as wrong:
            return errors.bad_request(wrong, csv=call.csv)

    def _endpoint(self, name: str) -> Endpoint:
        found = self._endpoints.get(name)
        if found is None:
            module, _, function = name.partition(":")
            found = self._endpoints[name] = getattr(import_module(f"ecf_sandbox.ecf.endpoints.{module}"), function)
        return found


def _insist_on_soundness(world: World, environ: Environ, trace: Trace) -> None:
    """Raise RefusedByObserver for a request with an error, before anything is done."""
    trace.findings = _findings(world, environ, trace)
    if found := _errors(trace.findings):
        raise RefusedByObserver(found)


def _findings(world: World, environ: Environ, trace: Trace) -> tuple[Finding, ...]:
    # Imported here because everybody waits for the start, and nobody for the observer.
    from ecf_sandbox.tools.observer.observer import findings_in

    try:
        return findings_in(trace, world, trace.before or world.state, environ, suffix_of(environ))
    except Exception:
        _log.exception("the observer stumbled over %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return ()


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [it for it in findings if it.severity is Severity.ERROR]


def _shown(it: Json | Csv, trace: Trace) -> Answer:
    if isinstance(it, Csv):
        return Answer(200, CSV, it.text.encode())
    rows = it["data"]
    if isinstance(rows, list):
        trace.rows = len(rows)
    return Answer(200, JSON, encode(it))
