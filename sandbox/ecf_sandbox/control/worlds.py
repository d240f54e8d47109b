"""Worlds: listed, made, forked, reset, snapshotted, written out, read in, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ecf_sandbox.control.clock import shown_clock
from ecf_sandbox.control.operation import Long, WholeBody, operation
from ecf_sandbox.control.perform import Json, note
from ecf_sandbox.control.problem import Problem, bad_request, not_known
from ecf_sandbox.control.stories import play_steps
from ecf_sandbox.scenario import BadScenario, Scenario, load_scenario
from ecf_sandbox.scenario.loading import DEFAULT as DEFAULT_SCENARIO
from ecf_sandbox.scenario.world import too_early, world_of
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.editions import with_switches
from ecf_sandbox.state.exporting import BadExport, plain_world, world_of_document
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.ids import LONGEST_SEED
from ecf_sandbox.state.journal import RESTORE
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import BadWorldName, NoSuchWorld, Worlds, check_name
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.explain.dry_run import Serve

MOST_SNAPSHOTS = 1000
NewName = Annotated[str, "its name: up to 64 letters, digits, '.', '_' or '-'"]
SnapshotName = Annotated[str, "the name of the snapshot"]


@operation("GET", "/worlds", command="world list")
def list_worlds(worlds: Worlds) -> Json:
    """List the worlds: main first, then in the order of their last use.

    Above `limit` the least recently used world is dropped; `dropped` counts those, `last_dropped` names the
    newest of them. `memory` counts the bytes that are kept beside records, of journals, of worlds that are no more
    and of lists made before, and how much was dropped so that they stay within the budget.
    """
    memory = worlds.memory
    return {
        "worlds": worlds.names(),
        "limit": worlds.limit,
        "dropped": worlds.dropped,
        "last_dropped": list(worlds.last_dropped),
        "memory": {
            "budget": memory.budget,
            "held": memory.held,
            "journals": sum(it.journal.weight for it in worlds.every()),
            "past": worlds.archive.weight,
            "lists": memory.documents.weight,
            "dropped_exchanges": memory.exchanges_dropped,
            "dropped_lists": memory.documents.dropped,
        },
    }


@operation("POST", "/worlds", command="world create", status=201, takes_long=Long.WORK)
def create_world(
    worlds: Worlds,
    serve: Serve,
    name: NewName,
    scenario: Annotated[
        str | None, "the scenario to start with, one that comes with the sandbox; the world main's if left out"
    ] = None,
    service: Annotated[
        str | None,
        "the service whose API it is of, such as ecf or rect, from that one's default scenario unless another is named;"
        " the scenario's, or main's, if left out",
    ] = None,
    seed: Annotated[str | None, "the seed of its ids; main's if left out"] = None,
    now: Annotated[
        datetime | None,
        "freeze its clock at this moment, none before what the scenario describes; as in the scenario if left out",
    ] = None,
    edition: Annotated[
        str | None, "the edition, such as guidance or live; the scenario's, or main's, if left out"
    ] = None,
    set_: Annotated[dict[str, bool] | None, "switches of the edition to set one by one"] = None,
    observer: Annotated[
        Literal["off", "note", "refuse"] | None, "what to do with findings; as in main if left out"
    ] = None,
    steps: Annotated[
        int | None, "play this many steps of the scenario in it; its clock then stands at the last of them"
    ] = None,
) -> Json:
    """Create a world. It starts from main's baseline, unless a scenario is named, whose service it then is of.

    One server has worlds of every service.

    With steps it is as the story leaves it after so many: its journal has each, and reset goes back to before the
    first.
    """
    _free(worlds, name)
    if steps is not None and (scenario is None or now is not None):
        raise bad_request(["steps: name the scenario whose steps they are, and no now: the story says when each is"])
    if seed is not None and len(seed) > LONGEST_SEED:
        raise bad_request([f"seed: it has {len(seed):,} characters, and at most {LONGEST_SEED} are kept"])
    like, story = worlds.main, None
    if service is not None and service not in service_names():
        raise not_known("service", service, service_names())
    if scenario is None and service not in (None, like.service.name):
        scenario = DEFAULT_SCENARIO
    if scenario is not None or seed is not None:
        story = _story(scenario or like.scenario, seed or like.seed, service or like.service.name)
        if service not in (None, story.service.name):
            raise bad_request([f"service: the scenario {story.name} is of {story.service.name}"])
        like = _fresh(story, seed or like.seed, like)
    if story is not None and steps is not None and not 0 <= steps <= len(story.steps):
        raise bad_request([f"steps: {story.name} has {len(story.steps)} steps, so give 0 to {len(story.steps)}"])
    of = like.service
    for it in set_ or {}:
        if it not in of.switches:
            raise not_known("switch", it, of.switches)
    if edition is not None and edition not in of.editions:
        raise bad_request([f"there is no edition {did_you_mean(edition, of.editions)}"])
    made = like.fork(name, from_baseline=True)
    if now is not None and (wrong := too_early(f"the scenario {made.scenario}", now, made.earliest(), of)):
        raise Problem("too-early", 409, f"now: {wrong}")
    if now is not None:
        made.baseline = made.state = replace(made.baseline, clock=frozen(now))
    if observer is not None:
        made.observe(Observing(observer))
    made.edition = with_switches(of.editions[edition] if edition else made.edition, set_ or {})
    if story is not None and steps:
        play_steps(made, story, steps, serve)
    return shown_world(worlds.add(made))


@operation("GET", "/worlds/{world}", command="world show")
def show_world(world: World) -> Json:
    """Show a world: edition, clock, how much it holds, its tokens."""
    return shown_world(world)


@operation("GET", "/worlds/{world}/names", command="world names")
def list_names(world: World, find: Annotated[str, "only names with this in them"] = "") -> Json:
    """List the ids of the people, schools, statements and so on in a world by what people call them."""
    found = world.service.names(world.state.records).items()
    return {"names": {name: id for name, id in found if find.lower() in name.lower()}}


@operation("POST", "/worlds/{world}/fork", command="world fork", status=201)
def fork_world(
    worlds: Worlds,
    world: World,
    name: NewName,
    from_baseline: Annotated[bool, "start from the baseline rather than the present state"] = False,
) -> Json:
    """Create another world from the present state of this one. Neither sees the other's changes."""
    _free(worlds, name)
    return shown_world(worlds.add(world.fork(name, from_baseline=from_baseline)))


