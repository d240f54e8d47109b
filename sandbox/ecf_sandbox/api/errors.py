"""The shape of every refusal: the only place that builds an error body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ecf_sandbox.api.accept import Format, format_of_suffix, format_wanted
from ecf_sandbox.api.addressed import NotUnderstood
from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.paths import last_suffix
from ecf_sandbox.api.request import NotAcceptable, named_format
from ecf_sandbox.api.response import CSV, HTML, JSON, PLAIN, Answer, AnsweredInstead, Layer, encode
from ecf_sandbox.rulebook.refusals import (
    BadRequest,
    NotFound,
    OutOfScope,
    Refused,
    Unauthenticated,
    UnknownMediaType,
    UnreadableRequest,
)
from ecf_sandbox.rulebook.values import stripped
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.worlds import BadWorldName
from ecf_sandbox.transport import BodyTooLarge

_NO_ROUTE_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Page not found</title></head>
<body><main><h1>Page not found</h1>
<p>If you typed the web address, check it is correct.</p>
<p>If you pasted the web address, check you copied the entire address.</p></main></body>
</html>
"""


# The verbs of HTTP and its extensions; any other is a 405.
METHODS = frozenset(
    """
    OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK
    VERSION-CONTROL REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL
    MKACTIVITY ORDERPATCH ACL SEARCH MKCALENDAR PATCH
    """.split()
)


class NoRoute(Exception):
    """No route fits the path and the method (404), or HTTP has no such method (405)."""


class TooManyRequests(Exception):
    """The limit of requests is used up (429)."""


