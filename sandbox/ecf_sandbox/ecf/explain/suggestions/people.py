"""Whom and which course a request is about: the changes that all requests about a participant have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecf_sandbox.ecf.domain.participants import Course, RecordStatus
from ecf_sandbox.ecf.explain.not_found import person_given, resolve_id
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.rules import declarations as declaring
from ecf_sandbox.ecf.rules import participants as updating
from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.resolved_ids import is_about
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

PARTICIPANTS = "/api/v{version}/participants/ecf"
_ABOUT_THE_COURSE = (
    declaring.course_unknown,
    declaring.npq_course,
    declaring.training_record_unknown,
    updating.course_not_theirs,
    updating.course_missing,
    updating.training_record_unknown,
)


def the_right_person(case: Case) -> Iterator[ProposedChange]:
    """The participant id that goes with what was given: a training record id, a retired id, a TRN, a name."""
    given = person_given(case)
    found = resolve_id(case.records, given)
    if given is None or found is None or found.person_id is None or found.person_id == given:
        return
    id, words = found.person_id, f"{given} is {found.words}: send the participant id {found.person_id}."
    if is_about(case, "participants"):
        path = case.request.path.replace(case.request.path.split("/")[-2], id, 1)
        yield ProposedChange(aspect="person", words=words, cost=1, instead=replace(case.request, path=path))
    else:
        yield ProposedChange(aspect="person", words=words, cost=1, attributes={"participant_id": id})


def the_right_course(case: Case) -> Iterator[ProposedChange]:
    """The course that the participant trains on, or else either course."""
    if not case.broke(*_ABOUT_THE_COURSE):
        return
    given = case.attributes.get("course_identifier")
    for n, it in enumerate(their_courses(case.records, participant_id(case)) or tuple(Course)):
        if it.value != given:
            words = f"Name the course that the participant trains on: {it.value}."
            yield ProposedChange(aspect="course", words=words, cost=2 + n, attributes={"course_identifier": it.value})


def participant_id(case: Case) -> str | None:
    """Whom the request means, by their present participant id."""
    found = resolve_id(case.records, person_given(case))
    return found.person_id if found else None


def their_courses(records: Records, user_id: str | None) -> tuple[Course, ...]:
    """The courses for which somebody has a record that the school stands by."""
    if user_id is None:
        return ()
    own = training_records_of(records, user_id)
    return tuple(it.type.course for it in own if it.status is RecordStatus.ACTIVE)


def resumed_first(case: Case, cost: int = 6) -> Iterator[ProposedChange]:
    """The participant resumes before the request is sent."""
    id, attempt = participant_id(case), case.attempt
    if id is None or attempt is None or attempt.training is None:
        return
    resume = action(case, id, "resume", course_identifier=attempt.training.type.course.value)
    yield ProposedChange(aspect="before", words="Let the participant resume first.", cost=cost, first=(resume,))


def action(case: Case, user_id: str, name: str, **attributes: Any) -> Request:
    """Another action on a participant."""
    path = f"{PARTICIPANTS.format(version=case.version)}/{user_id}/{name}"
    return case.also("PUT", path, f"participant-{name}", **attributes)