@operation("POST", "/worlds/{world}/reset", command="world reset")
def reset_world(world: World) -> Json:
    """Reset a world to its baseline: records, clock and ids. Its journal is emptied, and its faults are deleted."""
    world.reset()
    return {"world": world.name, "clock": shown_clock(world.state.clock)}


@operation("PUT", "/worlds/{world}/observer", command="world observe", makes_world=True)
def observe_world(
    world: World,
    observer: Annotated[
        Literal["off", "note", "refuse"],
        "off: don't look; note: add them beside the answer; refuse: answer 400 if one is an error",
    ],
) -> Json:
    """Choose what a world does with findings: mistakes of a client that the service lets pass."""
    world.observe(Observing(observer))
    return {"world": world.name, "observer": world.observing}


@operation("DELETE", "/worlds/{world}", command="world delete")
def delete_world(worlds: Worlds, world: World) -> Json:
    """Delete a world. The world main can't be deleted."""
    try:
        worlds.delete(world.name)
    except ValueError as wrong:
        raise Problem("main-stays", 409, str(wrong)) from None
    except NoSuchWorld:
        raise not_known("world", world.name, worlds.names()) from None
    return {"deleted": world.name}


@operation("GET", "/worlds/{world}/snapshots", command="snapshot list")
def list_snapshots(world: World) -> Json:
    """List the snapshots of a world, the oldest first."""
    return {"snapshots": list(world.snapshots)}


@operation("PUT", "/worlds/{world}/snapshots/{snapshot}", command="snapshot take", makes_world=True)
def take_snapshot(world: World, snapshot: SnapshotName) -> Json:
    """Keep the present state of a world under a name. A snapshot of that name is replaced."""
    try:
        check_name(snapshot)
    except BadWorldName as wrong:
        raise Problem("bad-name", 400, str(wrong)) from None
    if snapshot not in world.snapshots and len(world.snapshots) >= MOST_SNAPSHOTS:
        raise Problem("too-many-snapshots", 409, f"world {world.name!r} has {MOST_SNAPSHOTS} snapshots: delete some")
    world.snapshots[snapshot] = world.snapshot()
    return {"world": world.name, "snapshot": snapshot}


