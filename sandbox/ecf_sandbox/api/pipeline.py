"""The road of a request: from the WSGI environment to its answer, in the service's order.

What is checked before what: behaviour/http-and-partnerships.md#b1.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from itertools import count
from time import perf_counter
from typing import Any

from ecf_sandbox.api import errors
from ecf_sandbox.api.addressed import check_headers
from ecf_sandbox.api.auth import authenticate, world_for
from ecf_sandbox.api.context import Csv, Json, RequestContext
from ecf_sandbox.api.headers import request_id, transport_headers, with_headers
from ecf_sandbox.api.paths import API, insist_on_utf8
from ecf_sandbox.api.recorder import open_exchange, record_exchange, sandbox_headers
from ecf_sandbox.api.request import body_of, csv_wanted
from ecf_sandbox.api.request_log import OUTCOME
from ecf_sandbox.api.response import CSV, Answer, Response, encode, faulty, inject_fault
from ecf_sandbox.api.router import router_of
from ecf_sandbox.api.routes import Kind
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound, OutOfScope
from ecf_sandbox.state.faults import WINDOW
from ecf_sandbox.state.findings import Finding, Observing, Severity
from ecf_sandbox.state.ids import nth_id
from ecf_sandbox.state.service import resolve_name
from ecf_sandbox.state.worlds import Worlds

Endpoint = Callable[[RequestContext], Json | Csv]
# Finds the mistakes of a client in a request. It is handed in, and the pipeline does without.
Observer = Callable[[RequestContext], tuple[Finding, ...]]

_log = logging.getLogger(__name__)


class Pipeline:
    """Answers the requests for the provider API of one application."""

    def __init__(self, worlds: Worlds, *, observer: Observer | None, rate_limit: int | None) -> None:
        self.worlds = worlds
        self.observer = observer
        self.rate_limit = rate_limit
        self._endpoints: dict[str, Endpoint] = {}
        self._requests = count()

    def handle(self, environ: MutableMapping[str, Any]) -> Response:
        """Answer one request and keep it in the journal; `environ` has path and method as the routes spell them.

        What became of it is left in `environ`, for a log that asks.
        """
        started, context = perf_counter(), RequestContext(environ)
        try:
            return self._recorded(started, context, environ)
        finally:
            if context.world is not None:
                self.worlds.release(context.world)

    def _recorded(self, started: float, context: RequestContext, environ: MutableMapping[str, Any]) -> Response:
        try:
            answer = self._answer(context)
        except errors.EXPECTED as refusal:
            answer = errors.answer_to(refusal, context)
            # The context keeps it, and its frames keep the context: what was sent would wait for the collector.
            refusal.__traceback__ = refusal.__context__ = refusal.__cause__ = None
        except Exception as mistake:
            answer = self._crashed(context, mistake)
        answer = self._observe_after(context, answer)
        status, headers, body = with_headers(answer, environ, context.http, self._second)
        headers.append(("X-Request-Id", self._request_id(context)))
        exchange = record_exchange(context, answer, headers, perf_counter() - started)
        headers += sandbox_headers(context, exchange)
        if OUTCOME in environ:
            environ[OUTCOME] = (context, exchange)
        headers.append(("X-Runtime", f"{perf_counter() - started:.6f}"))
        headers += transport_headers(environ, context.http)
        return faulty(context.fault, body, status, headers) or Response(body, status, headers)

    def _answer(self, context: RequestContext) -> Answer:
        """What the service answers. The order of these lines is the order of its checks; each may raise its refusal."""
        check_headers(context.environ)
        world = context.enter(self.worlds.hold(world_for(self.worlds, context.environ)))
        route = context.follow(router_of(world.service).match(context.path, context.method, context.suffix))
        inject_fault(context, world)
        if (date := context.header("HTTP_X_WITH_SERVER_DATE")) is not None:
            try:
                context.at = context.http.server_date(date, world.now())
            except BadRequest:
                context.body = body_of(context.environ)  # so that the journal has what was meant
                raise
        self._count_against_rate_limit(context)
        # Also of a request for an unknown path: what was meant can be explained.
        context.body = body_of(context.environ)
        if route is None:
            raise errors.NoRoute
        insist_on_utf8(context.path)
        if route.kind is Kind.MISSING:
            raise NotFound
        if route.audited:
            context.audit()
        context.http.admit(context)
        context.turn = world.look(context.at)
        context.provider = authenticate(world, context.turn.records, context.header("HTTP_AUTHORIZATION"))
        if route.kind is Kind.PRIVATE:
            raise OutOfScope
        context.parse_parameters()
        context.csv = csv_wanted(route, context.suffix)
        self._observe_before(context)
        endpoint = self._endpoint(route.endpoint)
        return _read(context, endpoint) if route.kind is Kind.READ else _write(context, endpoint)

    def _count_against_rate_limit(self, context: RequestContext) -> None:
        world, authorization = context.entered, context.header("HTTP_AUTHORIZATION")
        allowed = world.allowance
        limit = self.rate_limit if allowed is None else allowed.requests
        if limit is None or not authorization or not context.path.startswith(API):
            return
        window = WINDOW if allowed is None else allowed.window
        if world.counted.exceeded(authorization, context.at or world.now(), limit, window):
            raise errors.TooManyRequests

    def _endpoint(self, name: str) -> Endpoint:
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            endpoint = self._endpoints[name] = resolve_name(name)
        return endpoint

    def _observe_before(self, context: RequestContext) -> None:
        """In a world that refuses, raise RefusedByObserver for a request with an error, before anything is done."""
        if context.entered.observing is Observing.REFUSE:
            context.findings = self._findings(context)
            if found := _errors(context.findings):
                raise errors.RefusedByObserver(found)

    def _observe_after(self, context: RequestContext, answer: Answer) -> Answer:
        """The answer, unless the request did not get far enough for its world to refuse it before."""
        if context.world is None or context.world.observing is Observing.OFF or context.findings is not None:
            return answer
        context.findings = self._findings(context)
        refuses = context.world.observing is Observing.REFUSE
        return errors.observed(found) if refuses and (found := _errors(context.findings)) else answer

    def _findings(self, context: RequestContext) -> tuple[Finding, ...]:
        try:
            return () if self.observer is None else self.observer(context)
        except Exception:
            _log.exception("the observer failed on %s %r", context.method, context.path)
            return ()

    def _crashed(self, context: RequestContext, mistake: Exception) -> Answer:
        date = context.header("HTTP_X_WITH_SERVER_DATE")
        if isinstance(mistake, OverflowError) and date:
            return errors.answer_to(errors.too_far(date), context)
        _log.error("%s %r", context.method, context.path, exc_info=mistake)
        return errors.crashed(context.http.json_type)

    def _request_id(self, context: RequestContext) -> str:
        given = context.header("HTTP_X_REQUEST_ID")
        return request_id(given) if given else nth_id("request", next(self._requests))

    def _second(self) -> int:
        """The present of the application, which no request travels away from."""
        return int(self.worlds.main.now().timestamp())


def _read(context: RequestContext, endpoint: Endpoint) -> Answer:
    return _shown(endpoint(context), context)


def _write(context: RequestContext, endpoint: Endpoint) -> Answer:
    """Answer in a turn of the world, and take the number in its journal before anybody else can write."""
    world = context.entered
    with world.lock:
        with world.turn(context.at) as turn:
            context.turn, context.before = turn, world.state
            # Encoded while the turn lasts: nothing is kept of what cannot be shown.
            answer = _shown(endpoint(context), context)
        open_exchange(context)
    return answer


def _shown(result: Json | Csv, context: RequestContext) -> Answer:
    if isinstance(result, Csv):
        return Answer(200, CSV, result.text.encode())
    rows = result["data"]
    if isinstance(rows, list):
        context.rows = len(rows)
    return Answer(200, context.http.json_type, encode(result))


def _errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [it for it in findings if it.severity is Severity.ERROR]
