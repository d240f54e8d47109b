"""What could make a declaration pass: another date, type or evidence, something to void first, another moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import Milestone, StatementStatus
from ecf_sandbox.rect.domain.declarations import Declaration, State
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.explain.reasons import blocking
from ecf_sandbox.rect.explain.suggestions.participants import noon
from ecf_sandbox.rect.explain.suggestions.people import (
    action,
    partnered_first,
    resumed_first,
    the_right_course,
    the_right_person,
)
from ecf_sandbox.rect.explain.wording import window
from ecf_sandbox.rect.queries.training import provider_of
from ecf_sandbox.rect.rules import declarations as rules
from ecf_sandbox.rect.rules.declarations import DeclarationAttempt
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.moments import sent_at, without_header
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

DECLARATIONS = "/api/v3/participant-declarations"
SECOND = timedelta(seconds=1)
_ABOUT_THE_DATE = (
    rules.date_missing,
    rules.date_not_comparable,
    rules.date_malformed,
    rules.date_in_future,
    rules.before_milestone,
    rules.after_milestone,
    rules.withdrawn,
    rules.out_of_sequence,
)
_ABOUT_THE_TYPE = (
    rules.type_missing,
    rules.type_unknown,
    rules.type_not_in_schedule,
    rules.type_not_for_mentors,
    rules.already_made,
)


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the declaration."""
    yield from the_right_person(case)
    yield from the_right_course(case)
    attempt = case.attempt
    if isinstance(attempt, DeclarationAttempt):
        yield from _dates(case, attempt)
        yield from _types(case, attempt)
        yield from _evidence(case, attempt)
        yield from _moments(case, attempt)
        yield from _first(case, attempt)


def voided_first(case: Case, *declarations: Declaration, cost: int = 6) -> ProposedChange:
    """The provider's own declarations are voided before the request is sent."""
    named = ", ".join(
        f"{it.declaration_type} dated {instant(it.declaration_date)} ({it.id}, {it.state.value})" for it in declarations
    )
    money = " What was paid for is then taken back." if any(it.state is State.PAID for it in declarations) else ""
    many = "declarations" if len(declarations) > 1 else "declaration"
    return ProposedChange(
        aspect="before",
        words=f"Void the {many} {named} first, then send this.{money}",
        cost=cost,
        first=tuple(case.also("PUT", f"{DECLARATIONS}/{it.id}/void") for it in declarations),
    )


def opens(it: Milestone) -> datetime:
    """The first moment of a milestone."""
    return uk_midnight(it.start_date)


def last_second(it: Milestone) -> datetime | None:
    """The last second of a milestone that has an end."""
    return uk_midnight(it.milestone_date + DAY) - SECOND if it.milestone_date else None


