"""A sandbox whose main world is of a service, asked by a client and by whoever controls it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from string import Template
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, Reply
from tests.abilities.subjects import Sent, Subject


class _Named(Template):
    """A text in which `${people.Jane Smith}` stands for an id."""

    idpattern = None
    pattern = r"\$\{(?P<braced>[^}]+)\}|(?P<escaped>\$\$)|(?P<named>(?!))|(?P<invalid>(?!))"


def serving(world: World) -> InProcess:
    """The provider API in front of a world."""
    return InProcess(create_app(Worlds(world)).wsgi_app)


class Running:
    """The application with one world, as the scenario of a subject begins."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        scenario = load_scenario(subject.scenario, seed="sandbox")
        self.world: World = world_of(scenario, now=subject.now)
        self.world.set_clock(frozen(subject.now))
        self.worlds = Worlds(self.world)
        self.application = create_app(self.worlds)
        self.transport = InProcess(self.application.wsgi_app)

    @cached_property
    def service(self):
        return self.world.service

    def named(self, text: str) -> str:
        """A text with ids for names, as the records are now."""
        return _Named(text).substitute(self.service.names(self.world.state.records))

    def send(self, it: Sent, **headers: str) -> Reply:
        """The answer to a request of the client."""
        told = [
            ("Authorization", f"Bearer {self.subject.token}"),
            *((k.replace("_", "-"), v) for k, v in headers.items()),
        ]
        if it.attributes is None:
            return self.transport(it.method, self.named(it.path), told)
        attributes = {name: self.named(value) for name, value in it.attributes.items()}
        body = json.dumps({"data": {"type": it.type, "attributes": attributes}}).encode()
        return self.transport(it.method, self.named(it.path), [*told, ("Content-Type", "application/json")], body)

    def again(self, request: Mapping[str, Any]) -> Reply:
        """The answer to a request as an explanation offers it."""
        body = None if request["body"] is None else json.dumps(request["body"]).encode()
        return self.transport(request["method"], request["path"], list(request["headers"].items()), body)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The document of an answer of the control plane, which must be a success; text if it is no JSON."""
        raw = None if body is None else json.dumps(body).encode()
        reply = self.transport(method, f"/_sandbox{path}", (), raw)
        assert reply.status < 300, reply.body
        return json.loads(reply.body) if reply.headers["content-type"].endswith("json") else reply.body.decode()

    def explained(self, format: str = "json") -> Any:
        """The explanation of the newest exchange."""
        return self.control("GET", f"/worlds/main/journal/{self.world.journal.count}/explain?format={format}")

    def refused(self) -> Reply:
        """The answer to the sound request and, after it, to the one that is refused."""
        assert self.send(self.subject.sound).status == 200
        return self.send(self.subject.refused)
