"""Reads what a request carries: its body, its parameters, the format that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.api.noting import Trace
from ecf_sandbox.api.parameters import Parameters, of_body, of_query, parameters
from ecf_sandbox.api.unreadable import Unreadable
from ecf_sandbox.ecf.routes import Route
from ecf_sandbox.rulebook.refusals import BadRequest

Environ = Mapping[str, Any]


class NotAcceptable(Exception):
    """The path has no such format (406)."""


def body_of(environ: Environ) -> bytes:
    """The body as it came."""
    source = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        everything: bytes = source.read()
        return everything
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or length == "0":
        return b""
    some: bytes = source.read(int(length))
    return some


def told(environ: Environ, trace: Trace) -> Parameters:
    """The parameters, of which `filter` is checked before any endpoint sees them, writes included."""
    query, content_type = environ.get("QUERY_STRING", ""), environ.get("CONTENT_TYPE", "")
    try:
        said = trace.told = of_body(trace.body, content_type, environ["REQUEST_METHOD"])
        asked = trace.asked = of_query(query)
    except Unreadable as wrong:
        trace.unreadable = str(wrong)
        raise
    told = {**said, **asked} if said else asked
    chosen = told.get("filter")
    if chosen is not None and not isinstance(chosen, Mapping):
        raise BadRequest("Bad parameter", "Filter must be a hash")
    return told


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
    except Unreadable:
        return None
    return named if isinstance(named, str) else None
