"""A history: where it begins, what happens, and when the client has its turn. A plain value, kept as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ecf_sandbox.services import DEFAULT
from ecf_sandbox.state.properties import Happening
from ecf_sandbox.state.record import Record, replace

VERSION = 1
Json = dict[str, Any]


class BadHistory(Exception):
    """A file that is no history. Says why."""


class Step(Record, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something happens, or the client has its turn: with a task, or else to bring itself up to date.

    What happens `before` the request of a number does so in the client's next turn, while it is at work.
    """

    happens: Happening | None = None
    before: int | None = None
    task: Mapping[str, Any] | None = None

    @property
    def is_turn(self) -> bool:
        """Whether the client has its turn."""
        return self.happens is None


class History(Record, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is played: the scenario of a service that it begins with, the provider whose client it is, and the steps.

    At its end the client brings itself up to date once more. `broken` names the invariants that a client broke, and
    `command` is how that one was run.
    """

    scenario: str = "default"
    service: str = DEFAULT
    edition: str | None = None
    provider: str | None = None
    now: str | None = None
    steps: tuple[Step, ...] = ()
    broken: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    version: int = VERSION

    def with_steps(self, steps: Sequence[Step]) -> History:
        """The same with other steps."""
        return replace(self, steps=tuple(steps))

    @property
    def key(self) -> str:
        """What tells it from other histories: all but what a client made of it."""
        return written(replace(self, broken=(), command=()))

    @property
    def name(self) -> str:
        """A name that follows from what it is: the first invariant that is broken, and a few digits."""
        digits = hashlib.sha256(self.key.encode()).hexdigest()[:8]
        return f"{self.broken[0] if self.broken else 'history'}-{digits}"

    @property
    def size(self) -> tuple[int, int]:
        """How much there is to read: steps, then characters."""
        return len(self.steps), len(self.key)


def written(history: History) -> str:
    """A history as JSON."""
    return json.dumps(_without_nothing(as_data(history)), indent=2, ensure_ascii=False) + "\n"


def _without_nothing(told: Json) -> Json:
    """A history as data, without what its happenings do not say."""
    for step in told.get("steps", ()):
        if "happens" in step:
            step["happens"] = {name: value for name, value in step["happens"].items() if value not in ("", {}, None)}
    return told


def read(text: str | bytes) -> History:
    """The history that was written; raises BadHistory."""
    try:
        found = msgspec.json.decode(text, type=History)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadHistory(f"is no history: {wrong}") from None
    if found.version != VERSION:
        raise BadHistory(f"is a history of version {found.version}; this sandbox plays version {VERSION}")
    return found


def as_data(history: History) -> Json:
    """A history as plain values."""
    found: Json = msgspec.to_builtins(history)
    return found


def of_data(told: object) -> History:
    """The history of plain values; raises BadHistory."""
    try:
        return msgspec.convert(told, History)
    except msgspec.ValidationError as wrong:
        raise BadHistory(f"is no history: {wrong}") from None
