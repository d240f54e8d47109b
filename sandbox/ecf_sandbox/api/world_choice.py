"""Which world a request is for: the one that `X-Sandbox-World` names, or that its token names behind a `~`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.api.authentication import token_in
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds

MARK = "~"


def world_of(worlds: Worlds, environ: Mapping[str, Any]) -> World:
    """The world of a request, forked from the baseline of `main` on first use; raises BadWorldName."""
    named = environ.get("HTTP_X_SANDBOX_WORLD")
    if named is None:
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        if MARK not in authorization:
            return worlds.main
        named = (token_in(authorization) or "").partition(MARK)[2]
    return worlds.get_or_fork(named) if named else worlds.main
