"""The moments ahead in plain words, and what came of going to one, counted."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ecf_sandbox.dates.uk import uk_day, uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, TeacherType
from ecf_sandbox.rect.pages.words import course
from ecf_sandbox.rect.queries.moments import named_moments
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.moments import NamedMoment
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.web.ui.moments import grouped, tally_of
from ecf_sandbox.web.ui.sections import Tally, Upcoming
from ecf_sandbox.web.ui.words import day

_NEXT = "next"
_COUNTED = {"declarations": ("declaration", "state"), "statements": ("statement", "status")}
_TOMORROW = "begins: who was deferred, withdrawn or resumed today can be acted on again"
MOST = 3  # people who are named at a moment


def upcoming(records: AnyRecords, now: datetime, everything: bool) -> tuple[Upcoming, ...]:
    """The next day, statements, cohorts, who comes and goes, and milestones of the schedules that somebody follows.

    With everything, the milestones of all schedules.
    """
    assert isinstance(records, Records)
    used = None if everything else records.cached(used_schedules)
    named = [
        it
        for it in named_moments(records, now)
        if _specific(it) and (used is None or _schedule(it) is None or _schedule(it) in used)
    ]
    found = {it.at: it for it in grouped(named, _words)}
    for at, words in _days(records, now).items():
        known = found.get(at)
        name, told = (known.name, known.words) if known else (instant(at), ())
        found[at] = Upcoming(name=name, at=at, words=(*told, *words))
    return tuple(found[at] for at in sorted(found))


def _days(records: Records, now: datetime) -> Mapping[datetime, Sequence[str]]:
    """What days ahead bring that have no name: the next one, cohorts, and who begins and leaves."""
    tomorrow = uk_midnight(uk_day(now) + DAY)
    found = {tomorrow: [f"{_day(tomorrow)} {_TOMORROW}"]}
    for it in records.contract_periods:
        words = f"cohort {it.year} begins on {day(it.started_on)}: partnerships can be confirmed for it"
        found.setdefault(uk_midnight(it.started_on), []).append(words)
    for at, people in _comings_and_goings(records):
        more = [f"{len(people) - MOST} more begin or leave"] if len(people) > MOST else []
        found.setdefault(at, []).extend((*people[:MOST], *more))
    return {at: words for at, words in found.items() if at > now}


def used_schedules(records: Records) -> frozenset[tuple[str, str]]:
    """The schedules, by cohort and identifier, that those follow whose training goes on."""
    latest = [
        training[-1]
        for it in records.teachers
        for kind in TeacherType
        if (training := training_of(records, it.id, kind))
    ]
    followed = {records.schedules[it.schedule_id] for it in latest if it.schedule_id and it.finished_on is None}
    return frozenset((str(it.contract_period_year), it.identifier) for it in followed)


def _comings_and_goings(records: Records) -> Iterator[tuple[datetime, list[str]]]:
    found: dict[datetime, list[str]] = {}
    for it in sorted(records.at_school_periods, key=lambda it: (it.started_on, it.created_at, it.id)):
        who, where = _whose(records, it), records.schools[it.school_id].name
        begins = f"{who} begins at {where} on {day(it.started_on)}"
        found.setdefault(uk_midnight(it.started_on), []).append(begins)
        if it.finished_on is not None:
            ends = f"{day(it.finished_on)} is the last day of {who} at {where}: they have left"
            found.setdefault(uk_midnight(it.finished_on), []).append(ends)
    yield from found.items()


def _whose(records: Records, it: AtSchoolPeriod) -> str:
    return f"{full_name(records.teachers[it.teacher_id])} ({course(it.kind)})"


def _specific(it: NamedMoment) -> bool:
    """Whether the name says which statement or schedule it means."""
    parts = it.name.split(":")
    return parts[1] != _NEXT if parts[0] == "statement" else len(parts) == 5


def _schedule(it: NamedMoment) -> tuple[str, str] | None:
    parts = it.name.split(":")
    return (parts[3], parts[4]) if parts[0] == "milestone" else None


def _words(those: Sequence[NamedMoment]) -> Iterator[str]:
    """What happens at a moment; types of declarations that begin or end together on a schedule are told together."""
    types: dict[tuple[str, ...], list[str]] = {}
    for it in those:
        kind, name, what, *schedule = it.name.split(":")
        if kind == "statement":
            year, _, month = name.partition("-")
            done = "have passed their cut-off and are payable" if what == "cut-off" else "are paid"
            yield f"the {month_name[int(month)]} {year} statements {done} on {_day(it.at)}"
        else:
            types.setdefault((what, *schedule), []).append(name)
    for (what, cohort, identifier), names in types.items():
        begins = "can be declared from" if what == "start" else "can be declared for the last time on"
        yield f"{', '.join(names)} {begins} {_day(those[0].at)} ({identifier}, {cohort})"


def _day(at: datetime) -> str:
    return day(uk_day(at))


def tally(exchanges: Sequence[Exchange]) -> tuple[Tally, ...]:
    """The declarations and statements that became something; of statements only those that the API shows."""
    return tally_of(exchanges, _COUNTED, but=lambda row: isinstance(row, Statement) and not row.output_fee)