@operation("POST", "/worlds/{world}/snapshots/{snapshot}/restore", command="snapshot restore")
def restore_snapshot(world: World, snapshot: SnapshotName) -> Json:
    """Restore a snapshot of a world, its clock included. The journal records it, and rewinding takes it back."""
    with world.lock:
        before = world.state
        world.restore(_snapshot(world, snapshot))
        note(world, RESTORE, {"snapshot": snapshot}, world.now(), before, restored=world.state)
    return {"world": world.name, "snapshot": snapshot, "clock": shown_clock(world.state.clock)}


@operation("DELETE", "/worlds/{world}/snapshots/{snapshot}", command="snapshot delete")
def delete_snapshot(world: World, snapshot: SnapshotName) -> Json:
    """Delete a snapshot."""
    _snapshot(world, snapshot)
    world.snapshots.pop(snapshot, None)
    return {"deleted": snapshot}


@operation("GET", "/worlds/{world}/export", command="world export", takes_long=Long.HELP)
def export_world(
    world: World,
    from_baseline: Annotated[bool, "as it began rather than as it is"] = False,
) -> Json:
    """Export a world: records, clock, edition and ids, but neither journal nor snapshots. Its tokens are included."""
    return plain_world(world.fork(world.name, from_baseline=True) if from_baseline else world)


@operation("POST", "/worlds/{name}/import", command="world import", status=201, takes_long=Long.WORK)
def import_world(
    worlds: Worlds,
    name: NewName,
    document: Annotated[Any, WholeBody(), "the output of export"],
) -> Json:
    """Import a world under a name. A world of that name is replaced. A document with mistakes changes nothing."""
    try:
        service = _service_of(document, worlds.main.service)
        return shown_world(worlds.add(world_of_document(document, check_name(name), service)))
    except BadExport as wrong:
        raise Problem("bad-export", 422, str(wrong), problems=list(wrong.problems)) from None
    except BadWorldName as wrong:
        raise Problem("bad-name", 400, str(wrong)) from None


def _service_of(document: Any, otherwise: Service) -> Service:
    """The service that an exported world is of; raises BadExport for one that there is not."""
    named = document.get("service") if isinstance(document, dict) else None
    if named is None or named == otherwise.name:
        return otherwise
    try:
        return service_named(str(named))
    except KeyError:
        raise BadExport([f"service: there is no service {did_you_mean(named, service_names())}"]) from None


def shown_world(it: World) -> Json:
    """A world as JSON."""
    state = it.state
    suffix = "" if it.name == "main" else f"~{it.name}"
    return {
        "name": it.name,
        "service": it.service.name,
        "scenario": it.scenario,
        "seed": it.seed,
        "edition": it.edition.name,
        "switches": dict(it.edition.switches),
        "observer": it.observing,
        "clock": shown_clock(state.clock),
        "tokens": {name: token + suffix for name, token in it.service.tokens(state.records).items()},
        "holds": {name: len(getattr(state.records, name)) for name in state.records.COUNTED},
        "journal": {
            "count": it.journal.count,
            "kept": len(it.journal),
            "dropped": it.journal.dropped,
            "bytes": it.journal.weight,
        },
        "snapshots": list(it.snapshots),
        "faults": len(it.faults.all()),
    }


def _free(worlds: Worlds, name: str) -> None:
    try:
        check_name(name)
    except BadWorldName as wrong:
        raise Problem("bad-name", 400, str(wrong)) from None
    if name in worlds.names():
        raise Problem("name-taken", 409, f"world {name!r} exists already: reset or delete it, or choose another name")


def _snapshot(world: World, name: str) -> State:
    found = world.snapshots.get(name)
    if found is None:
        raise not_known("snapshot", name, world.snapshots)
    return found


def _story(scenario: str, seed: str, otherwise: str) -> Scenario:
    if "/" in scenario or "\\" in scenario or scenario.endswith((".yaml", ".yml")):
        raise Problem("bad-request", 400, "give the name of a scenario that comes with the sandbox")
    try:
        return load_scenario(scenario, seed=seed, otherwise=otherwise)
    except BadScenario as wrong:
        raise Problem("bad-scenario", 404, str(wrong)) from None


def _fresh(story: Scenario, seed: str, like: World) -> World:
    edition = None if story.edition or story.service is not like.service else like.edition
    return world_of(story, edition=edition, seed=seed, observing=like.observing)
