"""Bring a path to the one spelling that the routes have, before anybody looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from ecf_sandbox.api.request import _Environ, meant_method
from ecf_sandbox.rulebook.refusals import UnreadableRequest

SUFFIX = "sandbox.suffix"
API = "/api/"

_ASCII = "".join(map(chr, range(128)))
_SLASHES = re.compile(r"//+")
_SUFFIX = re.compile(r"(.*/[^./]+)\.([^./]+)", re.DOTALL)
Wsgi = Callable[[_Environ, Any], Iterable[bytes]]


class Paths:
    """Middleware: `//api/v3/x.csv/` is `/api/v3/x` with the suffix `csv`; a POST may stand for another method.

    Outside the API a path is left as it is. Source: behaviour/http-and-partnerships.md#b4, #b5.
    """

    def __init__(self, app: Wsgi) -> None:
        self.app = app

    def __call__(self, environ: _Environ, start_response: Any) -> Iterable[bytes]:
        spell(environ)
        return self.app(environ, start_response)


def spell(environ: _Environ) -> None:
    """Bring the path and the method of a request for the API to the spelling of the routes, in place.

    Outside the API only the query is, so that it is ASCII.
    """
    path = as_sent(environ)
    if "//" in path or path.endswith("/"):
        path = tidy(path)
    if path.startswith(API):
        environ["PATH_INFO"], environ[SUFFIX] = split_suffix(path)
        if environ["REQUEST_METHOD"] == "POST":
            environ["REQUEST_METHOD"] = meant_method(environ)
    elif tidy(environ["PATH_INFO"]).startswith(API):
        environ["PATH_INFO"] = path  # `/api%2Fv3/…` and `/%61pi/v3/…` are no paths of the API
    if not path.startswith(API) and not environ.get("QUERY_STRING", "").isascii():
        environ["QUERY_STRING"] = escaped(environ["QUERY_STRING"])


def escaped(query: str) -> str:
    """A query, as a WSGI server hands it over, with escapes for what is not ASCII.

    Flask, which answers outside the API, takes such bytes for UTF-8 and raises where they are none; escaped they may be
    anything.
    """
    return quote(query.encode("latin-1"), safe=_ASCII)


def as_sent(environ: Mapping[str, Any]) -> str:
    """The path with its percent escapes, if it has any and the server tells: `%2F` and `%2E` divide nothing.

    Source: conformance partnerships/show/id-* (an id before `%2F` is not found).
    """
    path: str = environ["PATH_INFO"]
    sent = environ.get("REQUEST_URI", "").partition("?")[0]
    return sent if "%" in sent and sent.startswith("/") and not environ.get("SCRIPT_NAME") else path


def insist_on_utf8(path: str) -> None:
    """Raise Unreadable if a path, as a WSGI server hands it over, is not UTF-8 without its escapes."""
    if "%" not in path and path.isascii():
        return
    try:
        unquote_to_bytes(path.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise UnreadableRequest("the path is not UTF-8") from None


def tidy(path: str) -> str:
    """The path without doubled and trailing slashes."""
    return _SLASHES.sub("/", path).rstrip("/") or "/"


def split_suffix(path: str) -> tuple[str, str | None]:
    """The path and the format that it ends in, if it does."""
    if "." not in path:
        return path, None
    found = _SUFFIX.fullmatch(path)
    return (found[1], found[2]) if found else (path, None)


def last_suffix(environ: Mapping[str, Any]) -> str | None:
    """What comes after the last dot of a path, also where the routes have no room for a suffix (`x.json.xml`)."""
    _, dot, rest = environ["PATH_INFO"].rpartition(".")
    return suffix_of(environ) or (rest if dot and "/" not in rest else None)


def suffix_of(environ: Mapping[str, Any]) -> str | None:
    """The format that the path ended in."""
    suffix: str | None = environ.get(SUFFIX)
    return suffix
