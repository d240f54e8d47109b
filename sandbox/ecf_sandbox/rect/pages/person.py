"""Somebody: how they stand, what happened to them, their periods, what was declared, what each provider sees."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.pages.periods import period_tables
from ecf_sandbox.rect.pages.teachers import declarations_of, teacher_called
from ecf_sandbox.rect.pages.timeline import timeline
from ecf_sandbox.rect.pages.words import course, person, schedule, school, standing, statement, trained_by
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.participants import participant
from ecf_sandbox.rect.queries.training import (
    at_school_periods_of,
    induction_end_date,
    induction_periods_of,
    provider_of,
    training_of,
)
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.web.ui.callers import Part, views
from ecf_sandbox.web.ui.cells import state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Look, Table
from ecf_sandbox.web.ui.words import day

TABS = (
    ("timeline", "Timeline"),
    ("periods", "Periods"),
    ("declarations", "Declarations"),
    ("views", "As each provider sees them"),
)
# What is said of an enrolment that a provider sees, in the order in which a trainer tells it.
_SEEN = (
    "participant_status",
    "training_status",
    "school_urn",
    "schedule_identifier",
    "cohort",
    "email",
    "mentor",
    "eligible_for_funding",
    "withdrawal",
    "deferral",
    "overall_induction_start_date",
    "induction_end_date",
    "mentor_funding_end_date",
    "mentor_ineligible_for_funding_reason",
    "cohort_changed_after_payments_frozen",
)


def show(look: Look, id: str) -> Detail | None:
    """The page of a participant, by the participant id or a retired one."""
    records: Records = look.turn.records
    teacher = teacher_called(records, id)
    if teacher is None:
        return None
    tab = look.query.get("tab", "")
    shown = tab if tab in dict(TABS) else TABS[0][0]
    tables: tuple[Table, ...] = ()
    if shown == "periods":
        tables = period_tables(records, teacher, uk_day(look.turn.now))
    elif shown == "declarations":
        tables = (_declarations(records, teacher),)
    elif shown == "views":
        tables = tuple(_views(look, teacher))
    return Detail(
        id=teacher.id,
        title=full_name(teacher),
        facts=tuple(_facts(look, teacher)),
        tabs=TABS,
        tab=shown,
        tables=tables,
        sentences=("This is what GET /api/v3/participants/{id} shows each of them now.",) if shown == "views" else (),
        timeline=timeline(look, teacher) if shown == "timeline" else None,
        parameter="participant_id",
    )


def _facts(look: Look, teacher: Teacher) -> Iterator[tuple[str, Cell]]:
    records, today = look.turn.records, uk_day(look.turn.now)
    kinds = [it for it in TeacherType if at_school_periods_of(records, teacher.id, it)]
    yield "TRN", text(teacher.trn or "not known")
    for kind in kinds:
        as_one = f", as {course(kind)}" if len(kinds) > 1 else ""
        if not as_one:
            yield "Trains as", text(course(kind))
        period, training = at_school_periods_of(records, teacher.id, kind)[-1], training_of(records, teacher.id, kind)
        newest = training[-1] if training else None
        yield f"School{as_one}", school(records.schools[period.school_id])
        yield f"Trained by{as_one}", text(trained_by(records, newest) if newest else "nobody")
        yield f"Status{as_one}", text(standing(records, newest, today))
        if newest and newest.schedule_id:
            yield f"Schedule{as_one}", text(schedule(records, newest))
        if kind is TeacherType.ECT:
            yield "Mentor", _mentor(look, period.id)
            yield "Induction", text(_induction(records, teacher))
        yield f"Funding{as_one}", text(_funding(teacher, kind))


def _mentor(look: Look, period_id: str) -> Cell:
    """Who mentors an ECT today, or will."""
    records, today = look.turn.records, uk_day(look.turn.now)
    found = records.mentorship_periods.by("ect_at_school_period_id", period_id)
    ahead = [it for it in found if it.finished_on is None or it.finished_on >= today]
    if not ahead:
        return text("nobody")
    first = min(ahead, key=lambda it: it.started_on)
    return person(records.teachers[records.at_school_periods[first.mentor_at_school_period_id].teacher_id])


def _induction(records: Records, teacher: Teacher) -> str:
    periods, ended = induction_periods_of(records, teacher.id), induction_end_date(records, teacher)
    if ended is not None:
        outcome = next((it.outcome.value for it in reversed(periods) if it.outcome), "completed")
        return f"{outcome} on {day(ended)}"
    if not periods:
        return "not recorded by an appropriate body"
    last = periods[-1]
    return f"ended on {day(last.finished_on)}" if last.finished_on else f"since {day(last.started_on)}"


def _funding(teacher: Teacher, kind: TeacherType) -> str:
    since, until = teacher.eligible_since(kind), teacher.ineligible_since(kind)
    if until is not None:
        reason = teacher.mentor_ineligible_reason if kind is TeacherType.MENTOR else None
        return f"ended on {day(until)}{f': {state(reason)}' if reason else ''}"
    return f"eligible since {day(since)}" if since else "not eligible yet"


def _declarations(records: Records, teacher: Teacher) -> Table:
    rows = []
    for it in declarations_of(records, teacher):
        training = records.training_periods[it.training_period_id]
        paid, back = records.statements.get(it.payment_statement_id), records.statements.get(it.clawback_statement_id)
        rows.append(
            (
                text(it.declaration_type),
                text(course(training.kind)),
                text(day(it.declaration_date)),
                text(records.lead_providers[provider_of(records, training) or ""].name),
                text(state(it.state.value)),
                text(it.evidence_type),
                statement(records, paid, whose=True) if paid else text(None),
                statement(records, back, whose=True) if back else text(None),
            )
        )
    columns = ("Type", "As", "Dated", "Lead provider", "State", "Evidence", "Statement", "Clawed back with")
    return Table(title="Declarations", columns=columns, rows=tuple(rows), empty="Nothing was declared yet.")


def _views(look: Look, teacher: Teacher) -> Iterator[Table]:
    """A column for each provider, with what the API would answer it; a table for each kind of training."""
    records: Records = look.turn.records
    shown = {
        it.name: _enrolments(look, teacher, it.id) for it in sorted(records.lead_providers, key=lambda it: it.name)
    }
    kinds = [
        kind.value
        for kind in TeacherType
        if any(it["participant_type"] == kind for all in shown.values() for it in all)
    ]
    for kind in kinds or [""]:
        title = f"As each provider sees them, as {course(TeacherType(kind))}" if len(kinds) > 1 else TABS[-1][1]
        seen = {name: [it for it in all if it["participant_type"] == kind] for name, all in shown.items()}
        yield from views(title, "Enrolment", seen, _SEEN, "participant_type")


def _enrolments(look: Look, teacher: Teacher, lead_provider_id: str) -> list[Part]:
    """What a provider is shown, with the mentor by name; what holds of nobody or is false is left out."""
    records: Records = look.turn.records
    found = participant(records, lead_provider_id, teacher.id)
    if found is None:
        return []
    document = v3.participant(records, found, look.turn.now)
    enrolments: list[Part] = []
    for it in document["attributes"]["ecf_enrolments"]:
        mentor = records.teachers.get(it["mentor_id"])
        moved = it["cohort_changed_after_payments_frozen"] or None
        named = {"mentor": full_name(mentor) if mentor else None, "cohort_changed_after_payments_frozen": moved}
        enrolments.append({**it, **named})
    return enrolments
