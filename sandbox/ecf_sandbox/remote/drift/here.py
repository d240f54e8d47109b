"""A sandbox of this process, which the other server is compared with."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import Edition
from ecf_sandbox.scenario import Scenario
from ecf_sandbox.state.clock import REAL, frozen
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import Headers, InProcess, Reply


class Here:
    """A fresh world that begins as a scenario says; `token` is that of its first lead provider."""

    def __init__(self, scenario: Scenario, edition: Edition, now: datetime | None) -> None:
        at = now or scenario.now
        state = State(records=scenario.records(), clock=frozen(at) if at else REAL)
        world = World("main", state, edition=edition, seed="sandbox", scenario=scenario.name)
        self.token = scenario.tokens[0]
        self._send = InProcess(create_app(Worlds(world)).wsgi_app)

    def get(self, target: str, headers: Headers = ()) -> Reply:
        """The answer to a GET."""
        return self._send("GET", target, headers)
