"""Takes credentials out of headers. Which headers hold them, and what stands in their place, is said here alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

REDACTED: Final = "[redacted]"
SECRET_HEADERS: Final = frozenset(
    (
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-sandbox-token"),
        *("x-api-key", "api-key", "x-auth-token", "x-access-token"),
    )
)
SCHEMES: Final = frozenset({"bearer", "token", "basic", "digest"})


def is_secret(header: str) -> bool:
    """Whether a header of that name is there for credentials."""
    return header.lower() in SECRET_HEADERS


def redacted(value: str) -> str:
    """What is shown of the value of such a header: its scheme, if it has one that is known."""
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {REDACTED}" if rest and scheme.lower() in SCHEMES else REDACTED


def redacted_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers of this sandbox without credentials; the world that a bearer token names behind its `~` stays."""
    return [(name, _with_world(value) if is_secret(name) else value) for name, value in headers]


def _with_world(value: str) -> str:
    shown, world = redacted(value), value.partition("~")[2]
    return f"{shown}~{world}" if world and shown != REDACTED else shown
