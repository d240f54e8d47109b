"""What could make a deferral, a resumption or a withdrawal pass: a reason, the course, something declared first."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.explain.suggestions.declarations import a_day_within
from ecf_sandbox.ecf.explain.suggestions.people import resumed_first, the_right_course, the_right_person
from ecf_sandbox.ecf.queries.training import schedule_of
from ecf_sandbox.ecf.rules import participants as rules
from ecf_sandbox.ecf.rules.participants import StatusAttempt
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.suggestion import LEFT_OUT, Case, ProposedChange

_REASONS = (
    rules.deferral_reason_missing,
    rules.deferral_reason_invalid,
    rules.withdrawal_reason_missing,
    rules.withdrawal_reason_invalid,
)
_NOT_TAKEN = {
    "reason": rules.reason_not_taken,
    "schedule_identifier": rules.schedule_not_taken,
    "cohort": rules.cohort_not_taken,
}


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the action."""
    yield from the_right_person(case)
    yield from the_right_course(case)
    yield from not_taken(case)
    if case.broke(*_REASONS):
        yield from _reasons(case)
    if case.broke(rules.already_deferred, rules.deferral_of_withdrawn, rules.resumption_of_withdrawn):
        yield from resumed_first(case)
    if case.broke(rules.not_started):
        yield from _started_first(case)


def not_taken(case: Case) -> Iterator[ProposedChange]:
    """Attributes that the action takes no notice of are left out."""
    names = [name for name, rule in _NOT_TAKEN.items() if case.broke(rule)]
    for name in names:
        yield ProposedChange(aspect=name, words=f"Leave {name} out.", cost=1, attributes={name: LEFT_OUT})


def _reasons(case: Case) -> Iterator[ProposedChange]:
    if isinstance(case.attempt, StatusAttempt):
        known = nearest_first(case.attempt.reason, case.attempt.reasons)
        for n, it in enumerate(known):
            words = f"Give a reason that is known: {it}. Known are {', '.join(known)}."
            yield ProposedChange(aspect="reason", words=words, cost=2 + n, attributes={"reason": it})


def _started_first(case: Case) -> Iterator[ProposedChange]:
    attempt = case.attempt
    if attempt is None or attempt.user is None or attempt.training is None:
        return
    milestone = schedule_of(case.records, attempt.training).milestone("started")
    if milestone is None:
        return
    date = instant(a_day_within(milestone, case.now))
    declaration = case.also(
        "POST",
        f"/api/v{case.version}/participant-declarations",
        "participant-declaration",
        participant_id=attempt.user.id,
        declaration_type="started",
        declaration_date=date,
        course_identifier=attempt.training.type.course.value,
    )
    words = f"Declare the participant's start first, dated {date} or whenever it was."
    yield ProposedChange(aspect="before", words=words, cost=6, first=(declaration,))
