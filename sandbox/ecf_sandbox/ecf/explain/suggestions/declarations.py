"""What could make a declaration pass: another date, type or evidence, something to void first, another moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Phase
from ecf_sandbox.ecf.explain.suggestions.people import action, resumed_first, the_right_course, the_right_person
from ecf_sandbox.ecf.rules import declarations as rules
from ecf_sandbox.ecf.rules.declarations import DeclarationAttempt
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.moments import sent_at, without_header
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

SECOND = timedelta(seconds=1)
_ABOUT_THE_DATE = (
    rules.date_missing,
    rules.date_malformed,
    rules.date_in_future,
    rules.before_milestone,
    rules.after_milestone,
    rules.withdrawn,
)


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the declaration."""
    yield from the_right_person(case)
    yield from the_right_course(case)
    if isinstance(case.attempt, DeclarationAttempt):
        yield from _dates(case, case.attempt)
        yield from _types(case, case.attempt)
        yield from _evidence(case, case.attempt)
        yield from _moments(case, case.attempt)
        yield from _first(case, case.attempt)


def voided_first(case: Case, *declarations: Declaration, cost: int = 6) -> ProposedChange:
    """The provider's own declarations are voided before the request is sent."""
    named = ", ".join(f"{it.type} dated {instant(it.date)} ({it.id}, {it.state.value})" for it in declarations)
    paid = any(it.state is DeclarationState.PAID for it in declarations)
    money = " What was paid for is then clawed back." if paid else ""
    many = "declarations" if len(declarations) > 1 else "declaration"
    path = f"/api/v{case.version}/participant-declarations"
    return ProposedChange(
        aspect="before",
        words=f"Void the {many} {named} first, then send this.{money}",
        cost=cost,
        first=tuple(case.also("PUT", f"{path}/{it.id}/void") for it in declarations),
    )


def last_moment(milestone: Milestone) -> datetime | None:
    """The last second of a milestone that has an end, UTC."""
    return milestone.closes - SECOND if milestone.closes else None


def a_day_within(milestone: Milestone, now: datetime, wanted: datetime | None = None) -> datetime:
    """The moment nearest to what is wanted that lies within a milestone, and not ahead unless all of it does."""
    last = min(filter(None, (last_moment(milestone), now.replace(microsecond=0))))
    return max(milestone.opens, min(wanted or last, last))


