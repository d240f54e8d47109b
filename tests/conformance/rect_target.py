"""What `replay.py` asks of us for RECT: a recorded world, the application to send requests to, and recorded events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.editions import LIVE
from ecf_sandbox.rect.queries.metadata import with_interests_looked_up, with_teachers_looked_up
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.rect.service import SERVICE as RECT
from ecf_sandbox.state.world import State, World
from tests.conformance.application import Application
from tests.conformance.rect_rows import RecordedWorld

# Which people and schools an event's rows are about is not listed with it, so all are looked up that may be.
PEOPLE = ("at_school_periods", "training_periods", "mentorship_periods", "induction_periods")


class Target(Application):
    """Our application in the `live` edition, in process, over a recorded world."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.recorded = RecordedWorld(world)
        state = State(records=self.recorded.records)
        super().__init__(World("main", state, edition=LIVE, seed="conformance", service=RECT))

    def reset(self, rate_limit: int | None) -> None:
        """Back to the recorded world, with a limit on requests or without."""
        super().reset(rate_limit)
        self.recorded.reset()

    def request(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request as a server would hand it to us."""
        before = records_in(self.world.state)
        reply = super().request(method, target, headers, body)
        self.recorded.number_new_rows(before, records_in(self.world.state))
        return reply

    def event_with_effects(
        self, name: str, arguments: Mapping[str, Any], at: datetime, effects: Iterable[Any], refused: str | None
    ) -> None:
        """Something that a school or the DfE did, by the rows that it changed; look-up rows are worked out."""
        if refused:
            return
        with self.world.turn(at) as turn:
            before = turn.records
            after = self.recorded.with_effects(before, effects, turn.present)
            people = (it.id for it in after.teachers) if name == "nightly_refresh" else concerned(before, after)
            turn.records = with_teachers_looked_up(after, people, uk_day(at))
            for school in turn.records.schools:
                turn.records, _ = with_interests_looked_up(turn.records, school.id)


def concerned(before: Records, after: Records) -> list[str]:
    """The people of whom any period is another one than before."""
    found: dict[str, None] = {}
    for records, others in ((before, after), (after, before)):
        for name in PEOPLE:
            table, other = getattr(records, name), getattr(others, name)
            if table is not other:
                for it in table:
                    if other.get(it.id) != it:
                        found |= dict.fromkeys(people_of(records, it))
        found |= {it.id: None for it in records.teachers if it.id not in others.teachers}
    return list(found)


def people_of(records: Records, row: Any) -> list[str]:
    """Whose a period is."""
    if hasattr(row, "teacher_id"):
        return [row.teacher_id]
    names = ("at_school_period_id", "ect_at_school_period_id", "mentor_at_school_period_id")
    periods = (records.at_school_periods.get(getattr(row, name, None)) for name in names)
    return [it.teacher_id for it in periods if it is not None]


def open_target(world: Mapping[str, Any]) -> Target:
    """The target that `replay.py` plays against."""
    return Target(world)
