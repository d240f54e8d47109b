"""The moments ahead in plain words, and what came of going to one, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ecf_sandbox.ecf.domain.participants import RecordStatus
from ecf_sandbox.ecf.queries.names import named_moments
from ecf_sandbox.ecf.queries.training import newest
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.moments import NamedMoment
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.web.ui.moments import grouped, tally_of
from ecf_sandbox.web.ui.sections import Tally, Upcoming

_NEXT = "next"
_COUNTED = {"declarations": ("declaration", "state"), "statements": ("statement", "phase")}


def upcoming(records: AnyRecords, now: datetime, everything: bool) -> tuple[Upcoming, ...]:
    """Statements that are cut off or paid, and milestones of the schedules that somebody follows, or of all."""
    assert isinstance(records, Records)
    used = None if everything else records.cached(used_schedules)
    shown = (
        it
        for it in named_moments(records, now)
        if _specific(it) and (used is None or _schedule(it) is None or _schedule(it) in used)
    )
    return grouped(shown, lambda those: map(_words, those))


def used_schedules(records: Records) -> frozenset[tuple[str, str]]:
    """The schedules, by cohort and identifier, that those follow who are still in training."""
    followed = {
        records.schedules[(newest(records, it) or it).schedule_id]
        for it in records.training_records
        if it.status is RecordStatus.ACTIVE and not it.completed
    }
    return frozenset((str(it.cohort), it.identifier) for it in followed)


def _specific(it: NamedMoment) -> bool:
    """Whether the name says which statement or schedule it means."""
    parts = it.name.split(":")
    return parts[1] != _NEXT if parts[0] == "statement" else len(parts) == 5


def _schedule(it: NamedMoment) -> tuple[str, str] | None:
    parts = it.name.split(":")
    return (parts[3], parts[4]) if parts[0] == "milestone" else None


def _words(it: NamedMoment) -> str:
    kind, name, what, *schedule = it.name.split(":")
    if kind == "statement":
        done = "are cut off: no more declarations go onto them" if what == "cut-off" else "are paid"
        return f"the {name} statements {done}"
    cohort, identifier = schedule
    begins = "can be declared from now on" if what == "start" else "can be declared for the last time"
    return f"{name} {begins} ({identifier}, {cohort})"


def tally(exchanges: Sequence[Exchange]) -> tuple[Tally, ...]:
    """The declarations and statements that became something, by what they became last, and the mentors who left."""
    found = tally_of(exchanges, _COUNTED)
    left = sum(it.table == "school_mentors" and it.after is None for each in exchanges for it in each.changes)
    mentors = Tally(count=left, thing="mentor", state="removed from their school's mentors")
    return (*found, mentors) if left else found
