"""A client of the old API in this process, and what is found of it when it moves."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.moving.move import move
from ecf_sandbox.moving.result import Moving
from ecf_sandbox.scenario import Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.transport import InProcess, Reply

NOW = "2026-10-12T09:00:00Z"
V3 = "/api/v3"


def serve(world: World) -> InProcess:
    """The provider API in front of a world."""
    return InProcess(create_app(Worlds(world)))


def moved(written: bytes, began: World | None = None) -> Moving:
    """What is found in the lines of a journal, whose world began like that."""
    return move([read(written, "main")], {}, began, serve, lambda *_: None)


@cache
def _story(name: str) -> Scenario:
    return load_scenario(name, seed="sandbox")


class Client:
    """Sends requests to a world of the old API, as Ambition Institute unless it says otherwise."""

    def __init__(self, scenario: str = "default", now: str | None = NOW, edition: str | None = None) -> None:
        story = _story(scenario)
        named = story.service.editions[edition] if edition else None
        self.world = world_of(story, now=datetime.fromisoformat(now) if now else None, edition=named)
        self.names = story.service.names(story.beginning)
        self._send = serve(self.world)

    def send(
        self, method: str, target: str, attributes: Any = None, *, token: str = "ambition-token", **headers: str
    ) -> Reply:
        """Send a request, with these attributes if there are any."""
        sent = {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): it for name, it in headers.items()}
        body = None
        if attributes is not None:
            sent.setdefault("Content-Type", "application/json")
            body = json.dumps({"data": {"type": "x", "attributes": attributes}}).encode()
        return self._send(method, target, list(sent.items()), body)

    def at(self, moment: str) -> None:
        """Set the clock of the world."""
        self.world.set_clock(frozen(datetime.fromisoformat(moment)))

    def happens(self, event: str, **arguments: Any) -> None:
        """Something that a school or the DfE does."""
        with self.world.turn() as turn:
            self.world.service.play(turn, event, arguments)

    def act(self, name: str, action: str, course: str = "ecf-induction", **attributes: Any) -> Reply:
        """An action on somebody."""
        told = {"course_identifier": course, **attributes}
        return self.send("PUT", f"{V3}/participants/ecf/{self.names[f'people.{name}']}/{action}", told)

    def declare(self, name: str, type: str, date: str, course: str = "ecf-induction", **attributes: Any) -> Reply:
        """A declaration of somebody."""
        told = {"participant_id": self.names[f"people.{name}"], "declaration_type": type, "declaration_date": date}
        return self.send("POST", f"{V3}/participant-declarations", {**told, "course_identifier": course, **attributes})

    def journal(self) -> bytes:
        """The lines of its journal."""
        return as_json_lines(self.world.journal, world=self.world.name).encode()

    def moves(self, *, knowing: bool = True) -> Moving:
        """What it meets; `knowing` how the world began."""
        return moved(self.journal(), self.world if knowing else None)
