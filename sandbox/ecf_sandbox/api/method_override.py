"""A POST that says that it stands for another method."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ecf_sandbox.api.parameters import FORM, media_type, parameters
from ecf_sandbox.api.unreadable import Unreadable

Environ = dict[str, Any]

_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "LINK", "UNLINK"})


def meant_method(environ: Environ) -> str:
    """What a POST stands for: the field `_method` of a form, else X-HTTP-Method-Override, if HTTP knows it."""
    chosen = _field(environ) or environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "")
    method: str = chosen.upper()
    return method if method in _METHODS else "POST"


def _field(environ: Environ) -> str | None:
    content_type = environ.get("CONTENT_TYPE", "")
    if media_type(content_type) not in ("", FORM) or not environ.get("CONTENT_LENGTH", "").isdecimal():
        return None
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    if b"_method" not in body:
        return None
    try:
        field = parameters("", body, content_type, "POST").get("_method")
    except Unreadable:
        return None  # for the endpoint to find out
    return field if isinstance(field, str) else None
