"""What the API shows a client, read through the API itself without a trace in the journal, and what it has shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.properties import Lists
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import Transport

_MOST = 3000  # rows on a page
Known = dict[str, dict[str, Any]]


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

    def now(self, since: datetime | None = None) -> dict[str, Known]:
        """Every row of each list, by id, as it is now; or those that changed since a moment."""
        self._copy.restore(self._world.state)
        self._copy.edition = self._world.edition
        rows = {name: self._list(path, since) for name, path in self._world.service.client_lists.items()}
        self._copy.journal.clear()
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
    """What a client holds that kept all it was shown: of each row every value that it may have, the newest last.

    `since` is the moment at which it last began to synchronise, None before it ever did.
    """

    rows: Mapping[str, Mapping[str, tuple[Mapping[str, Any], ...]]] = {}
    since: datetime | None = None

    def after_all(self, shown: Sequence[Lists], began: datetime) -> Kept:
        """After a sync of everything, during which the API showed these one after the other."""
        kept: dict[str, dict[str, tuple[Mapping[str, Any], ...]]] = {}
        for lists in shown:
            for name, rows in lists.items():
                mine = kept.setdefault(name, {})
                for id, row in rows.items():
                    mine[id] = _with(mine.get(id, ()), row)
        return Kept(rows=kept, since=began)

    def after_changes(self, shown: Sequence[Lists], changed: Lists, began: datetime) -> Kept:
        """After a sync of what changed: `changed` replaces what was kept, as it was shown meanwhile."""
        kept = {name: dict(rows) for name, rows in self.rows.items()}
        for name, rows in changed.items():
            mine = kept.setdefault(name, {})
            for id in rows:
                values: tuple[Mapping[str, Any], ...] = ()
                for lists in shown:
                    if id in lists.get(name, {}):
                        values = _with(values, lists[name][id])
                mine[id] = values
        return Kept(rows=kept, since=began)

    def also(self, shown: Lists) -> Kept:
        """After the client itself did something, and may have kept what it was answered."""
        kept = {name: dict(rows) for name, rows in self.rows.items()}
        for name, rows in shown.items():
            mine = kept.setdefault(name, {})
            for id, row in rows.items():
                if id in mine:
                    mine[id] = _with(mine[id], row)
        return Kept(rows=kept, since=self.since)

    def without(self, name: str, ids: Sequence[str]) -> Kept:
        """Without rows of which the client was told that they are no more."""
        rows = {id: it for id, it in self.rows.get(name, {}).items() if id not in ids}
        return Kept(rows={**self.rows, name: rows}, since=self.since)


def _with(values: tuple[Mapping[str, Any], ...], value: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return (*(it for it in values if it != value), value)
