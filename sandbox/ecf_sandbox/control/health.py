"""Whether the sandbox is there, and where things are."""

from __future__ import annotations

from ecf_sandbox import __version__
from ecf_sandbox.control.doing import Json
from ecf_sandbox.control.operation import operation
from ecf_sandbox.state.worlds import Worlds


@operation("GET", "/health", command=None)
def health() -> Json:
    """Say that the process answers."""
    return {"status": "ok"}


@operation("GET", "/ready", command=None)
def ready(worlds: Worlds) -> Json:
    """Say that the worlds are loaded and requests will be answered as they should."""
    main = worlds.main
    return {"status": "ready", "version": __version__, "scenario": main.scenario, "edition": main.edition.name}
