"""How the service behaves around its endpoints: types, refusals, headers and the server date (behaviour/rect.md#5)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ecf_sandbox.api import errors
from ecf_sandbox.api.accept import Format, format_wanted, is_media_type
from ecf_sandbox.api.auth import LAST
from ecf_sandbox.api.behaviour import Answers, HttpBehaviour
from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.paths import last_suffix
from ecf_sandbox.api.request import NotAcceptable, named_format
from ecf_sandbox.api.response import Answer, Layer, encode
from ecf_sandbox.dates.readers import UnreadableDate, read_uk_server_date
from ecf_sandbox.dates.usual import read_usual
from ecf_sandbox.rect.rules.consistency import NotSaved
from ecf_sandbox.rulebook.refusals import (
    BadRequest,
    NotFound,
    Refused,
    Unauthenticated,
    UnknownMediaType,
    UnreadableRequest,
)
from ecf_sandbox.rulebook.values import stripped

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
_BARE = "text/html; charset=UTF-8"
_BROWSER = re.compile(r",\s*\*/\*|\*/\*\s*,")
_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Page not found</title></head>
<body><main><h1>Page not found</h1><p>Check that the web address is correct.</p></main></body>
</html>
"""


def _unauthenticated(_: Unauthenticated, __: RequestContext) -> Answer:
    return Answer(401, JSON, encode({"error": "HTTP Token: Access denied"}))


def _not_found(_: NotFound, __: RequestContext) -> Answer:
    error = {"title": "Resource not found", "detail": "Nothing could be found for the provided details"}
    return Answer(404, JSON, encode({"errors": [error]}))


def _bad_request(wrong: BadRequest, _: RequestContext) -> Answer:
    return Answer(400, JSON, encode({"errors": [{"title": wrong.title, "detail": wrong.detail}]}))


def _refused(refusal: Refused, context: RequestContext) -> Answer:
    """One object for each message; those of an attribute stay together, and none of them comes twice."""
    context.refused = refusal
    by_title: dict[str, dict[str, None]] = {}
    for it in refusal.refusals:
        by_title.setdefault(it.title, {})[it.detail] = None
    found = [{"title": title, "detail": detail} for title, details in by_title.items() for detail in details]
    return Answer(422, JSON, encode({"errors": found}))


def _not_saved(refusal: NotSaved, context: RequestContext) -> Answer:
    """The service says no more than that; the reason is in the journal."""
    context.refused = refusal
    return Answer(422, JSON, encode({"error": "Unprocessable content"}), layer=Layer.ERROR_PAGE)


def _no_route(_: errors.NoRoute, context: RequestContext) -> Answer:
    if context.method not in errors.METHODS:
        return errors.unknown_method()
    if _wants_json(context):
        return Answer(404, JSON, encode({"error": "Resource not found"}), layer=Layer.ERROR_PAGE)
    return Answer(404, HTML, _PAGE, layer=Layer.ERROR_PAGE)


def _wants_json(context: RequestContext) -> bool:
    accept = context.header("HTTP_ACCEPT")
    if accept is None or stripped(accept) == "*/*":
        return True
    named = named_format(context.environ.get("QUERY_STRING", ""))
    return format_wanted(stripped(accept), last_suffix(context.environ), named)[0] is Format.JSON


def _bare(status: int) -> Any:
    return lambda *_: Answer(status, _BARE, layer=Layer.BARE)


class RectHttp(HttpBehaviour):
    """JSON by its plain name, no compression, and errors in two shapes (behaviour/rect.md#5, #8)."""

    json_type = JSON
    json_types = frozenset({"application/json"})
    compresses = False
    formats_in_paths = False
    decoded_again = frozenset({"updated_since"})  # behaviour/rect.md#6-3
    answers: Answers = {
        Unauthenticated: _unauthenticated,
        NotFound: _not_found,
        BadRequest: _bad_request,
        Refused: _refused,
        NotSaved: _not_saved,
        errors.NoRoute: _no_route,
        UnreadableRequest: _bare(400),
        NotAcceptable: _bare(406),
        UnknownMediaType: _bare(406),
    }
    security = (*HttpBehaviour.security, ("X-Robots-Tag", "none"))
    policy = ()
    strict_transport = "max-age=10800; includeSubDomains"

    def server_date(self, header: str | None, now: datetime) -> datetime | None:
        """The moment at which a request stands still, in whole seconds; a time without zone is the United Kingdom's.

        The service crashes on what has no date or time in it, an empty header too (behaviour/rect.md#7).
        """
        if header is None:
            return None
        if (usual := read_usual(header)) is not None:
            return usual
        text = header.encode("latin-1").decode(errors="replace")
        try:
            found = read_uk_server_date(text, now)
        except UnreadableDate as wrong:
            raise BadRequest("Bad request", str(wrong)) from None
        return min(found, LAST).replace(microsecond=0)

    def admit(self, context: RequestContext) -> None:
        """Refuse an `Accept` that names no media type, whoever asks (behaviour/rect.md#8)."""
        accept = context.header("HTTP_ACCEPT")
        if not accept or accept == "*/*" or _BROWSER.search(accept):
            return
        types = (stripped(it.partition(";")[0]) for it in accept.split(","))
        if not all(is_media_type(it) for it in types if it):
            raise NotAcceptable


HTTP = RectHttp()
