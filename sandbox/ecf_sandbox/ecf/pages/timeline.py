"""What happened to somebody in three lanes: what the school did, what a provider sent, what the DfE did.

What the journal has is told with its words and its number; what happened before that, from the dates of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, Phase
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus, TrainingRecord, TrainingStatus, User
from ecf_sandbox.ecf.pages.actors import SCHOOL, actor_of
from ecf_sandbox.ecf.pages.changes import changes
from ecf_sandbox.ecf.pages.deeds import deed
from ecf_sandbox.ecf.pages.words import course, provider_of
from ecf_sandbox.ecf.queries.inside import subject_of
from ecf_sandbox.ecf.queries.training import newest, schedule_of, school_of, training_records_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.happenings import exchanges_about, happening, in_order, own_part
from ecf_sandbox.web.ui.sections import Happening, Look, Timeline
from ecf_sandbox.web.ui.words import day

LANES = ("School", "Provider", "DfE")
AT_SCHOOL, AT_PROVIDER, AT_DFE = range(3)


def timeline(look: Look, user: User) -> Timeline:
    """Everything about somebody, the oldest first, with milestones and statements as rules across."""
    records: Records = look.turn.records
    refused = look.query.get("refused") != "0"
    subject = subject_of(records, user)
    told = exchanges_about(look, subject)
    known = {(change.table, change.key) for it in told for change in it.changes if _made(change)}
    rows = [
        *_history(records, user, known),
        *(
            happening(it, _lane(it), deed(it, records), changes(own_part(it, subject), records))
            for it in told
            if refused or it.status < 400
        ),
        *_rules(look, user),
    ]
    return Timeline(lanes=LANES, rows=in_order(rows), refused_shown=refused)


def _made(change: RowChange) -> bool:
    """Whether the journal tells how a row came to be, or that a statement was paid."""
    return change.before is None or change.table == "statements"


def _lane(it: Exchange) -> int:
    """In whose lane an exchange stands."""
    if it.method:
        return AT_PROVIDER
    return AT_SCHOOL if actor_of(it.operation.removeprefix("event "), None).word == SCHOOL.word else AT_DFE


def _history(records: Records, user: User, known: set[tuple[str, str]]) -> Iterator[Happening]:
    """What the dates of the rows tell, without what the journal tells."""
    for training in training_records_of(records, user.id):
        yield from _inductions(records, training, known)
        yield from _statuses(records, training, known)
        yield from _completion(training)
    yield from _declarations(records, user, known)
    for it in records.id_changes.by("user_id", user.id):
        if ("id_changes", it.id) not in known:
            yield Happening(at=it.created_at, lane=AT_DFE, text="Their participant id changed")


def _inductions(records: Records, training: TrainingRecord, known: set[tuple[str, str]]) -> Iterator[Happening]:
    own = records.induction_records.by("training_record_id", training.id)
    before: InductionRecord | None = None
    for it in sorted(own, key=lambda it: (it.start_date, it.created_at)):
        if ("induction_records", it.id) not in known:
            yield from _induction(records, training, before, it)
        if it.induction_status is InductionStatus.LEAVING and it.end_date is not None:
            yield Happening(at=it.end_date, lane=AT_SCHOOL, text=f"Leaves {school_of(records, it).name}")
        before = it


def _induction(
    records: Records, training: TrainingRecord, before: InductionRecord | None, it: InductionRecord
) -> Iterator[Happening]:
    where, provider = school_of(records, it).name, provider_of(records, it)
    taught = f"trained by {provider}" if provider else "trained by the school"
    if before is None:
        words = f"Registered as {'an ECT' if training.ect else 'a mentor'} at {where}"
        yield Happening(at=training.created_at, lane=AT_SCHOOL, text=words, note=taught)
        return
    if school_of(records, before).id != school_of(records, it).id:
        yield Happening(at=it.start_date, lane=AT_SCHOOL, text=f"Joins {where}", note=taught)
    elif provider_of(records, before) != provider:
        yield Happening(at=it.start_date, lane=AT_SCHOOL, text=f"Now {taught}")
    if before.schedule_id != it.schedule_id:
        schedule = schedule_of(records, it)
        words = f"Schedule changed to {schedule.identifier}, cohort {schedule.cohort}"
        yield Happening(at=it.start_date, lane=AT_PROVIDER, text=words)
    if before.mentor_record_id != it.mentor_record_id:
        mentor = records.training_records.get(it.mentor_record_id)
        name = user_of(records, mentor).full_name if mentor else "nobody"
        yield Happening(at=it.start_date, lane=AT_SCHOOL, text=f"Mentor: {name}")


def _statuses(records: Records, training: TrainingRecord, known: set[tuple[str, str]]) -> Iterator[Happening]:
    own = sorted(records.status_changes.by("training_record_id", training.id), key=lambda it: it.created_at)
    for before, it in zip((None, *own), own, strict=False):
        starts = it.state is TrainingStatus.ACTIVE and (before is None or before.state is TrainingStatus.ACTIVE)
        if not starts and ("status_changes", it.id) not in known:
            words = {"active": "Resumed", "deferred": "Deferred", "withdrawn": "Withdrawn"}[it.state.value]
            provider = records.providers.get(it.provider_id)
            who = f"{provider.name}: " if provider else ""
            yield Happening(
                at=it.created_at, lane=AT_PROVIDER, text=f"{who}{words} as {course(training)}", note=it.reason or ""
            )


def _completion(training: TrainingRecord) -> Iterator[Happening]:
    for at, words in (
        (training.induction_completion_date, "Induction completed"),
        (training.mentor_completion_date, "Funded mentor training ended"),
    ):
        if at is not None:
            yield Happening(at=_midnight(at), lane=AT_DFE, text=words)


def _declarations(records: Records, user: User, known: set[tuple[str, str]]) -> Iterator[Happening]:
    for it in records.declarations.by("user_id", user.id):
        if ("declarations", it.id) not in known:
            provider = records.providers[it.provider_id].name
            words = f"{provider}: Declare training: {it.type}, dated {day(it.date)}"
            yield Happening(at=it.created_at, lane=AT_PROVIDER, text=words, note=f"now {state(it.state.value)}")
        for line in records.line_items.by("declaration_id", it.id):
            statement = records.statements[line.statement_id]
            if statement.phase is Phase.PAID and ("statements", statement.id) not in known:
                verb = "claws back" if line.state in REFUNDABLE else "pays"
                words = f"The DfE {verb} {it.type} with the {statement.name} statement"
                yield Happening(at=_midnight(statement.payment_date), lane=AT_DFE, text=words)


def _rules(look: Look, user: User) -> Iterator[Happening]:
    """The present, the milestones of the schedules that somebody follows, and the dates of their statements."""
    records: Records = look.turn.records
    yield Happening(at=look.turn.now, text="Now", now=True)
    for training in training_records_of(records, user.id):
        induction = newest(records, training)
        schedule = schedule_of(records, induction or training)
        for it in schedule.milestones:
            until = f"until {day(it.end)}" if it.end else "without an end"
            yield Happening(at=it.opens, text=f"{it.declaration_type} can be declared, {until}")
    lines = (
        line
        for it in records.declarations.by("user_id", user.id)
        for line in records.line_items.by("declaration_id", it.id)
    )
    for id in dict.fromkeys(it.statement_id for it in lines):
        statement = records.statements[id]
        called = f"{statement.name} statement, cohort {statement.cohort}"
        yield Happening(at=_midnight(statement.deadline_date + timedelta(days=1)), text=f"Cut-off of the {called}")
        yield Happening(at=_midnight(statement.payment_date), text=f"Payment of the {called}")


def _midnight(at: date) -> datetime:
    return datetime.combine(at, time.min, UTC)
