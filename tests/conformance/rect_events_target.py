"""What `replay.py` asks of us for RECT, with our own events in place of the rows that a recorded one changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.rulebook.refusals import DoesNotFit
from tests.conformance import rect_target


class Target:
    """The same application, to which events happen as schools and the DfE would have them."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.within = rect_target.Target(world)
        self.reset, self.request = self.within.reset, self.within.request
        self.declined: list[tuple[str, str, str | None]] = []

    def event_with_effects(
        self, name: str, arguments: Mapping[str, Any], at: datetime, effects: Iterable[Any], refused: str | None
    ) -> None:
        """Something that a school or the DfE did, or that was declined.

        Of the rows that it changed in the recording only ids are used, which the service drew: chance is handed in.
        """
        world = self.within.world
        try:
            with world.turn(at) as turn:
                turn._nth_id = drawing(list(ids_of(effects)), turn._nth_id, turn.ids_taken)
                world.service.play(turn, name, arguments)
        except DoesNotFit as reason:
            # Where it is declined here only, the case shows it in an answer.
            self.declined.append((name, str(reason), refused))


def ids_of(effects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ids that the service drew for a person whom it had not known."""
    for it in effects:
        if it["op"] == "insert" and it["table"] == "teachers":
            yield from (
                it["row"][name] for name in ("api_id", "api_ect_training_record_id", "api_mentor_training_record_id")
            )


def drawing(first: list[str], rest: Callable[[int], str], taken: int) -> Callable[[int], str]:
    """Ids in their order: those that the recording drew, then those of the world."""

    def nth(number: int) -> str:
        at = number - taken
        return first[at] if at < len(first) else rest(number)

    return nth


def open_target(world: Mapping[str, Any]) -> Target:
    """The target that `replay.py` plays against."""
    return Target(world)
