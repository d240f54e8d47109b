"""The pages below `/ui/` as a Flask application of their own, which is made when somebody first looks at one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response, abort, render_template, request, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from ecf_sandbox.state.record import plain
from ecf_sandbox.state.service import NoSuchPart
from ecf_sandbox.state.waiting import Slots
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Serve
from ecf_sandbox.web.any_host import AnyHost
from ecf_sandbox.web.ui import (
    act_views,
    clock_views,
    journal_views,
    report_views,
    section_views,
    story_views,
    why_views,
    world_views,
)
from ecf_sandbox.web.ui.access import guard, log_in
from ecf_sandbox.web.ui.page import Page, View, address
from ecf_sandbox.web.ui.stories import Stories, UnknownStory
from ecf_sandbox.web.ui.words import filters
from ecf_sandbox.web.ui.world_words import Origins

HERE = Path(__file__).resolve().parent
NO_PAGES = (
    "This service brings no pages for its worlds and stories. What was asked of it and why it was answered so: "
    "/_sandbox/worlds/NAME/journal, or on the command line ecf-sandbox journal list and ecf-sandbox explain last."
)
ASSETS = ("ui.css", "ui.js", "icon.svg")
# A page runs and loads nothing but what the sandbox serves, and no other page frames it.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# A page repeats what was asked for in its fields and links, and a form what was filled in: no more than this. Most
# servers read no longer address; the longest form asks for ten short texts.
MOST_QUERY, MOST_FORM = 8000, 16_000


def make_pages(worlds: Worlds, token: str | None, serve: Serve) -> Flask:
    """The application; `token` is the control token, `serve` puts the provider API in front of a world."""
    app = AnyHost("ecf_sandbox.web.ui", root_path=str(HERE), static_folder=None, template_folder="templates")
    app.jinja_env.filters.update(filters())
    app.jinja_env.globals["address"] = address
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    stories, origins = Stories(serve, worlds.served), Origins()

    app.config["MAX_CONTENT_LENGTH"] = MOST_FORM

    @app.before_request
    def check() -> AnyResponse | None:
        if len(request.query_string) > MOST_QUERY:
            abort(
                414, f"The address is too long: what follows its question mark has at most {MOST_QUERY:,} characters."
            )
        return None if request.endpoint in ("login", "asset") else guard(token)

    @app.after_request
    def protect(answer: AnyResponse) -> AnyResponse:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    @app.errorhandler(HTTPException)
    def problem(error: HTTPException) -> tuple[str, int]:
        return render_template("problem.html", title=error.name, detail=error.description), error.code or 500

    @app.errorhandler(UnknownStory)
    def no_story(error: UnknownStory) -> tuple[str, int]:
        near = stories.nearest(str(error.args[0]))
        return render_template("problem.html", title="No such story", detail=f"There is no story {near}."), 404

    @app.errorhandler(NoSuchPart)
    def no_pages(_: NoSuchPart) -> tuple[str, int]:
        return render_template("problem.html", title="No pages for this service", detail=NO_PAGES), 404

    app.add_url_rule("/ui/login", "login", lambda: log_in(token), methods=["GET", "POST"])
    app.add_url_rule("/ui/assets/<file>", "asset", _asset)
    for view in (
        *story_views.views(worlds, stories),
        *why_views.views(worlds, stories, origins),
        *world_views.views(worlds, origins),
        *clock_views.views(worlds, origins),
        *act_views.views(worlds, origins),
        *journal_views.views(worlds, origins, serve),
        *section_views.views(worlds, origins),
        *report_views.views(worlds),
    ):
        add(app, view, worlds.help)
    return app


def add(app: Flask, view: View, slots: Slots) -> None:
    """Give a view its address, and beside it `….json` with the same as data."""

    def answering(written: Callable[[Page], Response]) -> Callable[..., AnyResponse]:
        def answer(**arguments: Any) -> AnyResponse:
            with slots.one():
                shown = view.function(**arguments)
                return written(shown) if isinstance(shown, Page) else shown

        return answer

    page = answering(lambda it: Response(render_template(view.template, page=it.model), it.status))
    twin = answering(
        lambda it: Response(msgspec.json.encode(plain(it.model)), it.status, content_type="application/json")
    )
    app.add_url_rule(view.rule, view.name, page, methods=[view.method])
    if view.method == "GET" and view.template:
        path = f"{view.rule}index" if view.rule.endswith("/") else view.rule
        app.add_url_rule(f"{path}.json", f"{view.name}.json", twin)


def _asset(file: str) -> Response:
    if file not in ASSETS:
        abort(404)
    return send_from_directory(HERE, file, max_age=3600)
