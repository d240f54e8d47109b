"""The control plane over HTTP: finds the operation that a request means, and shapes its answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from flask import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Map, Rule

from ecf_sandbox.control.guard import admit
from ecf_sandbox.control.operation import Operation, Text
from ecf_sandbox.control.problem import MEDIA_TYPE, Problem, not_known
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.trial import Serve

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

    def answer(self, request: Request) -> Response:
        """The answer to a request."""
        try:
            admit(request.environ, self.token)
            operation, path = self._find(request)
            query = request.args.to_dict()
            return _shown(operation, operation.perform(self.worlds, path, query, _body(request), self.serve))
        except Problem as problem:
            return _problem(problem)
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            return _problem(Problem("mistake", 500, "the sandbox made a mistake; its log tells which"))

    def _find(self, request: Request) -> tuple[Operation, dict[str, Any]]:
        adapter = self._routes.bind("sandbox")
        try:
            endpoint, path = adapter.match(request.path, request.method)
        except MethodNotAllowed as wrong:
            allowed = ", ".join(sorted(wrong.valid_methods or ()))
            problem = Problem("wrong-method", 405, f"{request.path} knows {allowed}, not {request.method}")
            problem.headers = {"Allow": allowed}
            raise problem from None
        except NotFound:
            problem = not_known("path", request.path, [PREFIX + it.path for it in self.operations])
            problem.more["see"] = f"{PREFIX}/openapi/control.yaml"
            raise problem from None
        return endpoint, dict(path)


def _body(request: Request) -> Any:
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        raise Problem("too-large", 413, "the body is too large") from None
    if not raw:
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Problem("bad-request", 400, f"the body is not JSON: {wrong}") from None


def _shown(operation: Operation, answer: Any) -> Response:
    if isinstance(answer, Text):
        return Response(answer.text, operation.status, content_type=answer.media_type)
    return Response(msgspec.json.encode(answer), operation.status, content_type="application/json")


def _problem(problem: Problem) -> Response:
    body = json.dumps(problem.document(), ensure_ascii=False)
    return Response(body, problem.status, content_type=MEDIA_TYPE, headers=problem.headers)
