"""What the old service showed of a world before its journal began."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from ecf_sandbox.moving.facts import Facts
from ecf_sandbox.moving.player import Serve
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.state.world import World

_ALL = "page[per_page]=3000"
_SHOWN = (
    f"/api/v3/partnerships/ecf?{_ALL}",
    f"/api/v3/participants/ecf?{_ALL}",
    f"/api/v3/participant-declarations?{_ALL}",
    "/api/v3/delivery-partners?page[per_page]=3000",
    "/api/v3/statements?page[per_page]=3000",
)


class Beginnings:
    """The worlds as they began, by name; one that is not among them is taken to have begun as `otherwise` did.

    What a provider is shown is asked once for a world and the moment of its first exchange.
    """

    def __init__(self, worlds: Mapping[str, World], otherwise: World | None, serve: Serve) -> None:
        self._worlds, self._otherwise, self._serve = worlds, otherwise, serve
        self._asked: dict[tuple[str, str, datetime], Facts] = {}

    def facts_of(self, first: JournalEntry) -> Facts:
        """What the provider of an exchange would have been shown before it."""
        world = self._worlds.get(first.world or first.journal, self._otherwise)
        if world is None or first.provider is None:
            return Facts()
        key = (world.name, first.provider, first.at)
        if key not in self._asked:
            self._asked[key] = self._ask(world, first.provider, first.at)
        return self._asked[key].copy()

    def _ask(self, world: World, provider: str, at: datetime) -> Facts:
        facts = Facts()
        token = world.service.tokens(world.state.records).get(provider)
        if token is None:
            return facts
        asked = world.fork("main", from_baseline=True)
        asked.set_clock(frozen(at))
        send = self._serve(asked)
        for path in _SHOWN:
            reply = send("GET", path, [("Authorization", f"Bearer {token}")])
            if reply.status < 300:
                facts.learn(json.loads(reply.body))
        return facts
