"""What a view is, and what it answers: a template and what it shows, or a way on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
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


def address(query: Mapping[str, object], endpoint: str, **path: Any) -> str:
    """Where a page is, with a query in which any name may stand, also one that Flask has a meaning for."""
    found = url_for(endpoint, **path)
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{found}?{urlencode(given)}" if given else found
