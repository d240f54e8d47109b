"""What Flask answers beside the provider API: health, documents and their pages, the control plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, redirect, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from ecf_sandbox.api.health import HEALTH
from ecf_sandbox.api.response import Dropped
from ecf_sandbox.serving.address import at_address, origin_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.web.any_host import AnyHost

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask.testing import FlaskClient
    from werkzeug.wrappers import Response as WerkzeugResponse

    from ecf_sandbox.control.http import ControlPlane
    from ecf_sandbox.web.pages import Pages

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Mounted(AnyHost):
    """The pages of an application whose other requests go elsewhere.

    `wsgi_app` is the whole application, of which this is a part: what a test client of this asks. `otherwise` answers
    where a page says that it has not got what is asked; `serve` puts the provider API in front of a world.
    """

    def __init__(
        self,
        worlds: Worlds,
        control_token: str | None,
        *,
        serve: Callable[..., Any],
        wsgi_app: WSGIApplication,
        otherwise: Callable[[WSGIEnvironment], Any],
    ) -> None:
        super().__init__("ecf_sandbox", static_folder=None)
        self.url_map.strict_slashes = False
        self.url_map.merge_slashes = False
        # What is raised by a page rather than by the routes.
        self.register_error_handler(NotFound, lambda _: otherwise(request.environ))
        _add_health(self)
        _add_pages(self, worlds, serve)
        _add_control(self, worlds, control_token, serve)
        self.add_url_rule("/ui", "ui", _home)
        self.page = super().wsgi_app  # answers a request for a page
        self.wsgi_app = wsgi_app  # type: ignore[method-assign,assignment]  # how Flask documents middleware

    def test_client(self, use_cookies: bool = True, **options: Any) -> FlaskClient:
        """A test client that drops the headers that a server drops; else it would take `_` for a dash."""
        if self.test_client_class is None:
            from ecf_sandbox.web.flask_client import SandboxClient

            self.test_client_class = SandboxClient
        return super().test_client(use_cookies, **options)

    def handle_exception(self, e: Exception) -> Response:
        """The answer to a mistake; a connection that a fault drops is dropped here too."""
        if isinstance(e, Dropped):
            raise e
        return super().handle_exception(e)

    def has_page(self, environ: WSGIEnvironment) -> bool:
        """Whether a page is asked for."""
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        try:
            self.url_map.bind("sandbox").match(path, environ["REQUEST_METHOD"])
        except (NotFound, MethodNotAllowed):
            return False
        return True


def _add_health(app: Flask) -> None:
    def health() -> Response:
        content_type, body = HEALTH[request.path.rstrip("/")]
        return Response(body, content_type=content_type)

    for path in HEALTH:
        app.add_url_rule(path, "health of the service", health, provide_automatic_options=False)


def _add_pages(app: Flask, worlds: Worlds, serve: Callable[..., Any]) -> None:
    @cache
    def pages() -> Pages:
        # Only whoever looks at pages pays for what they take, and not whoever controls worlds.
        from ecf_sandbox.web.pages import Pages

        return Pages(worlds, serve=serve)

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


def _home() -> WerkzeugResponse:
    return redirect(f"{request.script_root}/ui/")


def _add_control(app: Flask, worlds: Worlds, token: str | None, serve: Callable[..., Any]) -> None:
    @cache
    def plane() -> ControlPlane:
        # Only whoever controls worlds pays for what it takes, and not whoever looks at pages.
        from ecf_sandbox.control.http import ControlPlane

        return ControlPlane(worlds, token, serve=serve)

    def control(rest: str = "") -> Response:  # noqa: ARG001 - the control plane reads the path itself
        return plane().answer(request)

    for rule in ("/_sandbox", "/_sandbox/<path:rest>"):
        app.add_url_rule(rule, "control", control, methods=_METHODS, provide_automatic_options=False)
