"""All worlds of one process, and which one a request is for."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from threading import Lock
from typing import Any

from ecf_sandbox.state.archive import Archive, Ended
from ecf_sandbox.state.memory import Memory
from ecf_sandbox.state.waiting import AT_ONCE, Slots
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import in_short

MAIN = "main"
LIMIT = 1000
# The header that says so on each answer of a world that began anew after it was dropped.
RECREATED = "X-Sandbox-World-Recreated"
WHY_RECREATED = "it was dropped above the limit on worlds, and began anew with its settings"
WHY_FORGOTTEN = "it was dropped above the limit on worlds, and began as main did: what it once began with is not kept"
# How many dropped worlds are remembered: with their settings those that began as main did, which takes little, and of
# others, each of which has records of its own, as many as there may be worlds.
REMEMBERED = 10_000
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,63})")


class NoSuchWorld(Exception):
    """There is no world of that name."""


class BadWorldName(ValueError):
    """A name that no world can have."""


class Worlds:
    """Worlds by name. `main` answers requests that name no other, and is what others are forked from.

    At most `limit` worlds are kept: past it the one that was used longest ago is dropped, but none that is answering.
    `dropped` counts those, and `last_dropped` names the newest of them, so that nobody has to wonder where a world
    went. One that is asked for again begins anew with its settings, and says so (`World.recreated`). What was asked of
    worlds that are no more is in the `archive`. What they all keep beside records is on the account `memory`.
    """

    def __init__(
        self, main: World, *, limit: int = LIMIT, archive: Archive | None = None, memory: Memory | None = None
    ) -> None:
        self.main = main
        self.served: Any = None  # the scenario that was given to serve, which may tell a story of its own
        self.archive = Archive(memory=memory) if archive is None else archive
        self.memory = self.archive.memory
        main.archive = self.archive
        # A private copy, of which nothing is kept, shares its records with worlds that are on an account already.
        self._anew = memory is not None
        main.join(self.memory, anew=self._anew)
        self.limit = limit
        self.dropped = 0
        self.last_dropped: deque[str] = deque(maxlen=20)
        self._by_name: OrderedDict[str, World] = OrderedDict({MAIN: main})
        self._gone: OrderedDict[str, World] = OrderedDict()
        self._gone_with_records: OrderedDict[str, World] = OrderedDict()
        self._lock = Lock()
        # What may take long: what explains and writes out, and what makes worlds or changes much in one.
        self.help, self.work = Slots(AT_ONCE), Slots(AT_ONCE)

    def names(self) -> list[str]:
        """The names of all worlds, `main` first, then in the order of their last use."""
        with self._lock:
            return [MAIN, *(name for name in self._by_name if name != MAIN)]

    def every(self) -> list[World]:
        """All worlds, `main` first, then in the order of their last use, which this is not."""
        with self._lock:
            return [self.main, *(it for name, it in self._by_name.items() if name != MAIN)]

    def get(self, name: str) -> World:
        """The world of that name, which counts as used now; raises NoSuchWorld. One that was dropped begins anew."""
        with self._lock:
            found = self._found(name)
            if found is None:
                raise NoSuchWorld(name)
            return found

    def get_or_fork(self, name: str) -> World:
        """The world of that name, forked from the baseline of `main` if it is new; raises BadWorldName."""
        if name == MAIN:
            return self.main
        with self._lock:
            found = self._found(name)
            if found is None:
                found = self._forked(name)
                self._keep(found)
            return found

    def fresh(self, name: str) -> World:
        """The world that the first use of a name makes, before it is kept; raises BadWorldName.

        One that was dropped begins anew with its settings, as it would if it was asked.
        """
        with self._lock:
            gone = self._gone.get(name)
        return self._forked(name) if gone is None else gone

    def keep_fresh(self, world: World) -> bool:
        """Keep a world if it is new and its name still free, or it is the one that has it; whether it is.

        One that was kept and has ended meanwhile is not: what it answers from then on goes to the archive.
        """
        with self._lock:
            found = self._by_name.get(world.name)
            if found is None and world.archive is None and self._gone.get(world.name, world) is world:
                self._recall(world.name)
                self._keep(world)
                return True
            return found is world

    def why_recreated(self, name: str | None) -> str:
        """Why the world of that name began anew, if it did after it was dropped."""
        found = self._by_name.get(name or "")
        return "" if found is None else found.recreated

    def hold(self, world: World) -> World:
        """The world, or the one that has its name by now, which is not dropped until it is released."""
        with self._lock:
            present = self._by_name.get(world.name) or self._found(world.name) or world
            present.busy += 1
            return present

    def release(self, world: World) -> None:
        """The world may be dropped again."""
        with self._lock:
            world.busy -= 1

    def add(self, world: World) -> World:
        """Keep a world under its name, in place of one that had the name before."""
        check_name(world.name)
        with self._lock:
            if world.name == MAIN:
                self.main = world
            before = self._by_name.get(world.name)
            if before is not None and before is not world:
                self.archive.keep(before, Ended.REPLACED)
            self._recall(world.name)
            self._keep(world)
        return world

    def delete(self, name: str) -> None:
        """Forget a world; raises NoSuchWorld, and ValueError for `main`, which stays."""
        if name == MAIN:
            raise ValueError(f"the world {MAIN!r} stays; reset it instead")
        with self._lock:
            found, remembered = self._by_name.pop(name, None), self._recall(name)
            if found is not None:
                self.archive.keep(found, Ended.DELETED)
            elif remembered is None:
                raise NoSuchWorld(name)

    def _forked(self, name: str) -> World:
        world = self.main.fork(check_name(name), from_baseline=True)
        world.made_on_first_use = True
        return world

    def _found(self, name: str) -> World | None:
        found = self._by_name.get(name)
        if found is not None:
            self._by_name.move_to_end(name)
        elif (found := self._recall(name)) is not None:
            self._keep(found)
        return found

    def _keep(self, world: World) -> None:
        world.archive = self.archive
        world.join(self.memory, anew=self._anew)
        self._by_name[world.name] = world
        self._by_name.move_to_end(world.name)
        while len(self._by_name) > self.limit:
            idle = (it.name for it in self._by_name.values() if it is not world and it.name != MAIN and not it.busy)
            longest = next(idle, None)
            if longest is None:  # all are answering: for the moment there are more
                return
            self._drop(longest)

    def _drop(self, name: str) -> None:
        world = self._by_name.pop(name)
        self.archive.keep(world, Ended.DROPPED)
        self.dropped += 1
        self.last_dropped.append(name)
        renewed = self._gone[name] = world.renewed(world.recreated or WHY_RECREATED)
        if renewed.baseline is not self.main.baseline:
            self._gone_with_records[name] = renewed
        if len(self._gone_with_records) > self.limit:
            self._forget(next(iter(self._gone_with_records)))
        if len(self._gone) > REMEMBERED:
            self._recall(next(iter(self._gone)))

    def _recall(self, name: str) -> World | None:
        self._gone_with_records.pop(name, None)
        return self._gone.pop(name, None)

    def _forget(self, name: str) -> None:
        """Remember no more of a world that was dropped than its name and its faults."""
        self._gone[name] = self._gone_with_records.pop(name).renewed(WHY_FORGOTTEN, self.main)


def check_name(name: str) -> str:
    """The name, if a world can have it; raises BadWorldName, which says what a name looks like."""
    if not NAME.fullmatch(name):
        raise BadWorldName(f"{in_short(name)!r} is no name for a world: use up to 64 letters, digits, '.', '_' or '-'")
    return name
