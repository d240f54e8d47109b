"""An answer before it is dressed: what is said, and which part of the service says it."""

from __future__ import annotations

from enum import IntEnum

from ecf_sandbox.state.record import Record

JSON = "application/vnd.api+json"
CSV = "text/csv"
HTML = "text/html"
PLAIN = "text/plain"


class Layer(IntEnum):
    """Which part of the service an answer comes from, which decides its headers.

    Source: behaviour/http-and-partnerships.md#b1-8, #b2.
    """

    CONTROLLER = 0
    ERROR_PAGE = 1
    LIMITER = 2
    BARE = 3


class Answer(Record, frozen=True):
    """Status, type and body, with headers that only this answer has."""

    status: int
    content_type: str
    body: bytes = b""
    layer: Layer = Layer.CONTROLLER
    extra: tuple[tuple[str, str], ...] = ()
