"""Takes credentials out of whatever is noted of a request and its answer, before it is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

import msgspec

from ecf_sandbox.state.findings import Finding

REDACTED = "[redacted]"
# Shorter texts are no credentials, and would be found everywhere.
_SHORTEST = 6
_SCHEMES = frozenset({"bearer", "token", "basic", "digest"})
_HEADERS = frozenset(
    """
    authorization proxy-authorization cookie set-cookie x-sandbox-token x-api-key api-key x-auth-token
    x-access-token
    """.split()
)
_NAMES = re.compile(r"token|api[_-]?key|authorization|bearer|passw|secret", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;]+")


class Secrets:
    """The credentials of one request."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        found = {it for it in _credentials(environ) if len(it) >= _SHORTEST and it.lower() not in _SCHEMES}
        spelt = {form for it in found for form in (it, unquote(it), quote(it, safe=""))}
        # The longest first: one may be part of another.
        self._spelt = sorted(spelt, key=len, reverse=True)

    def text(self, text: str) -> str:
        """A text without them."""
        for it in self._spelt:
            text = text.replace(it, REDACTED)
        return text

    def body(self, body: bytes) -> bytes:
        """A body without them."""
        for it in self._spelt:
            for encoded in {it.encode(), it.encode("latin-1", "ignore")}:
                body = body.replace(encoded, REDACTED.encode())
        return body

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers without them, and without any value of a header that is there for credentials."""
        return tuple(
            (name, _hidden(value) if name.lower() in _HEADERS else self.text(value)) for name, value in headers
        )

    def finding(self, it: Finding) -> Finding:
        """A finding without them."""
        told = {name: self.text(str(value)) for name, value in msgspec.structs.asdict(it).items()}
        return msgspec.structs.replace(it, **told | {"severity": it.severity})


def query_without(query: str) -> str:
    """A query in which the value of every parameter that is called like a credential is replaced."""
    parts = re.split(r"([&;])", query)
    return "".join(f"{it.partition('=')[0]}={REDACTED}" if _is_secret(it) else it for it in parts)


def _credentials(environ: Mapping[str, Any]) -> Iterator[str]:
    for name in _HEADERS:
        value = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
        if value:
            yield from (value, value.partition(" ")[2].strip())
            for part in _BETWEEN.split(value):
                yield from (part, part.partition("=")[2].strip('"'))
    for part in re.split("[&;]", environ.get("QUERY_STRING", "")):
        if _is_secret(part):
            value = part.partition("=")[2]
            yield from (value, unquote_plus(value))


def _is_secret(part: str) -> bool:
    name, equals, value = part.partition("=")
    return bool(equals and value) and _NAMES.search(unquote(name)) is not None


def _hidden(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {REDACTED}" if rest and scheme.lower() in _SCHEMES else REDACTED
