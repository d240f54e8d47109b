"""What a request carries: its method, its body, its parameters, and the format that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from ecf_sandbox.api.accept import JSON_TYPES, is_media_type
from ecf_sandbox.api.form_body import boundary_of, read_multipart, read_pairs
from ecf_sandbox.api.json_body import read_json
from ecf_sandbox.api.routes import Route
from ecf_sandbox.rulebook.refusals import BadRequest, UnknownMediaType, UnreadableRequest
from ecf_sandbox.rulebook.values import stripped
from ecf_sandbox.transport import BODY_LIMIT, MOST_BODY, BodyTooLarge

Parameters = Mapping[str, Any]

BODY_IN_JSON = JSON_TYPES | {"application/problem+json"}
_USUAL = "application/json"
FORM = "application/x-www-form-urlencoded"
_MULTIPART = frozenset({"multipart/form-data", "multipart/related", "multipart/mixed"})


def parameters(query: str, body: bytes, content_type: str, method: str) -> Parameters:
    """The parameters of a request. `query` is as a WSGI server hands it over: raw, one character a byte.

    Raises Unreadable (400) or UnknownMediaType (406). Source: behaviour/http-and-partnerships.md#b4, #b6, #b8.
    """
    told = of_body(body, content_type, method)
    asked = of_query(query)
    return {**told, **asked} if told else asked


def of_query(query: str) -> dict[str, Any]:
    """The parameters of a query alone; raises Unreadable."""
    return read_pairs(query.encode("latin-1"), b"&;") if query else {}


def of_body(body: bytes, content_type: str, method: str, json_types: frozenset[str] = BODY_IN_JSON) -> dict[str, Any]:
    """The parameters of a body alone, of which `json_types` are read as JSON; raises Unreadable or UnknownMediaType."""
    return _of_body(body, content_type, method, json_types) if body or content_type else {}


def _of_body(body: bytes, content_type: str, method: str, json_types: frozenset[str]) -> dict[str, Any]:
    kind = media_type(content_type)
    if kind in json_types:
        return _of_json(body)
    # A POST that does not say what its body is has its body read as a form.
    if kind == FORM or (not kind and method == "POST"):
        return read_pairs(body.removesuffix(b"\0"), b"&")
    if kind in _MULTIPART:
        return _of_multipart(body, content_type)
    if kind and not is_media_type(kind):
        raise UnknownMediaType
    return {}


def media_type(content_type: str) -> str:
    """The type and subtype of a Content-Type header, empty if it has none."""
    if content_type == _USUAL:
        return content_type
    return stripped(content_type.partition(";")[0].partition(",")[0]).lower()


def _of_json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    value = read_json(body)
    return value if isinstance(value, dict) else {"_json": value}


def _of_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    boundary = boundary_of(content_type)
    return read_pairs(body, b"&") if boundary is None else read_multipart(body, boundary)


Environ = Mapping[str, Any]


class NotAcceptable(Exception):
    """The path has no such format (406)."""


def body_of(environ: Environ) -> bytes:
    """The body as it came; raises BodyTooLarge for one that is larger than the limit, of which no more is read."""
    length = environ.get("CONTENT_LENGTH", "")
    if not environ.get("wsgi.input_terminated") and (not length.isdecimal() or length == "0"):
        return b""
    limit: int = environ.get(BODY_LIMIT, MOST_BODY)
    if length.isdecimal() and _is_more(length, limit):
        raise BodyTooLarge(limit)
    body: bytes = environ["wsgi.input"].read(limit + 1 if environ.get("wsgi.input_terminated") else int(length))
    if len(body) > limit:
        raise BodyTooLarge(limit)
    return body


def _is_more(length: str, limit: int) -> bool:
    # Python reads no number of thousands of digits.
    return len(length.lstrip("0")) > len(str(limit)) or int(length[-20:]) > limit


def audit(body: bytes) -> None:
    """The service keeps the raw body of everything about declarations, in a text column of its database."""
    if b"\0" in body:
        raise BadRequest("Bad request", "The body of the request has a NUL character in it, which cannot be kept")
    try:
        body.decode()
    except UnicodeDecodeError:
        raise BadRequest("Bad request", "The body of the request is not UTF-8") from None


def csv_wanted(route: Route, suffix: str | None) -> bool:
    """Whether a list is wanted as CSV; paths that have CSV have no third format, the others have only one."""
    if not route.csv or suffix is None or suffix == "json":
        return False
    if suffix != "csv":
        raise NotAcceptable
    return True


def named_format(query: str) -> str | None:
    """The format that the query names, which counts where no route fits."""
    if "format" not in query:
        return None
    try:
        named = parameters(query, b"", "", "GET").get("format")
    except UnreadableRequest:
        return None
    return named if isinstance(named, str) else None


_Environ = dict[str, Any]

_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "LINK", "UNLINK"})


def meant_method(environ: _Environ) -> str:
    """What a POST stands for: the field `_method` of a form, else X-HTTP-Method-Override, if HTTP knows it."""
    chosen = _field(environ) or environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "")
    method: str = chosen.upper()
    return method if method in _METHODS else "POST"


def _field(environ: _Environ) -> str | None:
    content_type = environ.get("CONTENT_TYPE", "")
    length = environ.get("CONTENT_LENGTH", "")
    if media_type(content_type) not in ("", FORM) or not length.isdecimal():
        return None
    if _is_more(length, environ.get(BODY_LIMIT, MOST_BODY)):
        return None  # for the pipeline to refuse
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    if b"_method" not in body:
        return None
    try:
        field = parameters("", body, content_type, "POST").get("_method")
    except UnreadableRequest:
        return None  # for the endpoint to find out
    return field if isinstance(field, str) else None
