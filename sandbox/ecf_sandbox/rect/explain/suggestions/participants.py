"""What could make a deferral, a resumption or a withdrawal pass: a reason, the course, the next day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.explain.suggestions.people import resumption, the_right_course
from ecf_sandbox.rect.rules import participants as rules
from ecf_sandbox.rect.rules.consistency import OVERLAPS
from ecf_sandbox.rect.rules.participants import Leaving, Whom
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.moments import sent_at, without_header
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

# At any time of a day that is one in the United Kingdom too.
NOON = time(12, tzinfo=UTC)
_REASON = (rules.reason_missing, rules.reason_unknown, rules.reason_for_mentors)
_TODAY = (rules.begun_today, rules.stopped_today)
_NOT_BEGUN = (rules.not_begun_to_defer, rules.not_begun_to_withdraw)


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the action."""
    yield from the_right_course(case)
    attempt = case.attempt
    if isinstance(attempt, Leaving) and case.broke(*_REASON):
        yield from _reasons(attempt)
    if isinstance(attempt, Whom):
        yield from _moments(case, attempt)


def noon(day: date) -> datetime:
    """The middle of a day."""
    return datetime.combine(day, NOON)


def _reasons(attempt: Leaving) -> Iterator[ProposedChange]:
    known = nearest_first(attempt.reason, attempt.reasons)
    for n, it in enumerate(known):
        words = f"Give a reason that is known: {it}. Known are {', '.join(known)}."
        yield ProposedChange(aspect="reason", words=words, cost=2 + n, attributes={"reason": it})


def _moments(case: Case, attempt: Whom) -> Iterator[ProposedChange]:
    training, tomorrow = attempt.training, noon(attempt.today + DAY)
    if training is None:
        return
    if OVERLAPS in case.broken and training.finished_on is not None:
        words = "Send it on the day after the training has ended"
        yield sent_at(noon(training.finished_on + DAY), words, cost=3)
    if case.broke(*_TODAY):
        yield sent_at(tomorrow, "Send it tomorrow", cost=2)
    if case.broke(*_NOT_BEGUN):
        yield sent_at(noon(training.started_on + DAY), "Send it on the day after the training has begun", cost=3)
    if case.broke(*_TODAY, *_NOT_BEGUN):
        yield from without_header(case)
    if isinstance(attempt, Leaving) and case.broke(rules.already_withdrawn, rules.already_deferred):
        words = "Let the participant resume first, and send this on the day after"
        yield sent_at(tomorrow, words, cost=7, first=(resumption(case, training),))