def _dates(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    if not case.broke(*_ABOUT_THE_DATE):
        return
    now, dated, milestone = case.now.replace(microsecond=0), attempt.dated, attempt.milestone
    if dated is not None and case.broke(rules.date_malformed):
        yield _dated(dated, "Write the date as RFC 3339 asks", 1)
    if attempt.withdrawal is not None:
        yield _dated(attempt.withdrawal.created_at.replace(microsecond=0) - SECOND, "Date it before the withdrawal", 3)
    if milestone is not None:
        kind = f"the milestone {milestone.declaration_type}"
        late = dated is not None and dated >= milestone.opens
        yield _dated(milestone.opens, f"Date it at the first moment of {kind}", 3 if late else 2)
        if (last := last_moment(milestone)) is not None:
            yield _dated(last, f"Date it at the last moment of {kind}", 2 if late else 3)
        if milestone.opens > case.now:
            words = f"Wait until {kind} has begun, and date it so"
            yield _dated(milestone.opens, words, 5, at=milestone.opens)
    yield _dated(now, "Date it now", 3)


def _dated(date: datetime, words: str, cost: int, at: datetime | None = None) -> ProposedChange:
    text = instant(date)
    return ProposedChange(
        aspect="date", words=f"{words}: {text}.", cost=cost, attributes={"declaration_date": text}, at=at
    )


def _moments(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    yield from without_header(case)
    if attempt.dated is not None and attempt.dated > case.now:
        yield sent_at(attempt.dated, "Send it on or after that date", cost=3)
    if case.broke(rules.cohort_closed, rules.duplicate_in_closed_cohort) and attempt.cohort is not None:
        rows = case.records.statements.by("provider_id,cohort", (case.provider_id, attempt.cohort.start_year))
        days = [it.deadline_date for it in rows if it.phase is Phase.OPEN and it.output_fee]
        if days:
            at = datetime.combine(max(days), case.now.timetz())
            yield sent_at(at, "Send it while a statement of the cohort is open", cost=5)


def _types(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    wrong = (rules.type_missing, rules.type_not_in_schedule, rules.type_not_for_mentors, rules.already_made)
    if attempt.schedule is None or not case.broke(*wrong, rules.before_milestone, rules.after_milestone):
        return
    known = {it.declaration_type: it for it in attempt.schedule.milestones}
    near = nearest_first(attempt.type, known)[0] if case.broke(rules.type_not_in_schedule) and known else None
    for it in known.values():
        if it.declaration_type == attempt.type:
            continue
        cost = 2 if it.declaration_type == near or attempt.type is None else 4
        words = f"Declare {it.declaration_type} instead, whose milestone is {_window(it)}."
        yield ProposedChange(
            aspect="type", words=words, cost=cost, attributes={"declaration_type": it.declaration_type}
        )
        if case.broke(rules.already_made, rules.type_not_in_schedule, rules.type_not_for_mentors) and not _within(
            it, attempt
        ):
            date = instant(a_day_within(it, case.now, attempt.dated))
            yield ProposedChange(
                aspect="type",
                words=f"{words[:-1]}, and date it {date}.",
                cost=cost + 2,
                attributes={"declaration_type": it.declaration_type, "declaration_date": date},
            )


def _window(it: Milestone) -> str:
    return f"{it.start} to {it.end}" if it.end else f"from {it.start}"


def _within(it: Milestone, attempt: DeclarationAttempt) -> bool:
    dated, closes = attempt.dated, it.closes
    return dated is not None and it.opens <= dated and (closes is None or dated < closes)


def _evidence(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    choices = attempt.evidence_choices
    if choices is None or not case.broke(rules.evidence_missing, rules.evidence_unknown):
        return
    taken = nearest_first(attempt.evidence, choices)
    for n, it in enumerate(taken):
        words = f"Say what evidence is held: {it}. Taken here: {', '.join(taken)}."
        yield ProposedChange(aspect="evidence", words=words, cost=2 + n, attributes={"evidence_held": it})


def _first(case: Case, attempt: DeclarationAttempt) -> Iterator[ProposedChange]:
    """What can be sent before the declaration: a void, a resumption, a change of schedule."""
    if attempt.taken_by is not None and attempt.taken_by.provider_id == case.provider_id:
        yield voided_first(case, attempt.taken_by)
    if case.broke(rules.withdrawn):
        yield from resumed_first(case)
    if case.broke(rules.cohort_closed):
        yield from _moved_first(case, attempt, same_cohort=False)
    if case.broke(rules.type_not_in_schedule):
        yield from _moved_first(case, attempt, same_cohort=True)


def _moved_first(case: Case, attempt: DeclarationAttempt, *, same_cohort: bool) -> Iterator[ProposedChange]:
    user, training, now = attempt.user, attempt.training, attempt.schedule
    if user is None or training is None or now is None:
        return
    for it in case.records.schedules:
        fits = it.milestone(attempt.type) is not None and it.permits(training.type.course)
        there = it.cohort == now.cohort if same_cohort else it.cohort > now.cohort and it.identifier == now.identifier
        if fits and there:
            change = action(
                case,
                user.id,
                "change-schedule",
                schedule_identifier=it.identifier,
                course_identifier=training.type.course.value,
                cohort=str(it.cohort),
            )
            words = f"Move the participant to the schedule {it.identifier} of {it.cohort} first."
            yield ProposedChange(aspect="before", words=words, cost=8, first=(change,))
