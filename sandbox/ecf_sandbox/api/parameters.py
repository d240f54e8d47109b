"""What a request says, in its query and its body, nested as the service nests it: the query over the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.api.form_text import read_pairs
from ecf_sandbox.api.formats import JSON_TYPES, is_media_type
from ecf_sandbox.api.json_text import read_json
from ecf_sandbox.api.unreadable import UnknownMediaType

Parameters = Mapping[str, Any]

_BODY_IN_JSON = JSON_TYPES | {"application/problem+json"}
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


def of_body(body: bytes, content_type: str, method: str) -> dict[str, Any]:
    """The parameters of a body alone; raises Unreadable or UnknownMediaType."""
    return _of_body(body, content_type, method) if body or content_type else {}


def _of_body(body: bytes, content_type: str, method: str) -> dict[str, Any]:
    kind = media_type(content_type)
    if kind in _BODY_IN_JSON:
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
    return content_type.partition(";")[0].partition(",")[0].strip().lower()


def _of_json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    value = read_json(body)
    return value if isinstance(value, dict) else {"_json": value}


def _of_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    # Imported here because next to nobody sends one, and everybody waits for the start.
    from ecf_sandbox.api.multipart import boundary_of, read_multipart

    boundary = boundary_of(content_type)
    return read_pairs(body, b"&") if boundary is None else read_multipart(body, boundary)
