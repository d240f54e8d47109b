"""Who may see the pages: whoever may control worlds. A control token is asked for once, and kept in a cookie."""

from __future__ import annotations

from hmac import compare_digest

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ecf_sandbox.control.http import admit
from ecf_sandbox.control.problem import Problem

COOKIE = "ecf_sandbox_control"


def guard(token: str | None) -> AnyResponse | None:
    """None for whoever may pass; the page to log in, or what is wrong."""
    environ = dict(request.environ)
    shown = request.cookies.get(COOKIE)
    if shown is not None:
        environ.setdefault("HTTP_X_SANDBOX_TOKEN", shown)
    if _followed_a_link():
        environ.pop("HTTP_SEC_FETCH_SITE", None)
    try:
        admit(environ, token)
    except Problem as problem:
        if problem.status == 401:
            return redirect(url_for("login", then=request.full_path.rstrip("?")))
        return Response(render_template("problem.html", title="Not from here", detail=problem.detail), problem.status)
    return None


def _followed_a_link() -> bool:
    """A person came from elsewhere to see a page, which changes nothing; scripts and forms of other pages may not."""
    headers = request.headers
    return (
        request.method in ("GET", "HEAD")
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
    )


def log_in(token: str | None) -> AnyResponse:
    """The page that asks for the control token, or the way on from it."""
    then = request.values.get("then", "")
    on = then if then.startswith("/ui/") else url_for("home")
    given = request.form.get("token", "")
    wrong = request.method == "POST"
    if token is None or (wrong and compare_digest(given.encode(), token.encode())):
        answer = redirect(on, 303)
        answer.set_cookie(COOKIE, given, httponly=True, samesite="Strict", path=f"{request.script_root}/ui")
        return answer
    page = render_template("login.html", then=on, error="That is not the control token." if wrong else "")
    return Response(page, 401 if wrong else 200)
