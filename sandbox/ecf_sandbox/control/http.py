"""The control plane over HTTP: who may use it, the operation that a request means, and the shape of its answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from hmac import compare_digest
from typing import Any

import msgspec
from flask import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from ecf_sandbox.api.addressed import WORLD, NotUnderstood, check_headers, one_world, world_of_headers
from ecf_sandbox.api.request import body_of
from ecf_sandbox.control.operation import Long, Operation, Text
from ecf_sandbox.control.problem import MEDIA_TYPE, Problem, bad_request, not_known
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.json_members import repeated_members
from ecf_sandbox.serving.address import host_name, is_this_machine, origin_of
from ecf_sandbox.state.worlds import RECREATED, Worlds
from ecf_sandbox.suggest import in_short
from ecf_sandbox.tools.explain.dry_run import Serve
from ecf_sandbox.transport import BODY_LIMIT, MOST_BODY, BodyTooLarge, body_limit

MADE = "X-Sandbox-World-Made"  # names a world that the request was the first to use
Environ = Mapping[str, Any]


def admit(environ: Environ, token: str | None) -> None:
    """Let a request pass or raise Problem. With a `token` it must be shown; without, only this machine may ask."""
    if token is not None:
        shown = environ.get("HTTP_X_SANDBOX_TOKEN") or environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if not compare_digest(shown.encode("latin-1", "replace"), token.encode()):
            detail = "send the control token, which was printed at the start, in the header X-Sandbox-Token"
            raise Problem("control-token-needed", 401, detail)
    elif not is_this_machine(host_name(environ.get("HTTP_HOST", "localhost"))):
        raise Problem("not-this-machine", 403, "address the control plane as http://127.0.0.1 or http://localhost")
    if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin") or not _same_origin(environ):
        raise Problem("from-elsewhere", 403, "a web page of another origin may not use the control plane")


def is_open(environ: Environ) -> bool:
    """Whether a request asks for what anybody may know: that the process answers."""
    # Who asks for the health of a server (a container engine, a load balancer, a script that waits) has no token, and
    # names it as its network does.
    return environ["PATH_INFO"] == f"{PREFIX}/health" and environ["REQUEST_METHOD"] in ("GET", "HEAD")


def _same_origin(environ: Environ) -> bool:
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or origin.partition("//")[2] == environ.get("HTTP_HOST")


_log = logging.getLogger(__name__)


@cache
def _routes(operations: tuple[Operation, ...]) -> Map:
    # A suite makes hundreds of planes with the same operations, and making the routes is most of what one takes.
    return Map(
        [
            Rule(PREFIX + it.path.replace("{", "<").replace("}", ">"), methods=[it.method], endpoint=it)
            for it in operations
        ],
        merge_slashes=False,
    )


class ControlPlane:
    """Answers every request below `/_sandbox`. With a `token` each must show it; without, only this machine may ask.

    `operations` are what can be asked for; `serve` puts the provider API in front of a world.
    """

    def __init__(
        self,
        worlds: Worlds,
        token: str | None = None,
        operations: Sequence[Operation] = OPERATIONS,
        serve: Serve | None = None,
    ) -> None:
        self.worlds = worlds
        self.token = token
        self.serve = serve
        self.operations = operations
        self._routes = _routes(tuple(operations))
        self._slots = {Long.HELP: worlds.help, Long.WORK: worlds.work}

    def answer(self, request: Request) -> Response:
        """The answer to a request."""
        try:
            if not is_open(request.environ):
                admit(request.environ, self.token)
            operation, path = self._find(request)
            _check_address(request, path)
            known, world = set(self.worlds.names()), path.get("world")
            query, body = request.args.to_dict(), _body(request)
            self._name_origin(operation, request, query, body)
            with self._turn_of(operation):
                answer = _shown(operation, operation.perform(self.worlds, path, query, body, self.serve))
            if why := self.worlds.why_recreated(world):
                answer.headers[RECREATED] = why
            elif world and operation.makes_world and world not in known:
                answer.headers[MADE] = world
            return answer
        except Problem as problem:
            return _problem(problem)
        except Exception:
            _log.exception("%s %r", request.method, request.path)
            return _problem(Problem("mistake", 500, "internal error of the sandbox; see its log"))

    def _turn_of(self, operation: Operation) -> AbstractContextManager[None]:
        """Where an operation may take long, its turn among others of its kind."""
        return nullcontext() if operation.takes_long is None else self._slots[operation.takes_long].one()

    def _name_origin(self, operation: Operation, request: Request, query: dict[str, Any], body: Any) -> None:
        """Where an operation offers commands, they are for the address that it was asked at unless another is given."""
        wanted = next((it.place for it in operation.parameters if it.name == "origin"), None)
        given = query if wanted == "query" else body if wanted == "body" else None
        origin = origin_of(request.environ)
        if isinstance(given, dict) and origin is not None and given.get("origin") is None:
            given["origin"] = origin

    def _find(self, request: Request) -> tuple[Operation, dict[str, Any]]:
        adapter = self._routes.bind("sandbox")
        try:
            endpoint, path = adapter.match(request.path, request.method)
        except MethodNotAllowed as wrong:
            allowed = ", ".join(sorted(wrong.valid_methods or ()))
            problem = Problem("wrong-method", 405, f"{request.path} takes {allowed}, not {request.method}")
            problem.headers = {"Allow": allowed}
            raise problem from None
        except NotFound:
            problem = not_known("path", request.path, [PREFIX + it.path for it in self.operations])
            problem.more["see"] = f"{PREFIX}/openapi/control.yaml"
            raise problem from None
        return endpoint, dict(path)


def _check_address(request: Request, path: Mapping[str, Any]) -> None:
    """Raise Problem for what is addressed to the sandbox and means nothing, or two things."""
    try:
        check_headers(request.environ)
        named = path.get("world", path.get("name", request.args.get("world")))
        if named is not None:
            one_world(the_path=named, **{WORLD: world_of_headers(request.environ.get("HTTP_X_SANDBOX_WORLD"), None)})
    except NotUnderstood as wrong:
        raise Problem(wrong.kind, 400, str(wrong)) from None
    if twice := [name for name in request.args if len(request.args.getlist(name)) > 1]:
        raise bad_request([f"query parameter {name} is given twice" for name in twice])


def _body(request: Request) -> Any:
    limit = body_limit(request.path, request.environ.get(BODY_LIMIT, MOST_BODY))
    try:
        raw = body_of({**request.environ, BODY_LIMIT: limit})
    except BodyTooLarge as wrong:
        raise Problem("too-large", 413, str(wrong)) from None
    if not raw:
        return None
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Problem("bad-request", 400, f"the body is not JSON: {wrong}") from None
    if twice := repeated_members(raw):
        raise bad_request([f"member {in_short(name)!r} is given twice in one object" for name in twice])
    return body


def _shown(operation: Operation, answer: Any) -> Response:
    if isinstance(answer, Text):
        return Response(answer.text, operation.status, content_type=answer.media_type)
    return Response(msgspec.json.encode(answer), operation.status, content_type="application/json")


def _problem(problem: Problem) -> Response:
    body = json.dumps(problem.document(), ensure_ascii=False)
    return Response(body, problem.status, content_type=MEDIA_TYPE, headers=problem.headers)
