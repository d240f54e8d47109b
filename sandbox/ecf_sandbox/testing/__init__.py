"""Worlds for a test-suite: prepared once, forked for each test, asked in process or over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecf_sandbox.testing.properties.machine import ClientMachine

__all__ = ["ClientMachine"]


def __getattr__(name: str) -> Any:
    # Hypothesis comes with an extra, and takes a while to import: only for whoever asks.
    if name == "ClientMachine":
        from ecf_sandbox.testing.properties.machine import ClientMachine

        return ClientMachine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
