"""What could make a change of schedule pass: another schedule or cohort, something to void or to make first."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.explain.suggestions.declarations import voided_first
from ecf_sandbox.rect.explain.suggestions.participants import noon
from ecf_sandbox.rect.explain.suggestions.people import confirmed_first, resumed_first, resumption, the_right_course
from ecf_sandbox.rect.rules import change_schedule as rules
from ecf_sandbox.rect.rules.change_schedule import ScheduleChange
from ecf_sandbox.state.record import replace
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.moments import SERVER_DATE, sent_at
from ecf_sandbox.tools.explain.suggestions.suggestion import LEFT_OUT, Case, ProposedChange

_ABOUT_THE_SCHEDULE = (
    rules.schedule_missing,
    rules.schedule_unknown,
    rules.schedule_not_in_cohort,
    rules.already_on_it,
    rules.replacement_for_ect,
    rules.reduced_for_mentor,
    rules.orphans_declarations,
    rules.completed,
)


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the change of schedule."""
    yield from the_right_course(case)
    if isinstance(case.attempt, ScheduleChange):
        yield from _schedules(case, case.attempt)
        yield from _cohorts(case, case.attempt)
        yield from _first(case, case.attempt)


def _schedules(case: Case, attempt: ScheduleChange) -> Iterator[ProposedChange]:
    if attempt.contract_period is None or not case.broke(*_ABOUT_THE_SCHEDULE):
        return
    year = attempt.contract_period.year
    known = {
        it.identifier
        for it in case.records.schedules
        if it.contract_period_year == year
        and not (it.reduced if attempt.kind is TeacherType.MENTOR else it.replacement)
        and it != attempt.present
    }
    for n, name in enumerate(nearest_first(attempt.identifier, known)):
        words = f"Name another schedule of {year}: {name}."
        changed = {"schedule_identifier": name}
        yield ProposedChange(aspect="schedule", words=words, cost=2 + min(n, 3), attributes=changed)


def _cohorts(case: Case, attempt: ScheduleChange) -> Iterator[ProposedChange]:
    if not case.broke(rules.no_partnership, rules.cohort_frozen, rules.schedule_not_in_cohort):
        return
    own = attempt.present.contract_period_year if attempt.present else None
    meant = attempt.contract_period.year if attempt.contract_period else None
    if case.attributes.get("cohort") is not None:
        words = "Leave the cohort out: only the schedule then changes."
        yield ProposedChange(aspect="cohort", words=words, cost=3, attributes={"cohort": LEFT_OUT})
    for it in sorted(case.records.contract_periods, key=lambda it: -it.year):
        if it.year not in (own, meant):
            words = f"Move the participant to the cohort {it.year} instead."
            yield ProposedChange(aspect="cohort", words=words, cost=5, attributes={"cohort": str(it.year)})


def _first(case: Case, attempt: ScheduleChange) -> Iterator[ProposedChange]:
    training = attempt.training
    if training is None:
        return
    if case.broke(rules.left, rules.withdrawn) and attempt.status is not TrainingStatus.ACTIVE:
        yield from resumed_first(case, training)
        yield _tomorrow(case, attempt, training)
    if case.broke(rules.orphans_declarations):
        own = tuple(case.records.declarations.by("training_period_id", training.id))
        yield voided_first(case, *(it for it in own if it.live), cost=6)
    if case.broke(rules.no_partnership) and attempt.contract_period is not None:
        yield from confirmed_first(case, training, attempt.contract_period.year, "a change of cohort needs one")


def _tomorrow(case: Case, attempt: ScheduleChange, training: TrainingPeriod) -> ProposedChange:
    """Both on the day after, since nobody resumes on the day on which they stopped."""
    at = noon(attempt.today + DAY)
    resume = resumption(case, training)
    resume = replace(resume, headers={**resume.headers, SERVER_DATE: instant(at)})
    return sent_at(at, "Let the participant resume tomorrow, and send this then", cost=8, first=(resume,))
