"""Whom and which course a request is about: the changes that all requests about a participant have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecf_sandbox.rect.domain.providers import DeliveryPartner
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.explain.resolved_ids import person_given, resolve_id
from ecf_sandbox.rect.queries.history import school_of, training_with
from ecf_sandbox.rect.queries.training import teacher_of, training_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.rules import declarations as declaring
from ecf_sandbox.rect.rules import participants as updating
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.resolved_ids import is_about
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

PARTICIPANTS, PARTNERSHIPS = "/api/v3/participants", "/api/v3/partnerships"
_COURSE = (
    declaring.course_missing,
    declaring.course_not_trained,
    updating.course_missing,
    updating.course_not_trained,
)


def the_right_person(case: Case) -> Iterator[ProposedChange]:
    """The participant id that goes with what was given: a training record id, a retired id, a TRN, a name."""
    given = person_given(case)
    found = resolve_id(case.records, given)
    if given is None or found is None or found.person_id in (None, given) or is_about(case, "participants"):
        return
    id, words = found.person_id, f"{given} is {found.words}: send the participant id {found.person_id}."
    yield ProposedChange(aspect="person", words=words, cost=1, attributes={"participant_id": id})


def the_right_course(case: Case) -> Iterator[ProposedChange]:
    """The course on which the provider trains the participant, or else either course."""
    if not case.broke(*_COURSE):
        return
    teacher, given = teacher_meant(case), case.attributes.get("course_identifier")
    kinds = [it for it in TeacherType if teacher and training_with(case.records, teacher.id, it, case.provider_id)]
    for n, kind in enumerate(kinds or TeacherType):
        if kind.course != given:
            words = f"Name the course on which you train the participant: {kind.course}."
            changed = {"course_identifier": kind.course}
            yield ProposedChange(aspect="course", words=words, cost=2 + n, attributes=changed)


def teacher_meant(case: Case) -> Teacher | None:
    """Whom the request means."""
    found = resolve_id(case.records, person_given(case))
    return case.records.teachers.get(found.person_id) if found else None


def resumed_first(case: Case, training: TrainingPeriod | None, cost: int = 6) -> Iterator[ProposedChange]:
    """The participant resumes before the request is sent."""
    if training is not None:
        resume = resumption(case, training)
        yield ProposedChange(aspect="before", words="Let the participant resume first.", cost=cost, first=(resume,))


def resumption(case: Case, training: TrainingPeriod) -> Request:
    """That whoever trains so resumes."""
    return action(case, teacher_of(case.records, training).id, "resume", course_identifier=training.kind.course)


def action(case: Case, teacher_id: str, name: str, **attributes: Any) -> Request:
    """Another action on a participant."""
    return case.also("PUT", f"{PARTICIPANTS}/{teacher_id}/{name}", f"participant-{name}", **attributes)


def partnered_first(case: Case, teacher: Teacher | None) -> Iterator[ProposedChange]:
    """The provider makes the partnership for which somebody waits, before the request is sent."""
    for it in waiting_for(case.records, case.provider_id, teacher):
        interest = case.records.active_lead_providers[it.expression_of_interest_id or ""]
        yield from confirmed_first(case, it, interest.contract_period_year, "the participant waits for it")


def waiting_for(records: Records, provider_id: str, teacher: Teacher | None) -> list[TrainingPeriod]:
    """Training of somebody for which the school wants a provider that has no partnership with it yet."""
    if teacher is None:
        return []
    interests = records.active_lead_providers
    return [
        it
        for kind in TeacherType
        for it in training_of(records, teacher.id, kind)
        if it.school_partnership_id is None
        and (wanted := interests.get(it.expression_of_interest_id)) is not None
        and wanted.lead_provider_id == provider_id
    ]


def confirmed_first(case: Case, training: TrainingPeriod, year: int, why: str) -> Iterator[ProposedChange]:
    """The provider makes a partnership with the school of some training before the request is sent."""
    school = school_of(case.records, training)
    for it in partners_of(case.records, case.provider_id, year)[:3]:
        told = {"cohort": str(year), "school_id": school.id, "delivery_partner_id": it.id}
        words = f"Make a partnership with {school.name} for {year} first, with {it.name}: {why}."
        made = case.also("POST", PARTNERSHIPS, "partnership", **told)
        yield ProposedChange(aspect="before", words=words, cost=7, first=(made,))


def partners_of(records: Records, provider_id: str, year: int | None) -> list[DeliveryPartner]:
    """The delivery partners that work with a provider in a cohort, or in any where none is named."""
    rows = records.delivery_partnerships.by("lead_provider_id", provider_id)
    ids = {it.delivery_partner_id for it in rows if year in (None, it.contract_period_year)}
    return sorted((records.delivery_partners[it] for it in ids), key=lambda it: it.name)
