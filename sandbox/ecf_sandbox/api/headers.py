"""The headers of an answer: those of the part of the service that it comes from, its entity tag, its compression."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from ecf_sandbox.api.behaviour import HttpBehaviour
from ecf_sandbox.api.errors import no_encoding
from ecf_sandbox.api.response import Answer, Layer

_PART = re.compile(r"\s*([^\s;,]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?")


def entity_tag(body: bytes) -> str:
    """The weak tag of the bytes that are sent."""
    return f'W/"{sha256(body).hexdigest()[:32]}"'


def compressed(body: bytes, second: int) -> bytes:
    """The body as gzip, stamped with the second.

    The stamp is part of the bytes, so the tag of a compressed answer is another one every second, as it is at the
    service (behaviour/http-and-partnerships.md#b14).
    """
    return gzip.compress(body, compresslevel=6, mtime=second % 2**32)


def best_encoding(accepted: str) -> str | None:
    """`gzip` or `identity`, whichever an `Accept-Encoding` header likes better; None if it forbids both."""
    if not accepted:
        return "identity"
    likes = {it[1]: _quality(it[2]) for it in map(_PART.match, accepted.split(",")) if it}
    others = likes.get("*")
    zipped = likes.get("gzip", others or 0.0)
    plain = likes.get("identity", 1e-9 if others is None else others)
    if max(zipped, plain) <= 0:
        return None
    return "gzip" if zipped >= plain else "identity"


def _quality(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0


Headers = list[tuple[str, str]]

_TAGGED = ("Cache-Control", "max-age=0, private, must-revalidate")
_UNTAGGED = ("Cache-Control", "no-cache")
_VARY = ("Vary", "Accept-Encoding")
_NOT_IN_REQUEST_ID = re.compile(r"[^a-zA-Z0-9_-]")


def with_headers(
    answer: Answer, environ: Mapping[str, Any], http: HttpBehaviour, second: Callable[[], int]
) -> tuple[int, Headers, bytes]:
    """Status, headers and body as they are sent, but for the request's id and run time; `second` tells the time.

    Source: behaviour/http-and-partnerships.md#b2, #b14.
    """
    if answer.layer is Layer.CONTROLLER or answer.layer is Layer.LIMITER:
        return _within(answer, environ, http, second)
    headers = list(http.security) if answer.layer is Layer.ERROR_PAGE else []
    headers += (("Content-Type", answer.content_type), *answer.extra)
    return answer.status, headers, answer.body


def request_id(given: str) -> str:
    """What is kept of a client's own `X-Request-Id`."""
    return _NOT_IN_REQUEST_ID.sub("", given)[:255]


def transport_headers(environ: Mapping[str, Any], http: HttpBehaviour) -> Headers:
    """What an answer over TLS has besides."""
    return [("Strict-Transport-Security", http.strict_transport)] if environ.get("wsgi.url_scheme") == "https" else []


def _within(
    answer: Answer, environ: Mapping[str, Any], http: HttpBehaviour, second: Callable[[], int]
) -> tuple[int, Headers, bytes]:
    """An answer from inside compression, tags and content policy."""
    body, encoded = answer.body, False
    accepted = environ.get("HTTP_ACCEPT_ENCODING")
    if accepted and http.compresses:
        encoding = best_encoding(accepted)
        if encoding is None:
            return _undeliverable(environ, http)
        if encoded := encoding == "gzip" and body != b"":
            body = compressed(body, second())
    headers = list(http.security) if answer.layer is Layer.CONTROLLER else []
    vary = (_VARY,) if http.compresses else ()
    if answer.status == 200 and body:
        tag = entity_tag(body)
        headers += (_TAGGED, ("ETag", tag), *vary)
        if environ.get("HTTP_IF_NONE_MATCH") == tag and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return 304, headers, b""
    else:
        headers += (_UNTAGGED, *vary)
    headers += (("Content-Type", answer.content_type), *http.policy, *answer.extra)
    if encoded:
        headers.append(("Content-Encoding", "gzip"))
    return answer.status, headers, body


def _undeliverable(environ: Mapping[str, Any], http: HttpBehaviour) -> tuple[int, Headers, bytes]:
    query = environ.get("QUERY_STRING")
    instead = no_encoding(environ["PATH_INFO"] + (f"?{query}" if query else ""))
    return instead.status, [("Content-Type", instead.content_type), _UNTAGGED, *http.policy], instead.body
