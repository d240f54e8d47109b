"""What a view is, and what it answers: a template and what it shows, or a way on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.wrappers import Response

from ecf_sandbox.state.record import Record


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, which its twin in JSON shows as data."""

    model: Record
    status: int = 200


@dataclass(frozen=True, slots=True)
class View:
    """A function behind an address; without a template it answers a way on."""

    rule: str
    name: str
    function: Callable[..., Page | Response]
    template: str = ""
    method: str = "GET"
