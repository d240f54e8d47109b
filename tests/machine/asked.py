"""A world behind the real application, asked by real requests; and what came back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ecf_sandbox.app import create_app
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the document if there was one."""

    status: int
    document: Any

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def data(self) -> Any:
        return self.document["data"]


class AskedWorld:
    """One world behind the application. What is refused must leave its state the very same object.

    `way` is the way into the application, or what stands before it. The token of a provider is its name.
    """

    _worlds: ClassVar[Worlds | None] = None
    _send: ClassVar[Any]

    def __init__(self, world: World, way: Callable[[InProcess], Any] = lambda it: it) -> None:
        self.world = world
        kind = type(self)
        if kind._worlds is None:  # building an application takes longer than a run of the machine
            kind._worlds = Worlds(world)
            kind._send = way(InProcess(create_app(kind._worlds).wsgi_app))
        kind._worlds.add(world)

    def read(self, provider: str, path: str, at: datetime) -> Answer:
        """Read something, which changes nothing."""
        before = self.world.state
        answer = self._ask(provider, "GET", path, at)
        assert self.world.state is before, f"GET {path} changed the state"
        return answer

    def send(
        self, provider: str, method: str, path: str, at: datetime, attributes: Mapping[str, Any] | None = None
    ) -> Answer:
        """Send attributes to a path; a refusal leaves no trace."""
        before = self.world.state
        answer = self._ask(provider, method, path, at, {"data": {"type": "x", "attributes": attributes or {}}})
        if not answer.ok:
            assert self.world.state is before, f"{method} {path} was refused and changed the state"
        return answer

    def _ask(self, provider: str, method: str, path: str, at: datetime, body: object = None) -> Answer:
        headers = [
            ("Authorization", f"Bearer {provider}"),
            ("X-With-Server-Date", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            ("Content-Type", "application/json"),
        ]
        sent = b"" if body is None else json.dumps(body).encode()
        reply = type(self)._send(method, path, headers, sent)
        assert reply.status < 500, f"{method} {path} {body}: {reply.status} {reply.body[:500]!r}"
        return Answer(reply.status, json.loads(reply.body) if reply.body else None)
