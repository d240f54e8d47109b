"""Requests are tried on a private copy of a world as it was; nothing of it is kept, nothing reaches its journal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.transport import Transport

Serve = Callable[[World], Transport]
_WORLD_IN_TOKEN = re.compile(r"~[A-Za-z0-9._-]*")


def copy_of(world: World, start: State | None = None) -> World:
    """A private copy of a world, as it is now or as it starts; without its journal, its faults and its limit."""
    copy = world.fork(MAIN)
    if start is not None:
        copy.restore(start)
    return copy


def for_any_world(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers that name no world, neither by one of their own nor in the token: for whichever they are sent to."""
    return [
        (name, _WORLD_IN_TOKEN.sub("", value) if name.lower() == "authorization" else value)
        for name, value in headers
        if name.lower() != "x-sandbox-world"
    ]


class NotAnApiRequest(LookupError):
    """What was tried did not reach the provider API: its path belongs to the control plane or a page."""


class Trial:
    """A throw-away world whose time stands still at the moment of an exchange.

    `serve` puts the provider API in front of a world (`InProcess(create_app(Worlds(world)).wsgi_app)`).
    """

    def __init__(self, world: World, exchange: Exchange, serve: Serve) -> None:
        self.start: State = replace(exchange.before, clock=frozen(exchange.at))
        self.edition = world.edition
        self._world = copy_of(world, self.start)
        self._send = serve(self._world)
        self.count = 0

    def look(self, at: datetime) -> Turn[Any]:
        """A turn on the records as they were, for reading only."""
        self._world.restore(self.start)
        return self._world.look(at)

    def send(self, *requests: Request) -> Exchange:
        """The exchange that the last request leads to, each sent after the other; or the first that is turned down.

        Raises NotAnApiRequest.
        """
        self._world.restore(self.start)
        self._world.journal.clear()  # the observer would take what was tried before for the client's
        for it in requests:
            exchange = self._one(it)
            if exchange.status >= 400:
                break
        return exchange

    def _one(self, request: Request) -> Exchange:
        self.count += 1
        self._send(
            request.method,
            request.path,
            for_any_world(request.headers.items()),
            None if request.body is None else json.dumps(request.body).encode(),
        )
        exchange = self._world.journal.get(self._world.journal.count)
        if exchange is None:
            raise NotAnApiRequest(f"{request.method} {request.path}")
        return exchange
