"""The application: the provider API of one process, as a WSGI application that keeps no state of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.paths import API, Paths
from ecf_sandbox.api.pipeline import Observer, Pipeline
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.worlds import Worlds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask
    from flask.testing import FlaskClient

    from ecf_sandbox.state.world import World
    from ecf_sandbox.transport import InProcess
    from ecf_sandbox.web.mounted import Mounted

UI = "/ui/"


class Sandbox:
    """The provider API, answered by the pipeline alone, and beside it what Flask answers: pages and control plane.

    Flask is loaded and made when it is first asked for something: loading it takes a third of the start, and its
    contexts took half of the time of an answer.
    """

    def __init__(self, worlds: Worlds, pipeline: Pipeline, control_token: str | None) -> None:
        @cache
        def mounted() -> Mounted:
            from ecf_sandbox.web.mounted import Mounted

            return Mounted(worlds, control_token, serve=_serve, wsgi_app=self.wsgi_app, otherwise=pipeline.handle)

        @cache
        def ui() -> Flask:
            from ecf_sandbox.web.ui.application import make_pages

            return make_pages(worlds, control_token, _serve)

        self._pipeline = pipeline
        self._mounted = mounted
        self.ui = ui
        self.wsgi_app = Paths(self._answer)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self.wsgi_app(environ, start_response)

    def test_client(self) -> FlaskClient:
        """Flask's test client, before the whole application."""
        return self._mounted().test_client()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose path has the spelling of the routes."""
        path: str = environ["PATH_INFO"]
        if path.startswith(API):
            return self._pipeline.handle(environ)(environ, start_response)
        if path.startswith(UI):
            return self.ui().wsgi_app(environ, start_response)
        if path == "/" and _asked_by_a_person(environ):
            from werkzeug.utils import redirect

            return redirect(f"{environ.get('SCRIPT_NAME', '')}{UI}")(environ, start_response)
        if self._mounted().has_page(environ):
            return self._mounted().page(environ, start_response)
        return self._pipeline.handle(environ)(environ, start_response)


def create_app(worlds: Worlds, *, rate_limit: int | None = None, control_token: str | None = None) -> Sandbox:
    """An application for these worlds: the provider API, and the control plane below `/_sandbox`.

    `rate_limit` is how many requests each token has in five minutes. With a `control_token` whoever controls the
    worlds must show it; without one only this machine may.
    """
    return Sandbox(worlds, Pipeline(worlds, observer=observe, rate_limit=rate_limit), control_token)


def observe(context: RequestContext) -> tuple[Finding, ...]:
    """What the observer finds in a request; nothing where the sandbox is installed without its tools."""
    return _observer()(context)


@cache
def _observer() -> Observer:
    # Imported here because everybody waits for the start, and nobody for the observer.
    try:
        from ecf_sandbox.tools.observer.observer import findings_in
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("ecf_sandbox.tools"):
            return lambda _: ()
        raise
    return findings_in


def _asked_by_a_person(environ: WSGIEnvironment) -> bool:
    """Whether a browser shows the answer to somebody; clients of the API say that they accept anything, or JSON."""
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and "text/html" in environ.get("HTTP_ACCEPT", "")


def _serve(world: World) -> InProcess:
    """The provider API in front of a world that nobody else asks."""
    from ecf_sandbox.transport import InProcess

    return InProcess(create_app(Worlds(world)).wsgi_app)
