"""Every operation of the control plane, in the order of its description."""

from __future__ import annotations

from ecf_sandbox import __version__
from ecf_sandbox.control import clock, events, explain, faults, inside, journal, scenarios, worlds
from ecf_sandbox.control.operation import Operation, operation
from ecf_sandbox.control.perform import Json
from ecf_sandbox.state.worlds import Worlds


@operation("GET", "/health", command=None)
def health() -> Json:
    """Check that the process answers. Anybody may ask, at any address and without the control token."""
    return {"status": "ok"}


@operation("GET", "/ready", command=None)
def ready(worlds: Worlds) -> Json:
    """Check that the worlds are loaded and requests can be answered."""
    main = worlds.main
    return {"status": "ready", "version": __version__, "scenario": main.scenario, "edition": main.edition.name}


PREFIX = "/_sandbox"

OPERATIONS: tuple[Operation, ...] = (
    health,
    ready,
    worlds.list_worlds,
    worlds.create_world,
    worlds.show_world,
    worlds.list_names,
    inside.show_timeline,
    inside.show_statement,
    worlds.fork_world,
    worlds.reset_world,
    worlds.observe_world,
    worlds.delete_world,
    worlds.export_world,
    worlds.import_world,
    worlds.list_snapshots,
    worlds.take_snapshot,
    worlds.restore_snapshot,
    worlds.delete_snapshot,
    clock.show_clock,
    clock.list_moments,
    clock.set_clock,
    clock.advance_clock,
    events.list_events,
    events.show_event,
    events.make_happen,
    journal.list_exchanges,
    journal.count_exchanges,
    journal.show_exchange,
    explain.explain_exchange,
    explain.explain_request,
    journal.verify,
    journal.undo,
    journal.rewind,
    journal.clear_journal,
    journal.export_journal,
    journal.export_journals,
    journal.list_past,
    journal.forget_past,
    faults.list_faults,
    faults.set_fault,
    faults.clear_faults,
    faults.delete_fault,
    faults.set_rate_limit,
    faults.clear_rate_limit,
    scenarios.list_scenarios,
    scenarios.show_scenario,
    scenarios.save_scenario,
)
