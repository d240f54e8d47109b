"""The periods that somebody's record is made of: at schools, in training, with a mentor, in induction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ecf_sandbox.rect.domain.periods import Period
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, MentorshipPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.pages.words import course, person, schedule, school, standing, trained_by
from ecf_sandbox.rect.queries.history import training_within
from ecf_sandbox.rect.queries.training import at_school_periods_of, induction_periods_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.web.ui.cells import state, text
from ecf_sandbox.web.ui.sections import Cell, Table
from ecf_sandbox.web.ui.words import day


def period_tables(records: Records, teacher: Teacher, today: date) -> tuple[Table, ...]:
    """A table for each kind of period, the earliest first."""
    periods = [it for kind in TeacherType for it in at_school_periods_of(records, teacher.id, kind)]
    return (
        Table(
            title="At schools",
            columns=("School", "As", "From", "To", "E-mail", "Working pattern"),
            rows=tuple(_at_school(records, it) for it in periods),
            empty="They have never been at a school.",
        ),
        Table(
            title="In training",
            columns=("Trained by", "As", "From", "To", "Schedule", "At", "Status", "Declarations"),
            rows=tuple(_training(records, it, today) for period in periods for it in training_within(records, period)),
            empty="They have never been in training.",
        ),
        Table(
            title="With mentors",
            columns=("ECT", "Mentor", "From", "To", "At"),
            rows=tuple(_mentorship(records, it) for it in mentorships(records, periods)),
            empty="Nobody mentors them, and they mentor nobody.",
        ),
        Table(
            title="In induction",
            columns=("From", "To", "Outcome"),
            rows=tuple(
                (*_ends(it), text(it.outcome.value if it.outcome else None))
                for it in induction_periods_of(records, teacher.id)
            ),
            empty="No appropriate body has recorded an induction.",
        ),
    )


def mentorships(records: Records, periods: list[AtSchoolPeriod]) -> list[MentorshipPeriod]:
    """Those in which somebody is on either side, the earliest first."""
    found = [it for period in periods for it in _mentorships(records, period)]
    return sorted(found, key=lambda it: (it.started_on, it.id))


def _mentorships(records: Records, period: AtSchoolPeriod) -> Iterator[MentorshipPeriod]:
    side = "ect_at_school_period_id" if period.kind is TeacherType.ECT else "mentor_at_school_period_id"
    yield from records.mentorship_periods.by(side, period.id)


def _at_school(records: Records, it: AtSchoolPeriod) -> tuple[Cell, ...]:
    where = school(records.schools[it.school_id])
    return where, text(course(it.kind)), *_ends(it), text(it.email), text(state(it.working_pattern or ""))


def _training(records: Records, it: TrainingPeriod, today: date) -> tuple[Cell, ...]:
    reason = it.withdrawal_reason if it.training_status == "withdrawn" else it.deferral_reason
    status = standing(records, it, today)
    declared = [each.declaration_type for each in records.declarations.by("training_period_id", it.id)]
    where = records.schools[records.at_school_periods[it.at_school_period_id].school_id]
    return (
        text(trained_by(records, it)),
        text(course(it.kind)),
        *_ends(it),
        text(schedule(records, it)),
        school(where),
        text(f"{status} ({reason})" if reason and it.training_status != "active" else status),
        text(", ".join(declared)),
    )


def _mentorship(records: Records, it: MentorshipPeriod) -> tuple[Cell, ...]:
    ect = records.at_school_periods[it.ect_at_school_period_id]
    mentor = records.at_school_periods[it.mentor_at_school_period_id]
    return (
        person(records.teachers[ect.teacher_id]),
        person(records.teachers[mentor.teacher_id]),
        *_ends(it),
        school(records.schools[ect.school_id]),
    )


def _ends(it: Period) -> tuple[Cell, Cell]:
    return text(day(it.started_on)), text(day(it.finished_on) if it.finished_on else None)
