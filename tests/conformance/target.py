"""What `replay.py` asks of us: a recorded world, and the real application object to send its requests to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.ecf.editions import LIVE
from ecf_sandbox.ecf.events.registry import play
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state.world import State, World
from tests.conformance.application import Application
from tests.conformance.world_import import records_of


class Target(Application):
    """Our application in the `live` edition, in process, over a recorded world."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        state = State(records=records_of(world))
        super().__init__(World("main", state, edition=LIVE, seed="conformance", service=ECF))

    def event(self, name: str, arguments: Mapping[str, Any], at: datetime) -> None:
        """Something that a school or the DfE did."""
        with self.world.turn(at) as turn:
            play(turn, name, arguments)


def open_target(world: Mapping[str, Any]) -> Target:
    """The target that `replay.py` plays against."""
    return Target(world)