class RefusedByObserver(Exception):
    """A world that refuses what its observer calls an error got such a request."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        super().__init__(", ".join(it.code for it in findings))


def answer_to(refusal: Exception, context: RequestContext) -> Answer:
    """The answer to one of the exceptions that are `EXPECTED`, of which a service may have kinds of its own."""
    kind = type(refusal)
    answer = context.http.answers.get(kind) or _ANSWERS[kind]
    return answer(refusal, context)


def unauthenticated() -> Answer:
    """401: no token, or one that nobody has."""
    body = encode({"error": "HTTP Token: Access denied"})
    return Answer(401, JSON, body, extra=(("WWW-Authenticate", 'Token realm="Application"'),))


def out_of_scope() -> Answer:
    """403: a token that opens something else."""
    return Answer(403, "text/html")


def refused(refusal: Refused) -> Answer:
    """422: rules of the business; all that is wrong with one attribute is said at once."""
    details: dict[str, list[str]] = {}
    for it in refusal.refusals:
        details.setdefault(it.title, []).append(it.detail)
    errors = [{"title": title, "detail": ", ".join(dict.fromkeys(texts))} for title, texts in details.items()]
    return Answer(422, JSON, encode({"errors": errors}))


def bad_request(wrong: BadRequest, *, csv: bool = False) -> Answer:
    """400 with a document; what was to become CSV keeps that type (behaviour/errata.md#http)."""
    body = encode({"errors": [{"title": wrong.title, "detail": wrong.detail}]})
    return Answer(400, CSV if csv else JSON, body)


def bad_world(wrong: BadWorldName) -> Answer:
    """400 of the sandbox itself, in a shape that cannot be mistaken for the service's."""
    problem = {"type": "about:blank", "title": "No such name for a world", "status": 400, "detail": str(wrong)}
    return Answer(400, "application/problem+json", encode(problem), layer=Layer.BARE)


def not_understood(wrong: NotUnderstood) -> Answer:
    """400 of the sandbox itself: what is addressed to it means nothing, or two things."""
    problem = {
        "type": f"urn:ecf-sandbox:problem:{wrong.kind}",
        "title": wrong.kind.replace("-", " ").capitalize(),
        "status": 400,
        "detail": str(wrong),
    }
    return Answer(400, "application/problem+json", encode(problem), layer=Layer.BARE)


def observed(findings: Sequence[Finding]) -> Answer:
    """400 of the sandbox itself: its observer found errors in a request, in a world that refuses them."""
    codes = ", ".join(dict.fromkeys(it.code for it in findings))
    problem = {
        "type": "urn:ecf-sandbox:refused-by-observer",
        "title": "Refused by the sandbox's observer",
        "status": 400,
        "detail": f"The service might accept this; this world refuses it, and nothing has changed: {codes}",
        "findings": findings,
    }
    extra = (("X-Sandbox-Refused", "observer"),)
    return Answer(400, "application/problem+json", encode(problem), layer=Layer.BARE, extra=extra)


def unreadable() -> Answer:
    """400 without a message: a query, a path or a body that cannot be parsed."""
    return _bare(400)


def unknown_method() -> Answer:
    """405: a verb that HTTP does not have."""
    return _bare(405)


def not_acceptable() -> Answer:
    """406: a format that the path has not got, or a Content-Type that is none."""
    return _bare(406)


def not_found(format: Format, *, vary: bool = False) -> Answer:
    """404, for records as for paths; `vary` says that the `Accept` header decided the format."""
    extra = (("Vary", "Accept"),) if vary else ()
    if format is Format.JSON:
        body = encode({"error": "Resource not Found"})
        return Answer(404, JSON, body, layer=Layer.ERROR_PAGE, extra=extra)
    if format is Format.HTML:
        return Answer(404, HTML, _NO_ROUTE_PAGE, layer=Layer.ERROR_PAGE, extra=extra)
    return Answer(404, PLAIN, layer=Layer.ERROR_PAGE, extra=extra)


def too_many_requests() -> Answer:
    """429: over the limit of requests."""
    return Answer(429, PLAIN, b"Retry later\n", layer=Layer.LIMITER)


def no_encoding(path: str) -> Answer:
    """406: an `Accept-Encoding` that forbids whatever there is."""
    text = f"An acceptable encoding for the requested resource {path} could not be found."
    return Answer(406, PLAIN, text.encode(errors="replace"), layer=Layer.LIMITER)


def crashed(content_type: str) -> Answer:
    """500: a mistake of ours."""
    return Answer(500, content_type, encode({"error": "Internal server error"}), layer=Layer.ERROR_PAGE)


def _bare(status: int) -> Answer:
    return Answer(status, "text/html; charset=", layer=Layer.BARE)


def too_far(header: str) -> BadRequest:
    """The refusal of a moment so near the end of time that dates counted from it do not exist."""
    return BadRequest("Bad request", f"X-With-Server-Date {header!r} is too far away for this request")


def _no_route(context: RequestContext) -> Answer:
    if context.method not in METHODS:
        return unknown_method()
    accept = stripped(context.header("HTTP_ACCEPT") or "")
    named = named_format(context.environ.get("QUERY_STRING", ""))
    format, decided = format_wanted(accept, last_suffix(context.environ), named)
    return not_found(format, vary=decided)


def _refused(refusal: Refused, context: RequestContext) -> Answer:
    context.refused = refusal
    return refused(refusal)


# What may be raised on the way of a request, and what the service answers to it.
_ANSWERS: dict[type[Exception], Callable[[Any, RequestContext], Answer]] = {
    NotUnderstood: lambda refusal, _: not_understood(refusal),
    BadWorldName: lambda refusal, _: bad_world(refusal),
    AnsweredInstead: lambda refusal, _: refusal.answer,
    NoRoute: lambda _, context: _no_route(context),
    NotFound: lambda _, context: not_found(format_of_suffix(context.suffix)),
    UnreadableRequest: lambda *_: unreadable(),
    Unauthenticated: lambda *_: unauthenticated(),
    OutOfScope: lambda *_: out_of_scope(),
    NotAcceptable: lambda *_: not_acceptable(),
    UnknownMediaType: lambda *_: not_acceptable(),
    BodyTooLarge: lambda refusal, _: Answer(413, PLAIN, f"{refusal}\n".encode(), layer=Layer.LIMITER),
    TooManyRequests: lambda *_: too_many_requests(),
    BadRequest: lambda refusal, context: bad_request(refusal, csv=context.csv),
    Refused: _refused,
    RefusedByObserver: lambda refusal, _: observed(refusal.findings),
}
EXPECTED = tuple(_ANSWERS)
