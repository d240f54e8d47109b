"""Repeats a history that `ecf-sandbox exercise` has found, in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ecf_sandbox.tools.exercise.beginning import Settings
from ecf_sandbox.tools.exercise.bundle import history_in
from ecf_sandbox.tools.exercise.client import Client
from ecf_sandbox.tools.exercise.player import Player


def replay(
    history: Path,
    command: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    invariants: Sequence[str] = (),
    limit: float = 60.0,
) -> list[str]:
    """Play a history against a client, and answer how it breaks invariants, a sentence each; none if it does not.

    `command` is how the client is run, as it was when the history was found if none is given. In the values of
    `environment`, variables of its own, `{url}`, `{token}` and the like are filled in. Only `invariants` count, all of
    them if none is given. Raises BadHistory for a file that is no history, and CannotStart for a command that is none.
    """
    found = history_in(history)
    settings = Settings(
        command=tuple(command) or found.command,
        scenario=found.scenario,
        service=found.service,
        edition=found.edition,
        provider=found.provider,
        now=found.now,
        invariants=tuple(invariants),
    )
    client = Client(settings.command, environment or {}, limit)
    with Player(settings, client) as player:
        return [f"{it.invariant}: {it.text}" for it in player.play(found).complaints]
