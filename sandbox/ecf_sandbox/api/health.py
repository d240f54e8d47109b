"""The service's own answers about its health, beside the API: to no token, for no world, kept in no journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# That `/check` is 200 and empty and `/healthcheck` is JSON is known (behaviour/http-and-partnerships.md#b5). What the
# JSON says, and the content types, are inferred: the least that a monitor can read.
HEALTH: Final[Mapping[str, tuple[str, bytes]]] = {
    "/check": ("text/html; charset=utf-8", b""),
    "/healthcheck": ("application/json; charset=utf-8", b'{"status":"ok"}'),
}
