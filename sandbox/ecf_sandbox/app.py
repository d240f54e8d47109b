"""The application: the provider API of one process, as a Flask application that keeps no state of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, abort, redirect, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter

from ecf_sandbox.address import at_address, origin_of
from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.health import HEALTH
from ecf_sandbox.api.paths import API, Paths
from ecf_sandbox.api.pipeline import Pipeline
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.worlds import Worlds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.testing import FlaskClient
    from werkzeug.wrappers import Response as WerkzeugResponse

    from ecf_sandbox.control.http import ControlPlane
    from ecf_sandbox.state.world import World
    from ecf_sandbox.transport import InProcess
    from ecf_sandbox.web.pages import Pages

UI = "/ui/"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Sandbox(Flask):
    """Flask, but for the provider API, which needs none of its contexts: they took half of the time of an answer."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__("ecf_sandbox", static_folder=None)
        self._pipeline = pipeline
        self.ui: Callable[[], Flask] | None = None  # the pages for people, made when somebody first looks
        self.url_map.strict_slashes = False
        self.url_map.merge_slashes = False
        # What is raised by a page rather than by the routes.
        self.register_error_handler(NotFound, lambda _: pipeline.handle(request.environ))

    def test_client(self, use_cookies: bool = True, **options: Any) -> FlaskClient:
        """Flask's test client, which drops the headers that a server drops; else it would take `_` for a dash."""
        if self.test_client_class is None:
            from ecf_sandbox.web.flask_client import SandboxClient

            self.test_client_class = SandboxClient
        return super().test_client(use_cookies, **options)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes do not depend on the host that a request names, so that is not looked at."""
        if request is None:
            return super().create_url_adapter(None)
        return self.url_map.bind("sandbox", path_info=request.path, default_method=request.method)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: a page or the control plane by Flask, everything else by the pipeline."""
        if environ["PATH_INFO"].startswith(UI) and self.ui is not None:
            return self.ui().wsgi_app(environ, start_response)
        if environ["PATH_INFO"] == "/" and _asked_by_a_person(environ):
            return redirect(f"{environ.get('SCRIPT_NAME', '')}{UI}")(environ, start_response)
        if environ["PATH_INFO"].startswith(API) or not self._is_page(environ):
            return self._pipeline.handle(environ)(environ, start_response)
        return super().wsgi_app(environ, start_response)

    def _is_page(self, environ: WSGIEnvironment) -> bool:
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        try:
            self.url_map.bind("sandbox").match(path, environ["REQUEST_METHOD"])
        except (NotFound, MethodNotAllowed):
            return False
        return True


def create_app(worlds: Worlds, *, rate_limit: int | None = None, control_token: str | None = None) -> Flask:
    """An application for these worlds: the provider API, and the control plane below `/_sandbox`.

    `rate_limit` is how many requests each token has in five minutes. With a `control_token` whoever controls the
    worlds must show it; without one only this machine may.
    """
    app = Sandbox(Pipeline(worlds, observer=observe, rate_limit=rate_limit))
    _add_health(app)
    _add_pages(app, worlds)
    _add_control(app, worlds, control_token)
    _add_ui(app, worlds, control_token)
    app.wsgi_app = Paths(app.wsgi_app)  # type: ignore[method-assign]  # how Flask documents middleware
    return app


def observe(context: RequestContext) -> tuple[Finding, ...]:
    """What the observer finds in a request; nothing where the sandbox is installed without its tools."""
    # Imported here because everybody waits for the start, and nobody for the observer.
    try:
        from ecf_sandbox.tools.observer.observer import findings_in
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("ecf_sandbox.tools"):
            return ()
        raise
    return findings_in(context)


def _add_health(app: Flask) -> None:
    def health() -> Response:
        content_type, body = HEALTH[request.path.rstrip("/")]
        return Response(body, content_type=content_type)

    for path in HEALTH:
        app.add_url_rule(path, "health of the service", health, provide_automatic_options=False)


def _add_pages(app: Flask, worlds: Worlds) -> None:
    @cache
    def pages() -> Pages:
        # Only whoever looks at pages pays for what they take, and not at the start.
        from ecf_sandbox.web.pages import Pages

        return Pages(worlds, serve=_serve)

    def document(name: str, format: str) -> Response:
        answer = pages().library.answer(name, format, request.environ) or abort(404)
        answer.set_data(at_address(answer.get_data(), format, origin_of(request.environ)))
        return answer

    def documentation(**name: str) -> Response:
        return pages().documentation(request.script_root, **name) or abort(404)

    def asset(file: str) -> Response:
        return pages().asset(file)

    app.add_url_rule("/_sandbox/openapi/<name>.<any(yaml, json):format>", "openapi", document)
    app.add_url_rule("/docs", "docs", documentation)
    app.add_url_rule("/docs/<name>", "docs of one", documentation)
    app.add_url_rule("/docs/assets/<file>", "docs asset", asset)


def _asked_by_a_person(environ: WSGIEnvironment) -> bool:
    """Whether a browser shows the answer to somebody; clients of the API say that they accept anything, or JSON."""
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and "text/html" in environ.get("HTTP_ACCEPT", "")


def _add_ui(app: Sandbox, worlds: Worlds, token: str | None) -> None:
    @cache
    def ui() -> Flask:
        # Only whoever looks at pages pays for what they take, and not at the start.
        from ecf_sandbox.web.ui.application import make_pages

        return make_pages(worlds, token, _serve)

    def home() -> WerkzeugResponse:
        return redirect(f"{request.script_root}{UI}")

    app.ui = ui
    app.add_url_rule("/ui", "ui", home)


def _serve(world: World) -> InProcess:
    """The provider API in front of a world that nobody else asks."""
    from ecf_sandbox.transport import InProcess

    return InProcess(create_app(Worlds(world)).wsgi_app)


def _add_control(app: Flask, worlds: Worlds, token: str | None) -> None:
    @cache
    def plane() -> ControlPlane:
        # Only whoever controls worlds pays for what it takes, and not at the start.
        from ecf_sandbox.control.http import ControlPlane

        return ControlPlane(worlds, token, serve=_serve)

    def control(rest: str = "") -> Response:  # noqa: ARG001 - the control plane reads the path itself
        return plane().answer(request)

    for rule in ("/_sandbox", "/_sandbox/<path:rest>"):
        app.add_url_rule(rule, "control", control, methods=_METHODS, provide_automatic_options=False)
