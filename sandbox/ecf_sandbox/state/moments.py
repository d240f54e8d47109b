"""Moments that matter to a world's clock: those that have a name, and those at which something falls due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from ecf_sandbox.state.record import Record
from ecf_sandbox.state.turn import Turn


class NamedMoment(Record, frozen=True, kw_only=True):
    """A name with its moment (aware, UTC); `pays` is the payment date of the statements that are paid then."""

    name: str
    at: datetime
    pays: date | None = None


class Due(Record, frozen=True, kw_only=True):
    """An event that falls due: its name, when (aware, UTC), how it is played, and the arguments that say the same."""

    event: str
    at: datetime
    play: Callable[[Turn[Any]], object]
    told: Mapping[str, Any] = {}
