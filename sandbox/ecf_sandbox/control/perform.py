"""Does something to a world and notes it in the journal, so that it can be told, undone and rewound like a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from ecf_sandbox.state.exchange_codec import change_of
from ecf_sandbox.state.journal import Exchange, RowChange, changes_of
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import State, World

Json = dict[str, Any]


def perform(
    world: World,
    operation: str,
    told: Mapping[str, Any],
    act: Callable[[Turn[Any]], object],
    at: datetime,
    part_of: int | None = None,
) -> Exchange:
    """Let `act` have a turn at a moment, and note it under that operation; what is raised leaves all as it was.

    `part_of` is the number of the clock move that it belongs to.
    """
    with world.lock:
        before = world.state
        with world.turn(at) as turn:
            act(turn)
        changes = changes_of(before.records, turn.records, turn.saved)
        return note(world, operation, told, at, before, changes, part_of)


def note(
    world: World,
    operation: str,
    told: Mapping[str, Any],
    at: datetime,
    before: State,
    changes: tuple[RowChange, ...] = (),
    part_of: int | None = None,
    restored: State | None = None,
) -> Exchange:
    """Keep what was done to a world from outside the provider API."""
    return world.journal.note(
        lambda number: Exchange(
            number=number,
            operation=operation,
            method="",
            target="",
            at=world.now(),
            moment=at,
            provider=None,
            request_headers=(),
            request_body=msgspec.json.encode(told),
            status=200,
            response_headers=(),
            response_body=b"",
            refusals=(),
            changes=changes,
            before=before,
            part_of=part_of,
            restored=restored,
        )
    )


def shown_change(it: RowChange) -> Json:
    """A change as JSON: the members that differ, before and after; a new or removed row has one side only."""
    shown: Json = msgspec.to_builtins(change_of(it))
    return shown
