"""What the API shows a client, read through the API itself without a trace in the journal, and what it has shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.properties import Lists
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import Transport

_MOST = 3000  # rows on a page
Known = dict[str, dict[str, Any]]
Values = Mapping[str, Mapping[str, tuple[Mapping[str, Any], ...]]]


class Shown:
    """Reads what the API shows the client with a token in a world, in a copy of it that stands beside it.

    `worlds` and `send` are those of the application in which the world lives.
    """

    def __init__(self, world: World, worlds: Worlds, send: Transport, token: str) -> None:
        self._world = world
        self._copy = worlds.add(world.fork(f"{world.name[:50]}.shown"))
        self._worlds = worlds
        self._send = send
        self._token = token.partition("~")[0]
        self.state: State | None = None  # that which was read last
        self._last: dict[str, Known] = {}
        self._copy.observe(Observing.OFF)

    def now(self, since: datetime | None = None) -> dict[str, Known]:
        """Every row of each list, by id, as it is now; or those that changed since a moment."""
        if since is None and self.state is self._world.state:
            return self._last
        self._copy.restore(self._world.state)
        self._copy.edition = self._world.edition
        rows = {name: self._list(path, since) for name, path in self._world.service.client_lists.items()}
        self._copy.journal.clear()
        if since is None:
            self.state, self._last = self._world.state, rows
        return rows

    def close(self) -> None:
        """Let the copy go."""
        self._worlds.delete(self._copy.name)
        self._worlds.archive.forget(self._copy.name)

    def _list(self, path: str, since: datetime | None) -> Known:
        found: Known = {}
        page = 1
        while True:
            query = f"page[page]={page}&page[per_page]={_MOST}"
            if since is not None:
                query += f"&filter[updated_since]={quote(instant(since))}"
            headers = [("Authorization", f"Bearer {self._token}"), ("X-Sandbox-World", self._copy.name)]
            reply = self._send("GET", f"{path}?{query}", headers)
            if reply.status != 200:
                raise AssertionError(f"GET {path}?{query} is answered with {reply.status}: {reply.body[:200]!r}")
            rows = json.loads(reply.body)["data"]
            found |= {it["id"]: it["attributes"] for it in rows}
            if len(rows) < _MOST:
                return found
            page += 1


class Kept(Record, frozen=True, kw_only=True):
    """What a client holds that synchronises as it should: of each row every value that it may have, the newest last.

    It has to know the rows in `required`; it may know all that it was ever shown (`seen`). `since` is the moment at
    which it last began to synchronise, None before it ever did. A sync was `quiet` if nothing happened meanwhile:
    otherwise a row may have moved from a page that was still to come to one that had been read.
    """

    rows: Values = {}
    required: Mapping[str, frozenset[str]] = {}
    seen: Mapping[str, frozenset[str]] = {}
    since: datetime | None = None

    def after_all(self, shown: Sequence[Lists], began: datetime, *, quiet: bool = True) -> Kept:
        """After a sync of everything, during which the API showed these one after the other."""
        if not quiet:
            return replace(self.also(*shown), required={}, since=began)
        rows = {name: {id: (row,) for id, row in shown[-1][name].items()} for name in shown[-1]}
        required = {name: frozenset(own) for name, own in rows.items()}
        return Kept(rows=rows, required=required, seen=_seen(self.seen, shown), since=began)

    def after_changes(
        self, shown: Sequence[Lists], changed: Mapping[str, Iterable[str]], began: datetime, *, quiet: bool = True
    ) -> Kept:
        """After a sync of what had changed, of which `changed` has the ids."""
        if not quiet:
            return replace(self.also(*shown), since=began)
        rows = {name: dict(own) for name, own in self.rows.items()}
        required = dict(self.required)
        for name, ids in changed.items():
            required[name] = required.get(name, frozenset()) | frozenset(ids)
            rows[name] = rows.get(name, {}) | {id: (shown[-1][name][id],) for id in ids}
        return Kept(rows=rows, required=required, seen=_seen(self.seen, shown), since=began)

    def also(self, *shown: Lists) -> Kept:
        """After a sync that failed, or something else the client was answered: it may hold what was shown, or not."""
        rows = {name: dict(own) for name, own in self.rows.items()}
        for lists in shown:
            for name, own in lists.items():
                mine = rows.setdefault(name, {})
                for id, row in own.items():
                    mine[id] = (*(it for it in mine.get(id, ()) if it != row), row)
        return replace(self, rows=rows, seen=_seen(self.seen, shown))


def _seen(before: Mapping[str, frozenset[str]], shown: Iterable[Lists]) -> dict[str, frozenset[str]]:
    seen = dict(before)
    for lists in shown:
        for name, rows in lists.items():
            seen[name] = seen.get(name, frozenset()) | rows.keys()
    return seen
