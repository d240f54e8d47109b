"""Worlds to draw in: the default scenario of RECT in one process, at its own moment."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ecf_sandbox.testing.pool import WorldPool
from ecf_sandbox.testing.settings import Setting
from ecf_sandbox.testing.world import EcfWorld

CLIENT = "Ambition Institute"
NOW = "2026-05-12T12:00:00Z"


@cache
def pool() -> WorldPool:
    return WorldPool(Setting(now=NOW, service="rect"), Path())


def a_world(name: str = "drawn") -> EcfWorld:
    return pool().world(name)
