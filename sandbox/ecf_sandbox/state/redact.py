"""Takes credentials out of what is kept or shown: which headers and parameters hold them, and what stands instead.

Said here alone, for journals, archives, reports and the proxy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

REDACTED: Final = "[redacted]"
SECRET_HEADERS: Final = frozenset(
    (
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-sandbox-token"),
        *("x-api-key", "api-key", "x-auth-token", "x-access-token"),
    )
)
SCHEMES: Final = frozenset({"bearer", "token", "basic", "digest"})

_NAMES = re.compile(r"token|api[_-]?key|authorization|bearer|passw|secret", re.IGNORECASE)
# Narrower than the names above: in any text, not only in a query, `mytoken=` is mostly something else.
_PARAMETER = re.compile(r"(?i)((?:^|[?&])(?:access[_-]?token|api[_-]?key|token|key|authorization|bearer)=)[^&]*")
_BEARER = re.compile(r"(?i)\b(bearer)(\s+|%20|\+)[A-Za-z0-9._~+/%=-]{8,}")

Header = tuple[str, str]


def is_secret(header: str) -> bool:
    """Whether a header of that name, or of one that was meant, is there for credentials."""
    return header.lower().replace("_", "-") in SECRET_HEADERS


def redacted(value: str) -> str:
    """What is shown of the value of such a header: its scheme, if it has one that is known."""
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {REDACTED}" if rest and scheme.lower() in SCHEMES else REDACTED


def redacted_headers(headers: Iterable[Header]) -> list[Header]:
    """Headers of this sandbox without credentials; the world that a token names behind its `~` stays."""
    return [(name, _with_world(value) if is_secret(name) else value) for name, value in headers]


def redacted_query(query: str) -> str:
    """A query in which the value of every parameter that is called like a credential is replaced."""
    parts = re.split(r"([&;])", query)
    return "".join(f"{it.partition('=')[0]}={REDACTED}" if is_secret_parameter(it) else it for it in parts)


def is_secret_parameter(part: str) -> bool:
    """Whether a part of a query, such as `token=x`, is called like a credential and has a value."""
    name, equals, value = part.partition("=")
    return bool(equals and value) and _NAMES.search(unquote(name)) is not None


def redacted_text(text: str) -> str:
    """Any text without what looks like a token in it: in a parameter, or behind `Bearer`."""
    text = _PARAMETER.sub(lambda found: found[1] + REDACTED, text)
    return _BEARER.sub(lambda found: f"{found[1]} {REDACTED}", text)


def has_secret_parameter(text: str) -> bool:
    """Whether a token stands in a parameter of a target."""
    return _PARAMETER.search(text) is not None


class Credentials:
    """Credentials that are known, in every spelling that they may have where they are repeated."""

    def __init__(self, known: Iterable[str]) -> None:
        spelt = {form for it in known if it for form in (it, unquote(it), quote(it, safe=""))}
        # The longest first: one may be part of another.
        self._spelt = sorted(spelt, key=lambda it: (-len(it), it))

    def stand_in(self, text: str) -> bool:
        """Whether any of them is part of a text."""
        return any(it in text for it in self._spelt)

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


def _with_world(value: str) -> str:
    shown, world = redacted(value), value.partition("~")[2]
    return f"{shown}~{world}" if world and shown != REDACTED else shown
