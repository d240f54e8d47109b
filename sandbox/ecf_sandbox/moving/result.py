"""What is found of a client that moves, as a value: what the text and the JSON are written from."""

from __future__ import annotations

from typing import Final, Literal

from ecf_sandbox.state.record import Record

FORMAT: Final = "ecf-sandbox/moving"
VERSION: Final = 1


class Answers(Record, frozen=True, kw_only=True):
    """How many requests were answered with the status that the old service gave, after a step and those before it."""

    step: str
    as_before: int
    otherwise: int


class Found(Record, frozen=True, kw_only=True):
    """One difference that the client meets: in which operations, at which places, how often, and what to do.

    It `breaks` if a request is answered with another status; otherwise the answer says something else, and whether that
    matters depends on what the client reads. A `step` is enough for it, if there is one. `played` are those exchanges
    in which the new service's answer showed it; of the others the table alone says so.
    """

    id: str
    kind: str
    breaks: bool
    step: str | None
    operations: tuple[str, ...]
    places: tuple[str, ...]
    count: int
    played: int
    exchanges: tuple[str, ...]
    tests: tuple[str, ...]
    old: str
    new: str
    remedy: str
    source: str


class Unjudged(Record, frozen=True, kw_only=True):
    """Requests of which it cannot be said what becomes of them, or only by the table, and why."""

    why: str
    count: int
    exchanges: tuple[str, ...]


class Moving(Record, frozen=True, kw_only=True):
    """What a client meets that moves from the old service to the new one.

    `requests` are those for the old service's operations, `played` those that could be sent to the new one, `elsewhere`
    those that reached no operation of the old one, or were the new one's already. `by_table` could not be sent,
    `unexplained` were answered otherwise for a reason that may lie in the world that was made for them. `missing`
    exchanges are known to have happened, but not shown.
    """

    format: Literal["ecf-sandbox/moving"] = FORMAT
    version: Literal[1] = VERSION
    made_by: str
    requests: int
    played: int
    elsewhere: int
    missing: int
    answers: tuple[Answers, ...]
    found: tuple[Found, ...]
    by_table: tuple[Unjudged, ...]
    unexplained: tuple[Unjudged, ...]
    every_client: tuple[str, ...]

    @property
    def breaking(self) -> int:
        """How many differences break requests."""
        return sum(it.breaks for it in self.found)
