"""What happened to somebody in lanes: at schools, with mentors, in training, in induction, and what was declared.

What the journal has is told with its words and its number; what happened before that, from the periods themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ecf_sandbox.api.router import router_of
from ecf_sandbox.dates.uk import uk_day, uk_midnight
from ecf_sandbox.rect.domain.contracts import Milestone, StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    MentorshipPeriod,
    Outcome,
    Teacher,
    TeacherType,
    TrainingPeriod,
)
from ecf_sandbox.rect.pages.actors import APPROPRIATE_BODY, actor_of
from ecf_sandbox.rect.pages.changes import changes
from ecf_sandbox.rect.pages.deeds import deed
from ecf_sandbox.rect.pages.periods import mentorships
from ecf_sandbox.rect.pages.teachers import declarations_of
from ecf_sandbox.rect.pages.words import course, provider_name, schedule, statement_name, trained_by
from ecf_sandbox.rect.queries.history import schedule_of, training_within
from ecf_sandbox.rect.queries.inside import person
from ecf_sandbox.rect.queries.moments import CLOSING
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import at_school_periods_of, induction_periods_of, training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.service import Subject
from ecf_sandbox.tools.explain.target import asked_of
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.happenings import exchanges_about, happening, in_order, own_part
from ecf_sandbox.web.ui.sections import Happening, Look, Timeline
from ecf_sandbox.web.ui.words import day

LANES = ("At school", "Mentor", "Training", "Induction", "Declarations")
AT_SCHOOL, MENTOR, TRAINING, INDUCTION, DECLARATIONS = range(len(LANES))
# In which lane an event stands, by the first of these tables of which it changes a row.
_BY_TABLE = {
    "at_school_periods": AT_SCHOOL,
    "mentorship_periods": MENTOR,
    "training_periods": TRAINING,
    "declarations": DECLARATIONS,
}
_OUTCOMES = {Outcome.PASS: "passed", Outcome.FAIL: "failed", None: "ends"}
Known = frozenset[tuple[str, str, date]]


def timeline(look: Look, teacher: Teacher) -> Timeline:
    """Everything about somebody, the oldest first, with milestones and statements as rules across."""
    records: Records = look.turn.records
    refused = look.query.get("refused") != "0"
    subject = _subject(records, teacher)
    told = [(it, own_part(it, subject)) for it in exchanges_about(look, subject)]
    known = frozenset((row.table, row.key, uk_day(it.moment)) for it, own in told for row in own.changes)
    rows = [*_history(records, teacher, known), *_rules(look, teacher)]
    for it, own in told:
        changed = changes(own, records)
        # A night that moves nothing but times is told to nobody.
        if (refused and it.status >= 400) or (changed and it.status < 400):
            rows.append(happening(it, _lane(own), deed(it, records), changed))
    return Timeline(lanes=LANES, rows=in_order(rows), refused_shown=refused)


def _subject(records: Records, teacher: Teacher) -> Subject:
    """Somebody with their rows; a mentorship is a mentor's too."""
    found = person(records, teacher.id)
    assert found is not None, "their id is known"
    return replace(found, columns=found.columns | {"mentor_at_school_period_id"})


def _lane(it: Exchange) -> int:
    """In which lane an exchange stands: a request by its resource, an event by who acts and what changes."""
    if it.method:
        asked = asked_of(router_of(SERVICE), it.method, it.target)
        return DECLARATIONS if asked and asked.resource == "declarations" else TRAINING
    if actor_of(it.operation.removeprefix("event "), None) == APPROPRIATE_BODY:
        return INDUCTION
    changed = {row.table for row in it.changes}
    return next((lane for table, lane in _BY_TABLE.items() if table in changed), AT_SCHOOL)


def _history(records: Records, teacher: Teacher, known: Known) -> Iterator[Happening]:
    """What the periods tell, without what the journal tells of the same day."""
    periods = [it for kind in TeacherType for it in at_school_periods_of(records, teacher.id, kind)]
    for it in periods:
        yield from _untold(_at_school(records, it), "at_school_periods", it.id, known)
        for training in training_within(records, it):
            yield from _untold(_training(records, training), "training_periods", training.id, known)
    for mentorship in mentorships(records, periods):
        yield from _untold(_mentorship(records, mentorship, teacher), "mentorship_periods", mentorship.id, known)
    for induction in induction_periods_of(records, teacher.id):
        rows = [_on(induction.started_on, INDUCTION, "Induction begins")]
        if induction.finished_on is not None:
            rows.append(_on(induction.finished_on, INDUCTION, f"Induction {_OUTCOMES[induction.outcome]}"))
        yield from _untold(rows, "induction_periods", induction.id, known)
    yield from _untold(_funding(teacher), "teachers", teacher.id, known)
    for declaration in declarations_of(records, teacher):
        yield from _untold(_declared(records, declaration), "declarations", declaration.id, known)
    for change in records.id_changes.by("teacher_id", teacher.id):
        row = Happening(at=change.created_at, lane=AT_SCHOOL, text="Their participant id changed")
        yield from _untold([row], "id_changes", change.id, known)


