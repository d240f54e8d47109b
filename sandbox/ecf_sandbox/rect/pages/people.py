"""The people of a world: everybody at a school, by name, provider, status and cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.pages.words import (
    STANDINGS,
    cohorts,
    course,
    person,
    provider_name,
    providers,
    schedule,
    school,
    standing,
    trained_by,
)
from ecf_sandbox.rect.queries.history import year_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import at_school_periods_of, training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.web.ui.cells import choice, has_words, search, text
from ecf_sandbox.web.ui.sections import Cell, Listing, Look, Table, page_of

_COLUMNS = ("Name", "TRN", "Trains as", "School", "Trained by", "Schedule", "Status")


class Registered(Record, frozen=True, kw_only=True):
    """Somebody as ECT or as mentor, with the period at a school and the training that start last."""

    teacher: Teacher
    period: AtSchoolPeriod
    training: TrainingPeriod | None


def listing(look: Look) -> Listing:
    """Those who match the query, by name; who is ECT and mentor has two rows."""
    records, query, today = look.turn.records, look.query, uk_day(look.turn.now)
    found = [it for it in records.cached(everybody) if _matches(records, it, query, today)]
    rows, page, pages = page_of(found, query)
    return Listing(
        title="People",
        table=Table(
            title="People",
            columns=_COLUMNS,
            rows=tuple(_row(records, it, today) for it in rows),
            empty="Nobody matches.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(
            search("Name or TRN", query),
            choice("provider", "Lead provider", query, providers(records)),
            choice("status", "Status", query, STANDINGS),
            choice("cohort", "Cohort", query, cohorts(records)),
        ),
    )


def everybody(records: Records) -> tuple[Registered, ...]:
    """Everybody who is or was at a school, by name."""
    found = (it for teacher in records.teachers for it in _registered(records, teacher))
    return tuple(sorted(found, key=lambda it: (full_name(it.teacher).lower(), it.teacher.id, it.period.kind.value)))


def _registered(records: Records, teacher: Teacher) -> Iterator[Registered]:
    for kind in TeacherType:
        periods = at_school_periods_of(records, teacher.id, kind)
        if periods:
            training = training_of(records, teacher.id, kind)
            yield Registered(teacher=teacher, period=periods[-1], training=training[-1] if training else None)


def _matches(records: Records, it: Registered, query: Mapping[str, str], today: date) -> bool:
    return (
        has_words(query, full_name(it.teacher), it.teacher.trn)
        and query.get("provider", "") in ("", provider_name(records, it.training))
        and query.get("status", "") in ("", standing(records, it.training, today))
        and query.get("cohort", "") in ("", _cohort(records, it))
    )


def _cohort(records: Records, it: Registered) -> str:
    return str(year_of(records, it.training)) if it.training else ""


def _row(records: Records, it: Registered, today: date) -> tuple[Cell, ...]:
    return (
        person(it.teacher),
        text(it.teacher.trn),
        text(course(it.period.kind)),
        school(records.schools[it.period.school_id]),
        text(trained_by(records, it.training) if it.training else None),
        text(schedule(records, it.training) if it.training else None),
        text(standing(records, it.training, today)),
    )
