"""Makes the world that a scenario begins as: the one way from a file to something that can be asked."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.state.clock import REAL, frozen
from ecf_sandbox.state.editions import Edition, with_switches
from ecf_sandbox.state.exporting import ids_of
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.ids import least_taken
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN


def world_of(
    scenario: Scenario,
    *,
    name: str = MAIN,
    seed: str = "sandbox",
    edition: Edition | None = None,
    switches: dict[str, bool] | None = None,
    now: datetime | None = None,
    observing: Observing = Observing.NOTE,
) -> World:
    """A fresh world that begins as the scenario says.

    Without an `edition` it is in the scenario's, else in the first of its service, with those `switches` set
    differently. Without `now` its clock stands still at the scenario's moment, or runs with the machine's if there is
    none.
    """
    at, records = now or scenario.now, scenario.records()
    # The rows of a saved world have ids that one with the same seed would give anew.
    ids = ids_of(records) if scenario.saved else frozenset()
    taken = least_taken(seed, ids) if ids else 0
    world = World(
        name,
        State(records=records, clock=frozen(at) if at else REAL, ids_taken=taken),
        service=scenario.service,
        edition=with_switches(edition or scenario.edition or scenario.service.default_edition, switches or {}),
        seed=seed,
        scenario=scenario.name,
        observing=observing,
    )
    world.described_at, world.foreign_ids = scenario.as_of, ids
    return world


def too_early(described: str, now: datetime, earliest: datetime | None, service: Service) -> str:
    """Why a clock cannot stand at a moment, of which what is described knows more; empty if it can.

    Before that moment, statements would be paid and declarations made that lie in the future. Where the `service` comes
    with a scenario that begins early, that is named.
    """
    if earliest is None or now >= earliest:
        return ""
    return (
        f"{instant(now)} is before what {described} describes: declarations and payments would lie in the future."
        f" The earliest sound moment is {instant(earliest)}"
        + (f"; the scenario {early}" if (early := service.part_or("begins_early", "")) else "")
    )
