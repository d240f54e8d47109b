"""What a request says to the sandbox itself, in headers of its own and behind the token: strictly read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.suggest import did_you_mean, in_short, nearest

WORLD, TOKEN = "X-Sandbox-World", "X-Sandbox-Token"
HEADERS = (WORLD, TOKEN)
MARK = "~"
_OURS = "HTTP_X_SANDBOX_"
_KNOWN = {f"HTTP_{it.upper().replace('-', '_')}" for it in HEADERS}
_NEAR = 0.8


class NotUnderstood(ValueError):
    """Something that is addressed to the sandbox and means nothing, or two things. `kind` is a stable name."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


def check_headers(environ: Mapping[str, Any]) -> None:
    """Raise NotUnderstood for a header that is meant for the sandbox and that it does not know."""
    for key in environ:
        if "SANDBOX" in key and key not in _KNOWN and key.startswith("HTTP_"):
            name = key[5:].replace("_", "-").title()
            if key.startswith(_OURS) or nearest(name, HEADERS, least=_NEAR):
                raise NotUnderstood("no-such-header", f"there is no header {did_you_mean(name, HEADERS)}")


def one_world(**named: str | None) -> str | None:
    """The world that is named in several places, if it is in any; raises NotUnderstood for two different ones.

    Each keyword says where (`the_token`), its value is the name there.
    """
    found = {place.replace("_", " "): it for place, it in named.items() if it}
    if len(set(found.values())) > 1:
        told = " and ".join(f"{in_short(it)!r} in {place}" for place, it in found.items())
        raise NotUnderstood("two-worlds", f"the request names two worlds, {told}: name one, or the same twice")
    return next(iter(found.values()), None)


def world_of_headers(header: str | None, token: str | None) -> str | None:
    """The world that is named in `X-Sandbox-World`, behind the mark of a token or in both; raises NotUnderstood."""
    names = list(dict.fromkeys(filter(None, (it.strip() for it in (header or "").split(",")))))
    if len(names) > 1:
        raise NotUnderstood("two-worlds", f"{WORLD} names two worlds, {_told(names)}: name one")
    return one_world(**{WORLD: names[0] if names else None, "the_token": (token or "").partition(MARK)[2]})


def _told(names: list[str]) -> str:
    return " and ".join(repr(in_short(it)) for it in names[:2])
