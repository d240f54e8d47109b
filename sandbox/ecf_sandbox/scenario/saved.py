"""A scenario whose beginning is the state of a world, row by row, in place of people with a story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.providers import TokenKind
from ecf_sandbox.scenario.fields import Fields
from ecf_sandbox.scenario.problems import Problem
from ecf_sandbox.state.exporting.problems import BadExport
from ecf_sandbox.state.exporting.records import plain_records, records_of
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import World

STATE = "state"


def saved(world: World, title: str, about: str) -> str:
    """The present state of a world as the text of a scenario file, with a line for each row."""
    now, records = world.now(), world.state.records
    head: list[tuple[str, Any]] = [("title", title), ("about", about), ("as_of", instant(now))]
    if world.state.clock.frozen_at is not None:
        head.append(("now", instant(now)))
    head.append(("clients", clients_of(records)))
    # JSON is YAML, and says plainly what is text.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head]
    return "\n".join([*lines, f"{STATE}:", *_state(plain_records(records))]) + "\n"


def read_saved(root: Fields) -> tuple[Records, Mapping[str, str]]:
    """The records of such a file and its tokens by what it calls the providers; what is wrong is noted."""
    clients = root.raw("clients")
    try:
        records = records_of(root.raw(STATE))
    except BadExport as wrong:
        root.problems += [Problem((STATE,), it) for it in wrong.problems]
        return Records(), {}
    known = {it.value for it in records.tokens}
    if not isinstance(clients, dict) or not clients:
        return records, clients_of(records)
    for name, token in clients.items():
        if token not in known:
            root.problems.append(Problem(("clients", name), f"{token!r} is no token in its state"))
    return records, clients


def clients_of(records: Records) -> dict[str, str]:
    """The token of each provider by the provider's name in small letters, with hyphens."""
    return {
        records.providers[it.provider_id].name.lower().replace(" ", "-"): it.value
        for it in records.tokens
        if it.kind is TokenKind.LEAD_PROVIDER and it.provider_id is not None
    }


def _state(plain: Mapping[str, Mapping[str, list[Any]]]) -> list[str]:
    lines = []
    for part, tables in plain.items():
        lines.append(f"  {part}:" if tables else f"  {part}: {{}}")
        for table, items in tables.items():
            lines.append(f"    {table}:" if items else f"    {table}: []")
            lines += (f"      - {json.dumps(it, ensure_ascii=False)}" for it in items)
    return lines
