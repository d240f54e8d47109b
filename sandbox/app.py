"""The application: the provider API of one process, as a Flask application that keeps no state of its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, abort, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter

from sandbox.api.edge import Edge
from sandbox.api.paths import Paths, Segment
from sandbox.api.routes import ROUTES
from sandbox.worlds import Worlds

if TYPE_CHECKING:
    from sandbox.control.http import ControlPlane
    from sandbox.web.pages import Pages

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class NoSessions(SessionInterface):
    """Nobody is remembered from one request to the next."""

    nobody = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # noqa: ARG002
        """There is no session to open."""
        return None

    def make_null_session(self, app: Flask) -> NullSession:  # noqa: ARG002
        """What stands for a session; refuses to be written to."""
        return self.nobody


class Sandbox(Flask):
    """Flask without what the API has no use for; which takes a tenth of the time of a small answer."""

    session_interface = NoSessions()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes do not depend on the host that a request names, so that is not looked at."""
        if request is None:
            return super().create_url_adapter(None)
        return self.url_map.bind("sandbox", path_info=request.path, default_method=request.method)


def create_app(worlds: Worlds, *, rate_limit: int | None = None, control_token: str | None = None) -> Flask:
    """An application for these worlds: the provider API, and the control plane below `/_sandbox`.

    `rate_limit` is how many requests each token has in five minutes. With a `control_token` whoever controls the
    worlds must show it; without one only this machine may.
    """
    app = Sandbox("sandbox", static_folder=None)
    edge = Edge(worlds, rate_limit)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["segment"] = Segment
    for route in ROUTES:
        for version, rule in route.rules():
            app.add_url_rule(
                rule,
                endpoint=f"v{version} {route.method} {route.path}",
                view_func=edge.view(route, version),
                methods=[route.method],
                provide_automatic_options=False,
            )
    _add_pages(app, worlds)
    _add_control(app, worlds, control_token)
    app.register_error_handler(NotFound, edge.no_route)
    app.register_error_handler(MethodNotAllowed, edge.no_route)
    app.wsgi_app = Paths(app.wsgi_app)  # type: ignore[method-assign]  # how Flask documents middleware
    return app


def _add_pages(app: Flask, worlds: Worlds) -> None:
    @cache
    def pages() -> Pages:
        # Only whoever looks at pages pays for what they take, and not at the start.
        from sandbox.web.pages import Pages

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
        from sandbox.control.http import ControlPlane
        from sandbox.transport import InProcess

        return ControlPlane(worlds, token, serve=lambda world: InProcess(create_app(Worlds(world)).wsgi_app))

    def control(rest: str = "") -> Response:  # noqa: ARG001 - the control plane reads the path itself
        return plane().answer(request)

    for rule in ("/_sandbox", "/_sandbox/<path:rest>"):
        app.add_url_rule(rule, "control", control, methods=_METHODS, provide_automatic_options=False)
