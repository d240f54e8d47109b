"""A body without any attribute that its operation knows is no request yet: the attribute to begin with."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.explain.suggestions.people import partners_of, teacher_meant
from ecf_sandbox.rect.queries.history import training_with
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_OF_PARTICIPANTS = frozenset(
    {"deferParticipant", "resumeParticipant", "withdrawParticipant", "changeParticipantSchedule"}
)


def changes(case: Case) -> Iterator[ProposedChange]:
    """The first attribute of an operation, where none was sent (behaviour/rect.md#5)."""
    known = {name for variant in case.expected.variants for name in variant}
    if case.status != 400 or not known or known & case.scalars.keys():
        return
    if case.operation in _OF_PARTICIPANTS:
        yield from _courses(case)
    elif case.operation in ("updatePartnership", "patchPartnership"):
        for it in partners_of(case.records, case.provider_id, None)[:3]:
            words = f"Name the delivery partner that is to be put in, such as {it.name}."
            yield _sent(words, "partner", delivery_partner_id=it.id)
    elif case.operation == "confirmPartnership":
        for it in case.records.contract_periods:
            if contains(it, case.now.date()):
                yield _sent(f"Name the cohort, such as {it.year}.", "cohort", cohort=str(it.year))


def _courses(case: Case) -> Iterator[ProposedChange]:
    teacher = teacher_meant(case)
    for kind in TeacherType:
        if teacher and training_with(case.records, teacher.id, kind, case.provider_id):
            words = f"Name the course on which you train the participant: {kind.course}."
            yield _sent(words, "course", course_identifier=kind.course)


def _sent(words: str, aspect: str, **attributes: str) -> ProposedChange:
    return ProposedChange(aspect=aspect, words=words, cost=2, attributes=attributes)
