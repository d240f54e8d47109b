"""How periods at schools begin and end, with the training and the mentorships in them."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.actions.saving import remove, save
from ecf_sandbox.rect.domain.periods import DAY, Period, contains, overlap
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, MentorshipPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import training_within
from ecf_sandbox.rect.queries.training import at_school_periods_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import Record, replace


def latest_period(records: Records, teacher: Teacher, kind: TeacherType) -> AtSchoolPeriod:
    """Somebody's period at a school that starts last; raises DoesNotFit if there is none."""
    found = at_school_periods_of(records, teacher.id, kind)
    if not found:
        raise DoesNotFit(f"the participant has never been at a school as {kind.value}")
    return found[-1]


def period_on(records: Records, teacher: Teacher, kind: TeacherType, day: date) -> AtSchoolPeriod:
    """The period at a school that has a day, else the one that starts last."""
    here = [it for it in at_school_periods_of(records, teacher.id, kind) if contains(it, day)]
    return here[-1] if here else latest_period(records, teacher, kind)


def end_period(turn: Turn, period: AtSchoolPeriod, last: date, *, reported: bool = False) -> None:
    """Somebody's last day at a school: what runs on ends too, and what would only start then does not come about.

    An earlier end stays. Raises DoesNotFit if they only start on that day or later.
    """
    if last <= period.started_on:
        raise DoesNotFit(f"they are at the school from {period.started_on.isoformat()} only")
    records = turn.records
    mentorships = _mentorships(records, period)
    training = training_within(records, period)
    _cut(turn, mentorships, last)
    _cut(turn, training, last)
    by = {"reported_leaving_by_school_id": period.school_id} if reported else {}
    end = last if period.finished_on is None or period.finished_on > last else period.finished_on
    save(turn, replace(period, finished_on=end, **by))


def _mentorships(records: Records, period: AtSchoolPeriod) -> tuple[MentorshipPeriod, ...]:
    index = "ect_at_school_period_id" if period.kind is TeacherType.ECT else "mentor_at_school_period_id"
    return records.mentorship_periods.by(index, period.id)


def _cut(turn: Turn, rows: tuple[MentorshipPeriod, ...] | tuple[TrainingPeriod, ...], last: date) -> None:
    gone: list[Record] = [it for it in rows if it.started_on >= last]
    ending: list[Record] = [
        replace(it, finished_on=last)
        for it in rows
        if it.started_on < last and (it.finished_on is None or it.finished_on > last)
    ]
    if any(turn.records.declarations.by("training_period_id", it.id) for it in rows if it in gone):
        raise DoesNotFit("something has been declared of training that would not come about")
    if gone:
        remove(turn, *gone)
    if ending:
        save(turn, *ending)


def insist_on_time(what: str, it: Period, others: list[AtSchoolPeriod]) -> None:
    """Raise DoesNotFit if a new period at a school would overlap another of the person's."""
    for other in others:
        if overlap(other, it):
            until = other.finished_on.isoformat() if other.finished_on else "an open end"
            raise DoesNotFit(f"they are {what} at a school from {other.started_on.isoformat()} to {until}")


def day_before(day: date) -> date:
    """The day before; raises DoesNotFit for the first day that a calendar has."""
    if day == date.min:
        raise DoesNotFit(f"there is no day before {day.isoformat()}")
    return day - DAY
