"""Requests as people hand them on, a curl command or an exchange in JSON, read back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Options of curl that change how an answer is shown or fetched, and nothing that is sent.
_IGNORED = frozenset(
    [
        "-s",
        "--silent",
        "-S",
        "--show-error",
        "-sS",
        "-i",
        "--include",
        "-si",
        "-v",
        "--verbose",
        "-sv",
        "-f",
        "--fail",
        "--fail-with-body",
        "-L",
        "--location",
        "-k",
        "--insecure",
        "--compressed",
        "-g",
        "--globoff",
    ]
)
_IGNORED_WITH_VALUE = frozenset(
    ["-o", "--output", "-w", "--write-out", "-m", "--max-time", "--connect-timeout", "--retry"]
)
_BODY = frozenset(["-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"])
_METHOD = frozenset({"-X", "--request"})
_HEADER = frozenset({"-H", "--header"})
_KNOWN_WITH_VALUE = _IGNORED_WITH_VALUE | _BODY | _METHOD | _HEADER | {"--url"}


class Unreadable(ValueError):
    """What was given is no request; the message says why, and what would be one."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request: `target` is path and query, `body` text or a JSON value, `provider` who is known to have asked."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    provider: str | None = None


def read(text: str) -> Sent:
    """The request that a text holds: a curl command, or JSON of an exchange; raises Unreadable."""
    text = text.strip()
    if text.startswith("{"):
        return _exchange(text)
    if text.startswith("curl"):
        return _curl(text)
    raise Unreadable("this is neither a curl command nor an exchange in JSON: it begins with neither 'curl' nor '{'")


def _exchange(text: str) -> Sent:
    try:
        told = json.loads(text)
    except ValueError as wrong:
        raise Unreadable(f"this is no JSON of one exchange: {wrong}") from None
    request = told.get("request", {})
    method, target = told.get("method"), told.get("target")
    if not isinstance(method, str) or not isinstance(target, str) or not isinstance(request, dict):
        raise Unreadable("an exchange needs method and target, as 'ecf-sandbox journal show' writes them")
    try:
        headers = {str(name): str(value) for name, value in request.get("headers") or ()}
    except (TypeError, ValueError):
        raise Unreadable("request.headers must be a list of pairs of name and value") from None
    return Sent(method=method, target=target, headers=headers, body=request.get("body"), provider=told.get("provider"))


def _curl(text: str) -> Sent:
    """A curl command; what it would send, the same method and content type that curl would choose."""
    try:
        words = shlex.split(text.replace("\\\n", " "))[1:]
    except ValueError as wrong:
        raise Unreadable(f"the curl command cannot be read: {wrong}") from None
    method: str | None = None
    url: str | None = None
    headers: dict[str, str] = {}
    parts: list[str] = []
    for option, value in _options(words):
        if option in _METHOD:
            method = value
        elif option in _HEADER:
            name, _, rest = value.partition(":")
            headers[name.strip()] = rest.strip()
        elif option in _BODY:
            parts.append(_data(option, value))
            kind = "application/json" if option == "--json" else "application/x-www-form-urlencoded"
            headers = {"Content-Type": kind} | headers
        elif option in ("", "--url"):
            url = value
    if url is None:
        raise Unreadable("the curl command names no address")
    where = urlsplit(url if "://" in url else f"http://{url}")
    return Sent(
        method=method or ("POST" if parts else "GET"),
        target=(where.path or "/") + (f"?{where.query}" if where.query else ""),
        headers=_once(headers),
        body="&".join(parts) if parts else None,
    )


def _options(words: list[str]) -> list[tuple[str, str]]:
    """Options with their values; an address has no option."""
    found = []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word in _IGNORED:
            continue
        if word in _KNOWN_WITH_VALUE:
            given = next(rest, None)
            if given is None:
                raise Unreadable(f"{word} of curl needs a value")
            found.append((word, given))
        elif equals and name.startswith("--") and name in _KNOWN_WITH_VALUE:
            found.append((name, value))
        elif word[:2] in ("-X", "-H", "-d") and not word.startswith("--"):
            found.append((word[:2], word[2:]))
        elif word.startswith("-"):
            raise Unreadable(f"{word} of curl is not known here; say the request with -X, -H, -d and the address")
        else:
            found.append(("", word))
    return found


def _data(option: str, value: str) -> str:
    if not value.startswith("@") or option == "--data-raw":
        return value
    try:
        text = Path(value[1:]).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"cannot read {value[1:]}, which curl would send: {error}") from None
    return text.replace("\n", "").replace("\r", "") if option in ("-d", "--data", "--data-ascii") else text


def _once(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers without a second spelling of one name: the last that was given holds."""
    spelt = {name.lower(): name for name in headers}
    return {spelt[name.lower()]: value for name, value in headers.items()}
