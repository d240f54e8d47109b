"""What was declared for somebody: the `declarations:` of a scenario, with the statements that pay for them.

A declaration's state follows from the dates: whether and since when the training is funded, which statement took
the declaration and how far that is, whether it was voided. The file may name the state, for the reader; then it has
to be the one that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, LineItem
from ecf_sandbox.ecf.domain.participants import InductionRecord, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.training import partnership_of, provider_id_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.contracts import Course, course_of, line_items
from ecf_sandbox.ecf.scenario.people import Registration
from ecf_sandbox.ecf.scenario.people_sections import DeclarationEntry
from ecf_sandbox.state.record import replace

Rows = list[Declaration | LineItem]
Copies = list[tuple[Registration, DeclarationEntry]]


def declare(draft: Builder, records: Records, registrations: Sequence[Registration]) -> Records:
    """The records with everything that was declared, and with what follows from it."""
    copies: Copies = []
    records = records.save(*(row for it in registrations for row in _declarations(draft, records, it, copies)))
    return _note_mentor_completion(_name_originals(draft, records, copies), registrations)


def _declarations(draft: Builder, records: Records, registration: Registration, copies: Copies) -> Rows:
    rows: Rows = []
    taken: set[str] = set()
    for entry in registration.entry.declarations:
        if entry.duplicate_of:
            copies.append((registration, entry))
        declaration = _declaration(draft, records, registration, entry)
        if declaration is None:
            continue
        rows += declaration
        if any(it.live and it.type in taken for it in declaration if isinstance(it, Declaration)):
            entry.note(f"'{entry.type.name}' has been declared already", "type")
        taken |= {it.type for it in declaration if isinstance(it, Declaration) and it.live}
    return rows


def _declaration(draft: Builder, records: Records, registration: Registration, entry: DeclarationEntry) -> Rows | None:
    provider = entry.provider.among(draft.providers)
    twin = entry.duplicate_of.among(draft.users)
    provider_id, own = _histories(records, registration, entry, provider)
    if provider_id is None or not own:
        entry.note("no provider was training this person when it was sent", "date")
        return None
    schedule = records.schedules[max(own, key=_began).schedule_id]
    _check(draft, registration, entry, schedule)
    course = course_of(
        draft,
        provider_id,
        schedule.cohort,
        sent=entry.sent_at,
        eligible_from=registration.eligible_from,
        voided=entry.voided,
        duplicate=twin is not None,
    )
    if course is None:
        entry.note(f"the contract for {schedule.cohort} has no statement left to take it or its return", "date")
        return None
    if draft.has_as_of and entry.state not in (None, course.state):
        text = f"'{entry.state}' does not follow from the dates, which make it '{course.state}'"
        entry.note(text, "state")
    relevant = max((it for it in own if it.start_date <= entry.date), key=_began, default=None)
    it = _row(draft, records, registration, entry, schedule, provider_id, relevant, course)
    return [it, *line_items(draft, it.id, course)]


def _histories(
    records: Records, registration: Registration, entry: DeclarationEntry, provider: Provider | None
) -> tuple[str | None, list[InductionRecord]]:
    """Who sent it, and the induction records that were theirs at the time."""
    history = records.induction_records.by("training_record_id", registration.training.id)
    by_then = [it for it in history if it.created_at <= entry.sent_at]
    if not by_then:
        return None, []
    provider_id = provider.id if provider else provider_id_of(records, max(by_then, key=_began))
    return provider_id, [it for it in by_then if provider_id_of(records, it) == provider_id]


def _row(
    draft: Builder,
    records: Records,
    registration: Registration,
    entry: DeclarationEntry,
    schedule: Schedule,
    provider_id: str,
    relevant: InductionRecord | None,
    course: Course,
) -> Declaration:
    training = registration.training
    return Declaration(
        id=draft.id("declaration", registration.name, training.type.value, entry.type.name, entry.sent_at.isoformat()),
        user_id=draft.users[registration.name].id,
        training_record_id=training.id,
        provider_id=provider_id,
        course=training.type.course,
        participant_type=training.type,
        type=entry.type.name,
        date=entry.date,
        cohort=schedule.cohort,
        state=course.state,
        state_reason="duplicate" if course.state is DeclarationState.INELIGIBLE else None,
        evidence_held=entry.evidence,
        delivery_partner_id=_delivery_partner_id(records, relevant),
        mentor_user_id=_mentor_user_id(records, relevant),
        pupil_premium_uplift=training.pupil_premium_uplift,
        sparsity_uplift=training.sparsity_uplift,
        created_at=entry.sent_at,
        updated_at=course.since,
    )


def _began(it: InductionRecord) -> tuple[datetime, datetime]:
    return it.start_date, it.created_at


def _check(draft: Builder, registration: Registration, entry: DeclarationEntry, schedule: Schedule) -> None:
    """What a provider could not have sent is no sound beginning."""
    type, sent, sent_on = entry.type.name, entry.sent_at, "sent" if "sent" in entry else "date"
    milestone = entry.type.among({it.declaration_type: it for it in schedule.milestones})
    if milestone and not (milestone.opens <= entry.date and (not milestone.closes or entry.date < milestone.closes)):
        window = f"{milestone.start} to {milestone.end or 'any day'}"
        entry.note(f"is outside the milestone in {schedule.identifier} of {schedule.cohort}: {window}", "date")
    if sent < entry.date:
        entry.note("is sent before its date", sent_on)
    if sent > draft.as_of:
        entry.note("is after the moment that the scenario describes (as_of)", sent_on)
    if entry.voided is not None and not sent <= entry.voided <= draft.as_of:
        entry.note("is not between sending it and as_of", "voided")
    if type != "started" and entry.evidence is None:
        entry.note("is missing", "evidence")
    mentor_funding = draft.cohorts[schedule.cohort].mentor_funding and not registration.training.ect
    if mentor_funding and type not in ("started", "completed"):
        entry.note(f"mentors of {schedule.cohort} have started and completed only", "type")


def _delivery_partner_id(records: Records, it: InductionRecord | None) -> str | None:
    partnership = partnership_of(records, it) if it else None
    return partnership.delivery_partner_id if partnership else None


def _mentor_user_id(records: Records, it: InductionRecord | None) -> str | None:
    mentor = records.training_records.get(it.mentor_record_id) if it else None
    return user_of(records, mentor).id if mentor else None


def _name_originals(draft: Builder, records: Records, copies: Copies) -> Records:
    """Declarations that duplicate somebody else's learn which one they duplicate."""
    for registration, entry in copies:
        twin = draft.users.get(entry.duplicate_of.name)
        if twin is not None:
            records = _name_original(draft, records, registration, entry, twin)
    return records


def _name_original(
    draft: Builder, records: Records, registration: Registration, entry: DeclarationEntry, twin: User
) -> Records:
    type = entry.type.name
    own = records.declarations.by("training_record_id", registration.training.id)
    copy = next((it for it in own if it.type == type and not it.bills), None)
    original = next((it for it in records.declarations.by("user_id", twin.id) if it.type == type and it.live), None)
    if copy is None or original is None or twin.trn != draft.users[registration.name].trn:
        entry.note(f"{twin.full_name} has no live declaration of this type, or another TRN", "duplicate_of")
        return records
    return records.save(replace(copy, superseded_by_id=original.id))


def _note_mentor_completion(records: Records, registrations: Iterable[Registration]) -> Records:
    """A mentor whose completed declaration stands has completed (behaviour/declarations.md#10-4)."""
    for registration in registrations:
        training = records.training_records[registration.training.id]
        if training.ect or training.mentor_completion_date is not None:
            continue
        own = records.declarations.by("training_record_id", training.id)
        completed = max((it.date for it in own if it.live and it.type == "completed"), default=None)
        if completed is not None:
            reason = "completed_declaration_received"
            done = replace(training, mentor_completion_date=completed.date(), mentor_completion_reason=reason)
            records = records.save(done)
    return records
