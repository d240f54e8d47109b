"""A request that somebody gave as text, whatever the text was."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ecf_sandbox.state.record import Record
from ecf_sandbox.transport import is_header


class CannotRead(ValueError):
    """A text that is not understood as a request; says what is wrong with it and what would be understood."""


class Given(Record, frozen=True, kw_only=True):
    """A request: `path` includes the query; `provider` is who sent it, where that is known and the token is not.

    `recorded` is the exchange, where it was read from a journal.
    """

    method: str
    path: str
    headers: dict[str, str] = {}
    body: bytes = b""
    provider: str | None = None
    recorded: dict[str, Any] | None = None

    @property
    def world(self) -> str | None:
        """The world that it names, in its own header or behind the `~` of its token."""
        if self.recorded and isinstance(noted := self.recorded.get("world"), str):
            return noted
        named = header(self.headers, "X-Sandbox-World")
        if named is not None:
            return named or None
        token = header(self.headers, "Authorization") or ""
        return token.partition("~")[2].strip('" \t') or None


def header(headers: dict[str, str], name: str) -> str | None:
    """The value of a header, however its name is written."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def path_of(url: str) -> str:
    """Path and query of an address; raises CannotRead."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("/") else f"http://{url}")
    except ValueError as wrong:
        raise CannotRead(f"{url!r} is not a URL: {wrong}") from None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def one_header(line: str, headers: dict[str, str]) -> None:
    """Add a header that is written as `Name: value`; raises CannotRead.

    One of a name that there is already is sent beside it, and servers read both as a list.
    """
    name, colon, value = line.partition(":")
    if not colon or not is_header(name, value.strip()):
        raise CannotRead(f"{line!r} is not a header, such as 'Content-Type: application/json'")
    other = next((it for it in headers if it.lower() == name.lower()), name)
    headers[other] = f"{headers[other]}, {value.strip()}" if other in headers else value.strip()
