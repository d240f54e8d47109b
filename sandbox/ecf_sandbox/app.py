"""The application: the provider API of one process, as a Flask application that keeps no state of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, Rule

from ecf_sandbox.api.paths import Paths, Segment
from ecf_sandbox.api.pipeline import Edge, Operation
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.state.worlds import Worlds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ecf_sandbox.control.http import ControlPlane
    from ecf_sandbox.web.pages import Pages

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class OneWay(Rule):
    """A route that leads from a path to what answers it, and never back.

    Nothing here asks Flask for the URL of a route, and writing the code that would make it, twice for each route, was
    most of the time that it took to make an application.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ARG002
        return self._no_way_back

    def _no_way_back(self, **_values: Any) -> tuple[str, str]:
        raise LookupError(f"no URL is made of {self.rule}")


class Sandbox(Flask):
    """Flask, but for the provider API, which needs none of its contexts and goes straight to its operations.

    Those took nearly half of the time of a small answer.
    """

    url_rule_class = OneWay

    def __init__(self, edge: Edge) -> None:
        super().__init__("ecf_sandbox", static_folder=None)
        self._edge = edge
        self.operations: dict[str, Operation] = {}
        self.url_map.strict_slashes = False
        self.url_map.merge_slashes = False
        self.url_map.converters["segment"] = Segment
        # Who asks again finds the way again: many tests ask the same of a world that begins the same.
        self._route = lru_cache(maxsize=1024)(self.url_map.bind("sandbox").match)
        # What is raised by a page rather than by the routes.
        self.register_error_handler(NotFound, lambda _: edge.no_route(request.environ))

    def add_operation(self, rule: str, name: str, method: str, operation: Operation) -> None:
        """Let an operation of the provider API answer what the rule fits."""
        self.add_url_rule(rule, endpoint=name, methods=[method], provide_automatic_options=False)
        self.operations[name] = operation

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes do not depend on the host that a request names, so that is not looked at."""
        if request is None:
            return super().create_url_adapter(None)
        return self.url_map.bind("sandbox", path_info=request.path, default_method=request.method)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        try:
            name, found = self._route(path, environ["REQUEST_METHOD"])
        except (NotFound, MethodNotAllowed):
            return self._edge.no_route(environ)(environ, start_response)
        operation = self.operations.get(name)
        if operation is None:
            return super().wsgi_app(environ, start_response)
        return operation(environ, found.get("id"))(environ, start_response)


def create_app(worlds: Worlds, *, rate_limit: int | None = None, control_token: str | None = None) -> Flask:
    """An application for these worlds: the provider API, and the control plane below `/_sandbox`.

    `rate_limit` is how many requests each token has in five minutes. With a `control_token` whoever controls the
    worlds must show it; without one only this machine may.
    """
    edge = Edge(worlds, rate_limit)
    app = Sandbox(edge)
    for route in ROUTES:
        for version, rule in route.rules():
            name = f"v{version} {route.method} {route.path}"
            app.add_operation(rule, name, route.method, edge.operation(route, version))
    _add_pages(app, worlds)
    _add_control(app, worlds, control_token)
    app.wsgi_app = Paths(app.wsgi_app)  # type: ignore[method-assign]  # how Flask documents middleware
    return app


def _add_pages(app: Flask, worlds: Worlds) -> None:
    @cache
    def pages() -> Pages:
        # Only whoever looks at pages pays for what they take, and not at the start.
        from ecf_sandbox.web.pages import Pages

        return Pages(worlds)

    def document(name: str, format: str) -> Response:
        return pages().library.answer(name, format) or abort(404)

    def documentation(**name: str) -> Response:
        return pages().documentation(request.script_root, **name) or abort(404)

    def asset(file: str) -> Response:
        return pages().asset(file)

    app.add_url_rule("/_sandbox/openapi/<name>.<any(yaml, json):format>", "openapi", document)
    app.add_url_rule("/docs", "docs", documentation)
    app.add_url_rule("/docs/<name>", "docs of one", documentation)
    app.add_url_rule("/docs/assets/<file>", "docs asset", asset)


def _add_control(app: Flask, worlds: Worlds, token: str | None) -> None:
    @cache
    def plane() -> ControlPlane:
        # Only whoever controls worlds pays for what it takes, and not at the start.
        from ecf_sandbox.control.http import ControlPlane
        from ecf_sandbox.transport import InProcess

        return ControlPlane(worlds, token, serve=lambda world: InProcess(create_app(Worlds(world)).wsgi_app))

    def control(rest: str = "") -> Response:  # noqa: ARG001 - the control plane reads the path itself
        return plane().answer(request)

    for rule in ("/_sandbox", "/_sandbox/<path:rest>"):
        app.add_url_rule(rule, "control", control, methods=_METHODS, provide_automatic_options=False)
