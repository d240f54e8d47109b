"""Worlds for drawn examples: one application for all, and a fresh world for each, as a scenario describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ecf_sandbox.scenario.loading import read_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import World
from ecf_sandbox.testing.pool import SEED, WorldPool
from ecf_sandbox.testing.settings import Setting
from ecf_sandbox.testing.world import EcfWorld

# So many drawn worlds are kept at a time; the oldest is let go, since nobody says when an example is over.
KEPT = 40


class Described(NamedTuple):
    """How a world was described: the scenario file as data, the tokens by its keys of the providers, the records."""

    document: Mapping[str, Any]
    clients: Mapping[str, str]
    records: Records


class Place:
    """Where drawn worlds live."""

    def __init__(self) -> None:
        self.pool = WorldPool(Setting(), Path())
        self._made = 0
        self._described: dict[str, Described] = {}

    def named(self, setting: Setting) -> EcfWorld:
        """A fresh world as of a scenario; its clock stands still. Raises BadSetting."""
        name = self._name()
        found = self.pool.world(name, setting)
        found.world.set_clock(frozen(found.now))
        return found

    def described(self, document: Mapping[str, Any]) -> EcfWorld:
        """A fresh world as a scenario file describes it; raises BadScenario."""
        prepared, clients = _prepared(json.dumps(document))
        world = self.pool.worlds.add(prepared.fork(self._name()))
        self._described[world.name] = Described(document, clients, prepared.state.records)
        return EcfWorld(world, self.pool, next(iter(clients.values())))

    def description_of(self, name: str) -> Described | None:
        """How a world was described; None for one as of a scenario that has a name."""
        return self._described.get(name)

    def _name(self) -> str:
        self._made += 1
        name = f"drawn-{self._made % KEPT}"
        self.pool.forget(name)
        self._described.pop(name, None)
        return name


@lru_cache(maxsize=256)
def _prepared(text: str) -> tuple[World, Mapping[str, str]]:
    """A world to fork, and its tokens: whoever makes an example smaller asks for the same worlds again."""
    scenario = read_scenario(text, name="drawn", file="a drawn world", seed=SEED)
    return world_of(scenario), scenario.clients


@cache
def place() -> Place:
    """The one place of this process, made when it is first needed."""
    return Place()
