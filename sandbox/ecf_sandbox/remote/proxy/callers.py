"""Tells apart those who ask, without keeping their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from threading import Lock
from typing import Any

from ecf_sandbox.state.ids import new_secret

UNAUTHENTICATED = 401
_MOST_CALLERS = 1000


class Callers:
    """Names for those who ask, told apart by their tokens, of which only a keyed hash is held."""

    def __init__(self) -> None:
        self._key = new_secret().encode()[:64]
        self._names: dict[bytes, str] = {}
        self._lock = Lock()

    def name(self, environ: Mapping[str, Any], status: int) -> str | None:
        """A name such as `token 1`; None if the server has not accepted the token."""
        if status == UNAUTHENTICATED:
            return None
        shown = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        key = blake2b(shown, key=self._key).digest()
        with self._lock:
            if key not in self._names and len(self._names) >= _MOST_CALLERS:
                return "another token"
            return self._names.setdefault(key, f"token {len(self._names) + 1}" if shown else "nobody")