def _untold(rows: Iterable[Happening], table: str, key: str, known: Known) -> Iterator[Happening]:
    return (it for it in rows if (table, key, uk_day(it.at)) not in known)


def _on(at: date, lane: int, text: str, note: str = "") -> Happening:
    return Happening(at=uk_midnight(at), on=at, lane=lane, text=text, note=note)


def _at_school(records: Records, it: AtSchoolPeriod) -> Iterator[Happening]:
    where = records.schools[it.school_id].name
    yield _on(it.started_on, AT_SCHOOL, f"Begins at {where} as {course(it.kind)}")
    if it.finished_on is not None:
        note = "the school says so" if it.reported_leaving_by_school_id else ""
        yield _on(it.finished_on, AT_SCHOOL, f"Last day at {where}", note)


def _training(records: Records, it: TrainingPeriod) -> Iterator[Happening]:
    by = trained_by(records, it)
    if by.startswith("interest"):
        words, note = f"The school expresses {by}", schedule(records, it)
    else:
        words, note = f"Trained by {by} as {course(it.kind)}", schedule(records, it)
    yield _on(it.started_on, TRAINING, words, note)
    who = f"{provider_name(records, it)}: "
    if it.deferred_at is not None:
        yield Happening(at=it.deferred_at, lane=TRAINING, text=f"{who}Deferred", note=it.deferral_reason or "")
    if it.withdrawn_at is not None:
        yield Happening(at=it.withdrawn_at, lane=TRAINING, text=f"{who}Withdrawn", note=it.withdrawal_reason or "")
    if it.finished_on is not None:
        yield _on(it.finished_on, TRAINING, f"Last day of training with {by}")


def _mentorship(records: Records, it: MentorshipPeriod, teacher: Teacher) -> Iterator[Happening]:
    ect, mentor = (
        records.teachers[records.at_school_periods[id].teacher_id]
        for id in (it.ect_at_school_period_id, it.mentor_at_school_period_id)
    )
    words = f"Mentor: {full_name(mentor)}" if ect.id == teacher.id else f"Mentors {full_name(ect)}"
    yield _on(it.started_on, MENTOR, words)
    if it.finished_on is not None:
        yield _on(it.finished_on, MENTOR, f"{words}, last day")


def _funding(teacher: Teacher) -> Iterator[Happening]:
    for kind in TeacherType:
        since, until = teacher.eligible_since(kind), teacher.ineligible_since(kind)
        if since is not None:
            yield Happening(at=since, lane=INDUCTION, text=f"Eligible for funding as {course(kind)}")
        if until is not None:
            reason = teacher.mentor_ineligible_reason if kind is TeacherType.MENTOR else None
            yield _on(until, INDUCTION, f"Funding as {course(kind)} ends", state(reason or ""))


def _declared(records: Records, it: Declaration) -> Iterator[Happening]:
    provider = provider_name(records, records.training_periods[it.training_period_id])
    words = f"{provider}: Declare training: {it.declaration_type}, dated {day(it.declaration_date)}"
    yield Happening(at=it.created_at, lane=DECLARATIONS, text=words, note=f"now {state(it.state.value)}")
    for id, verb in ((it.payment_statement_id, "pays"), (it.clawback_statement_id, "claws back")):
        found = records.statements.get(id)
        awaits = verb != "pays" and it.clawback_status is not ClawbackStatus.CLAWED_BACK
        if found is None or found.status is not StatementStatus.PAID or awaits:
            continue
        at = found.marked_as_paid_at or uk_midnight(found.payment_date)
        words = f"The DfE {verb} {it.declaration_type} with the {statement_name(found)} statement"
        yield Happening(at=at, lane=DECLARATIONS, text=words)


def _rules(look: Look, teacher: Teacher) -> Iterator[Happening]:
    """The present, the milestones of the latest training, and the dates of the statements of what was declared."""
    records: Records = look.turn.records
    yield Happening(at=look.turn.now, text="Now", now=True)
    for kind in TeacherType:
        training = training_of(records, teacher.id, kind)
        found = schedule_of(records, training[-1]) if training else None
        yield from _milestones(found.milestones if found else ())
    declared = declarations_of(records, teacher)
    ids = (id for it in declared for id in (it.payment_statement_id, it.clawback_statement_id) if id)
    for id in dict.fromkeys(ids):
        statement = records.statements[id]
        called = f"{statement_name(statement)} statement, cohort {statement.contract_period_year}"
        cut_off = statement.deadline_date + DAY
        yield Happening(at=uk_midnight(cut_off) + CLOSING, on=cut_off, text=f"Cut-off of the {called}")
        payment = statement.payment_date
        yield Happening(at=uk_midnight(payment), on=payment, text=f"Payment of the {called}")


def _milestones(milestones: Iterable[Milestone]) -> Iterator[Happening]:
    """A row for each window, with all types of declarations that it is that of."""
    windows: dict[tuple[date, date | None], list[str]] = {}
    for it in milestones:
        windows.setdefault((it.start_date, it.milestone_date), []).append(it.declaration_type)
    for (start, end), types in windows.items():
        until = f"until {day(end)}" if end else "without an end"
        yield Happening(at=uk_midnight(start), on=start, text=f"{', '.join(types)} can be declared, {until}")
