"""What an id stands for, and what was meant by a TRN, a URN, a name or an address in place of one."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.explain.wording import days, kind_in_words, month_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import delivery_partnership_of, teacher_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.tools.explain.resolved_ids import ResolvedId, id_given
from ecf_sandbox.tools.explain.suggestions.suggestion import Case

# What the paths of the API are about, and what is then meant by an id.
KINDS = {
    "participants": "participant",
    "transfers": "participant",
    "unfunded mentors": "participant",
    "declarations": "declaration",
    "partnerships": "partnership",
    "schools": "school",
    "delivery partners": "delivery partner",
    "statements": "statement",
}


def person_given(case: Case) -> str | None:
    """The participant id as it was typed, in the path or in the attributes."""
    return id_given(case, "participants", "participant_id")


def resolve_id(records: Records, text: str | None) -> ResolvedId | None:
    """What a text stands for; None if for nothing here."""
    if not text or not text.strip():
        return None
    id = uuid_of(text.strip())
    return next(_by_id(records, id) if id else _by_name(records, text.strip()), None)


def _by_id(records: Records, id: str) -> Iterator[ResolvedId]:
    if (teacher := records.teachers.get(id)) is not None:
        yield _person(teacher, f"the participant id of {full_name(teacher)}", "participant")
    for change in records.id_changes.by("from_participant_id", id):
        teacher = records.teachers[change.teacher_id]
        words = f"a participant id of {full_name(teacher)} that was given up for {change.to_participant_id}"
        yield _person(teacher, words, "retired id")
    for teacher in records.teachers:
        for kind in TeacherType:
            if teacher.training_record_id(kind) == id:
                words = f"the training record id of {full_name(teacher)} ({kind_in_words(kind)})"
                yield _person(teacher, words, "training record")
    if (period := records.at_school_periods.get(id)) is not None:
        teacher, school = records.teachers[period.teacher_id], records.schools[period.school_id].name
        yield _person(teacher, f"the time of {full_name(teacher)} at {school} {days(period)}", "at-school period")
    if (training := records.training_periods.get(id)) is not None:
        teacher = teacher_of(records, training)
        yield _person(teacher, f"a training period of {full_name(teacher)} {days(training)}", "training period")
    yield from _things(records, id)


def _things(records: Records, id: str) -> Iterator[ResolvedId]:
    if (declaration := records.declarations.get(id)) is not None:
        teacher = teacher_of(records, records.training_periods[declaration.training_period_id])
        dated = f"dated {instant(declaration.declaration_date)}"
        words = f"the declaration {declaration.declaration_type} of {full_name(teacher)} {dated}"
        yield ResolvedId(kind="declaration", words=words, id=id, person_id=teacher.id)
    if (school := records.schools.get(id)) is not None:
        yield ResolvedId(kind="school", words=f"the school {school.name}, URN {school.urn}", id=id)
    if (partner := records.delivery_partners.get(id)) is not None:
        yield ResolvedId(kind="delivery partner", words=f"the delivery partner {partner.name}", id=id)
    if (partnership := records.school_partnerships.get(id)) is not None:
        delivery = delivery_partnership_of(records, partnership)
        provider, name = (
            records.lead_providers[delivery.lead_provider_id].name,
            records.schools[partnership.school_id].name,
        )
        words = f"the partnership of {provider} with {name} for {delivery.contract_period_year}"
        yield ResolvedId(kind="partnership", words=words, id=id)
    if (statement := records.statements.get(id)) is not None:
        provider = records.lead_providers[statement.lead_provider_id].name
        yield ResolvedId(kind="statement", words=f"the statement {month_of(statement)} of {provider}", id=id)
    if (lead := records.lead_providers.get(id)) is not None:
        yield ResolvedId(kind="provider", words=f"the provider {lead.name}", id=id)
    if (schedule := records.schedules.get(id)) is not None:
        words = f"the schedule {schedule.identifier} of {schedule.contract_period_year}"
        yield ResolvedId(kind="schedule", words=words, id=id)


def _by_name(records: Records, text: str) -> Iterator[ResolvedId]:
    lower = text.lower()
    for teacher in records.teachers.by("trn", text):
        yield _person(teacher, f"no id, but the TRN of {full_name(teacher)}", "participant")
    for period in records.at_school_periods:
        if period.email is not None and period.email.lower() == lower:
            teacher = records.teachers[period.teacher_id]
            yield _person(teacher, f"no id, but an e-mail address of {full_name(teacher)}", "participant")
    for school in records.schools:
        if text == str(school.urn) or lower == school.name.lower():
            words = f"no id, but the URN or name of the school {school.name}"
            yield ResolvedId(kind="school", words=words, id=school.id)
    for partner in records.delivery_partners:
        if lower == partner.name.lower():
            words = f"no id, but the name of the delivery partner {partner.name}"
            yield ResolvedId(kind="delivery partner", words=words, id=partner.id)
    for teacher in records.teachers:
        if lower == full_name(teacher).lower():
            yield _person(teacher, f"no id, but the name of {full_name(teacher)}", "participant")


def _person(teacher: Teacher, words: str, kind: str) -> ResolvedId:
    return ResolvedId(kind=kind, words=words, id=teacher.id, person_id=teacher.id)