def _dates(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    if not case.broke(*_ABOUT_THE_DATE):
        return
    now, milestone = case.now.replace(microsecond=0), attempt.milestone
    dated = attempt.dated.judged if attempt.dated else None
    if dated is not None and case.broke(rules.date_malformed):
        yield _dated(dated, "Write the date as RFC 3339 asks", 1)
    if case.broke(rules.withdrawn) and attempt.training is not None and attempt.training.withdrawn_at is not None:
        yield _dated(attempt.training.withdrawn_at.replace(microsecond=0) - SECOND, "Date it before the withdrawal", 3)
    if milestone is not None:
        yield from _in_milestone(milestone, dated, case.now)
    if case.broke(rules.out_of_sequence) and dated is not None:
        yield from _in_sequence(attempt, dated)
    yield _dated(now, "Date it now", 3)


def _in_milestone(it: Milestone, dated: datetime | None, now: datetime) -> Iterator[ProposedChange]:
    kind, first, last = f"the milestone {it.declaration_type}", opens(it), last_second(it)
    late = dated is not None and dated >= first
    yield _dated(first, f"Date it at the first moment of {kind}", 4 if late else 2)
    if last is not None:
        yield _dated(last, f"Date it at the last moment of {kind}", 2 if late else 3)
    if first > now:
        yield _dated(first, f"Wait until {kind} has begun, and date it so", 5, at=first)


def _in_sequence(attempt: DeclarationAttempt, dated: datetime) -> Iterator[ProposedChange]:
    after = max(attempt.earlier, default=dated)
    before = min(attempt.later, default=dated)
    if dated < after:
        yield _dated(after, "Date it no earlier than what comes before it in training", 2)
    if dated > before:
        yield _dated(before, "Date it no later than what comes after it in training", 2)


def _dated(date: datetime, words: str, cost: int, at: datetime | None = None) -> ProposedChange:
    text = instant(date)
    changed = {"declaration_date": text}
    return ProposedChange(aspect="date", words=f"{words}: {text}.", cost=cost, attributes=changed, at=at)


def _types(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    around = (rules.before_milestone, rules.after_milestone)
    if attempt.schedule is None or not case.broke(*_ABOUT_THE_TYPE, *around):
        return
    known = {it.declaration_type: it for it in attempt.schedule.milestones}
    surely = case.broke(rules.type_missing, rules.type_unknown)
    for n, name in enumerate(nearest_first(attempt.type, known) if surely else known):
        if name == attempt.type:
            continue
        milestone = known[name]
        words = f"Declare {name} instead, whose milestone is {window(milestone)}."
        cost = 2 if surely and n == 0 else 4
        yield ProposedChange(aspect="type", words=words, cost=cost, attributes={"declaration_type": name})
        if not _within(milestone, attempt):
            date = instant(_day_within(milestone, case.now))
            changed = {"declaration_type": name, "declaration_date": date}
            words = f"{words[:-1]}, and date it {date}."
            yield ProposedChange(aspect="type", words=words, cost=cost + 2, attributes=changed)


def _within(it: Milestone, attempt: DeclarationAttempt) -> bool:
    dated, last = attempt.dated.judged if attempt.dated else None, last_second(it)
    return dated is not None and opens(it) <= dated and (last is None or dated <= last)


def _day_within(it: Milestone, now: datetime) -> datetime:
    last = min(filter(None, (last_second(it), now.replace(microsecond=0))))
    return max(opens(it), last)


def _evidence(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    choices = attempt.evidence_choices
    if choices is None or not case.broke(rules.evidence_missing, rules.evidence_unknown):
        return
    taken = nearest_first(attempt.evidence, choices)
    for n, it in enumerate(taken):
        words = f"Say what evidence is held: {it}. Taken here: {', '.join(taken)}."
        yield ProposedChange(aspect="evidence", words=words, cost=2 + n, attributes={"evidence_held": it})


def _moments(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    yield from without_header(case)
    if attempt.dated is not None and attempt.dated.judged > case.now:
        yield sent_at(attempt.dated.judged + SECOND, "Send it after that date", cost=3)
    if case.broke(rules.cohort_closed) and attempt.year is not None:
        key = (case.provider_id, attempt.year)
        rows = case.records.statements.by("lead_provider_id,contract_period_year", key)
        days = [it.deadline_date for it in rows if it.status is StatementStatus.OPEN and it.output_fee]
        if days:
            yield sent_at(noon(max(days)), "Send it while a statement of the cohort is open", cost=5)


def _first(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    """What can be sent before the declaration: a void, a resumption, a change of schedule, a partnership."""
    taken = attempt.taken_by
    if taken is not None and _own(case, taken):
        yield voided_first(case, taken)
    if case.broke(rules.out_of_sequence):
        found = blocking(case, attempt)
        if found and all(_own(case, it) for it in found):
            yield voided_first(case, *found, cost=6 + len(found))
    if case.broke(rules.withdrawn):
        yield from resumed_first(case, attempt.training)
    if case.broke(rules.never_trained):
        yield from partnered_first(case, attempt.teacher)
    if case.broke(rules.cohort_closed, rules.cohort_frozen):
        yield from _moved_first(case, attempt, same_cohort=False)
    if case.broke(rules.type_not_in_schedule):
        yield from _moved_first(case, attempt, same_cohort=True)


def _own(case: Case, it: Declaration) -> bool:
    return provider_of(case.records, case.records.training_periods[it.training_period_id]) == case.provider_id


def _moved_first(case: Case, attempt: DeclarationAttempt, *, same_cohort: bool) -> Iterator[ProposedChange]:
    teacher, kind, now = attempt.teacher, attempt.kind, attempt.schedule
    if teacher is None or kind is None or now is None:
        return
    for it in sorted(case.records.schedules, key=lambda it: (it.contract_period_year, it.identifier)):
        permitted = not (it.reduced if kind is TeacherType.MENTOR else it.replacement)
        type = attempt.type if isinstance(attempt.type, str) else None
        same = it.contract_period_year == now.contract_period_year
        there = same if same_cohort else it.contract_period_year > now.contract_period_year
        alike = same_cohort or it.identifier == now.identifier
        if permitted and there and alike and it.milestone(type) is not None:
            change = action(
                case,
                teacher.id,
                "change-schedule",
                schedule_identifier=it.identifier,
                course_identifier=kind.course,
                cohort=str(it.contract_period_year),
            )
            words = f"Move the participant to the schedule {it.identifier} of {it.contract_period_year} first."
            yield ProposedChange(aspect="before", words=words, cost=8, first=(change,))
