"""Examples of what the control plane is asked: those in its document, and those for the world of whoever asks.

Each succeeds in a world as it begins, once the operation that makes what it names has been asked for with its own
example: the snapshot, the fault, the exchange and the second world.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.services import service_named
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN
from ecf_sandbox.tools.contract.examples import ONLY, Example, filled

Json = Any
_A_DAY = timedelta(days=1)
SCENARIO, SECOND, SNAPSHOT, FAULT = "default", "trial", "before-the-change", "fault-1"
_PERSON, _NOW, _LATER = "Jane Smith", "2026-10-12T09:00:00Z", "2026-10-13T09:00:00Z"
_TOKEN, _PROVIDER = "ambition-token", "Ambition Institute"
_PATH = "/api/v3/statements"
# What is read with all of these finds nothing, perhaps, and succeeds.
_MATCHING = {
    "operation": "v3 *",
    "method": "GET",
    "path": "/api/v3/*",
    "status": "4xx",
    "finding": "filter.unknown",
    "provider": _PROVIDER,
    "since": _NOW,
    "until": _LATER,
    "limit": 100,
}
# The examples of parameters in path and query by their name, unless an operation has its own.
PARAMETERS: Mapping[str, Json] = {
    **_MATCHING,
    "world": MAIN,
    "name": "imported",
    "scenario": SCENARIO,
    "snapshot": SNAPSHOT,
    "fault": FAULT,
    "number": 1,
    "event": "change_name",
    "find": _PERSON,
    "person": _PERSON,
    "reads": False,
    "statement": "Ambition Institute.2025.January 2026",
    "format": "json",
    "explain": False,
    "from_baseline": False,
    "origin": "http://127.0.0.1:8000",
    "title": "A saved world",
    "about": "The saved state of a world.",
}
OWN_PARAMETERS: Mapping[str, Mapping[str, Json]] = {
    "delete_world": {"world": SECOND},
    "export_journal": {"format": "jsonl"},
}
BODIES: Mapping[str, Json] = {
    "create_world": {"name": SECOND},
    "fork_world": {"name": SECOND},
    "observe_world": {"observer": "note"},
    # The least that can be read: a world with nobody in it. What `export_world` answers is of this shape.
    "import_world": {
        "format": "ecf-sandbox/world",
        "version": 1,
        "sandbox": "0.3.0",
        "scenario": "",
        "seed": "sandbox",
        "edition": "guidance",
        "switches": {},
        "clock_frozen_at": _NOW,
        "clock_shift": 0,
        "ids_taken": 0,
        "stamped": None,
        "records": {"rows": {}, "order": {}},
    },
    "set_clock": {"mode": "frozen", "at": _NOW},
    "advance_clock": {"days": 1},
    "make_happen": {
        "event": "change_name",
        "with": {"participant_id": f"${{people.{_PERSON}}}", "full_name": f"{_PERSON} Brown"},
    },
    "explain_request": {"method": "GET", "target": _PATH, "headers": {"Authorization": f"Bearer {_TOKEN}"}},
    "verify": {"match": {"status": "4xx"}, "max": 0},
    "set_fault": {"path": _PATH, "status": 503, "count": 1},
    "set_rate_limit": {"requests": 1000, "window": 300},
}


def parameter_example(operation: str, name: str) -> Json:
    """The example of a parameter in path or query, as the document has it."""
    if name in ("rule", "judged"):
        return next(rule.id for book in service_named().rulebooks for rule in book.rules)
    return OWN_PARAMETERS.get(operation, {}).get(name, PARAMETERS[name])


def with_control_examples(tree: Json, world: World, token: str | None) -> Json:
    """A copy of the document with examples for a world: its name, moment, people, exchanges, snapshots and faults."""
    own = _parameters(world)
    examples = {
        it["operationId"]: _example(it, own, world, token) for item in tree["paths"].values() for it in item.values()
    }
    return filled(tree, examples)


def _example(operation: Json, own: Mapping[str, Json], world: World, token: str | None) -> Example:
    id = operation["operationId"]
    given = {it["name"]: it["example"] for it in operation.get("parameters", ())}
    fixed = OWN_PARAMETERS.get(id, {})
    parameters = {name: value if name in fixed else own.get(name, value) for name, value in given.items()}
    body = _body(id, world, token)
    return Example(parameters=parameters, bodies={} if body is None else {ONLY: body}, answer=None)


def _parameters(world: World) -> Mapping[str, Json]:
    """Values of parameters that depend on the world."""
    now = world.now()
    names = world.service.names(world.state.records)
    providers = world.service.tokens(world.state.records)
    found: dict[str, Json] = {
        "world": world.name,
        "since": instant(now),
        "until": instant(now + _A_DAY),
    }
    found["find"] = next((it for it in names if it.startswith("people.")), next(iter(names), ""))
    for parameter, kind in (("person", "people."), ("statement", "statements.")):
        if (name := next((it for it in names if it.startswith(kind)), None)) is not None:
            found[parameter] = name.removeprefix(kind)
    if providers:
        found["provider"] = next(iter(providers))
    if rules := [rule.id for book in world.service.rulebooks for rule in book.rules]:
        found["rule"] = found["judged"] = rules[0]
    if world.scenario in shipped():
        found["scenario"] = world.scenario
    if world.snapshots:
        found["snapshot"] = next(iter(world.snapshots))
    if faults := world.faults.all():
        found["fault"] = faults[0].id
    if len(world.journal):
        found["number"] = world.journal.count
    return found


def _body(operation: str, world: World, token: str | None) -> Json:
    body = BODIES.get(operation)
    if operation == "set_clock":
        return {"mode": "frozen", "at": instant(world.now())}
    if operation == "make_happen":
        find = world.service.part_or("event_example", None)
        event = find(world.state.records) if find else None
        return body if event is None else {"event": event[0], "with": event[1]}
    if operation == "explain_request" and token is not None:
        return BODIES[operation] | {"headers": {"Authorization": f"Bearer {token}"}}
    return body
