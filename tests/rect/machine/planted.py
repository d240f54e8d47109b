"""Measures how soon the state machine finds a fault: `python -m tests.rect.machine.planted [--runs 300] [--seeds 3]`.

Each fault is a small mistake in a rule, an action, an event or a query of RECT, put in place while the machine runs.
With `--sound 2000` the service without a fault is played so many runs.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace as with_other_question
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.rect.domain.declarations import State
from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.teachers import TrainingStatus
from ecf_sandbox.rect.rules.catalogue import RULEBOOKS
from ecf_sandbox.state.record import replace
from tests.rect.machine.test_machine import ProviderApi

STEPS = 30
PACKAGE = "ecf_sandbox.rect"
DAY = timedelta(days=1)
Put = Callable[[object, str, Any], None]
Fault = Callable[[Put], None]


# Rules


def without(id: str) -> Fault:
    """A rule is forgotten."""
    return lambda put: _in_rulebooks(put, id, None)


def asking(id: str, broken_by: Callable[[Any], bool]) -> Fault:
    """A rule asks another question."""
    return lambda put: _in_rulebooks(put, id, broken_by)


def _in_rulebooks(put: Put, id: str, broken_by: Callable[[Any], bool] | None) -> None:
    for book in RULEBOOKS:
        if any(it.id == id for it in book.rules):
            others = [it if it.id != id else _changed(it, broken_by) for it in book.rules]
            put(book, "rules", tuple(it for it in others if it is not None))


def _changed(rule: Any, broken_by: Callable[[Any], bool] | None) -> Any:
    return None if broken_by is None else with_other_question(rule, broken_by=broken_by)


def doing(name: str, change: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Fault:
    """A function of the service, as `module:name`, does something else wherever it is used from that module."""

    def plant(put: Put) -> None:
        module, _, attribute = name.partition(":")
        home = importlib.import_module(f"{PACKAGE}.{module}")
        put(home, attribute, change(getattr(home, attribute)))

    return plant


def _deadline_day_is_too_late(found: Callable[..., Any]) -> Callable[..., Any]:
    def changed(records: Any, lead_provider_id: str, year: int, today: date, **how: Any) -> Any:
        return found(records, lead_provider_id, year, today + DAY, **how)

    return changed


def _ends_on_the_very_day(_: Callable[..., Any]) -> Callable[..., Any]:
    from ecf_sandbox.rect.actions import mentor_completion as home

    def complete(turn: Any, provider: Any, declaration: Any) -> None:
        training = turn.records.training_periods[declaration.training_period_id]
        day = home.uk_day(declaration.declaration_date)
        teacher = home.teacher_of(turn.records, training)
        home.save(turn, replace(teacher, mentor_ineligible_since=day, mentor_ineligible_reason=home.DECLARED))
        latest = home.training_with(turn.records, teacher.id, home.TeacherType.MENTOR, provider.id)[-1]
        if latest.finished_on is None:  # an end that was already set stays, though it is later
            home.save(turn, replace(latest, finished_on=max(day, latest.started_on + DAY)))

    return complete


def _sees_up_to_its_end_only_before(_: Callable[..., Any]) -> Callable[..., Any]:
    from ecf_sandbox.rect.queries import declarations as home

    def sees(records: Any, lead_provider_id: str, it: Any) -> bool:
        training = records.training_periods[it.training_period_id]
        if home.provider_of(records, training) == lead_provider_id:
            return True
        own = home.latest_of_callers(records, lead_provider_id, training)
        if not it.live or own is None:
            return False
        # Up to the end of the last day, where the service stops at its beginning.
        return own.finished_on is None or it.declaration_date <= datetime.combine(own.finished_on, time.max, UTC)

    return sees


def _never_comes_back(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda turn, latest: None


def _forgets_nothing(remember: Callable[..., Any]) -> Callable[..., Any]:
    return lambda turn, teacher_id, attempt: None if attempt.remembered else remember(turn, teacher_id, attempt)


def _open_end(go_on: Callable[..., Any]) -> Callable[..., Any]:
    return lambda turn, before, start, end: go_on(turn, before, start, None)


def _keeps_the_reason(go_on: Callable[..., Any]) -> Callable[..., Any]:
    def changed(turn: Any, before: Any, start: date, end: date | None) -> Any:
        return replace(go_on(turn, before, start, end), deferred_at=before.deferred_at)

    return changed


def _any_cohort(_: Callable[..., Any]) -> Callable[..., Any]:
    def waiting(records: Any, partnership: Any, delivery: Any) -> list[Any]:
        return [
            training
            for period in records.at_school_periods.by("school_id", partnership.school_id)
            for training in records.training_periods.by("at_school_period_id", period.id)
            if training.school_partnership_id is None
            and (interest := records.active_lead_providers.get(training.expression_of_interest_id)) is not None
            and interest.lead_provider_id == delivery.lead_provider_id
        ]

    return waiting


def _leaves_declarations_alone(note: Callable[..., Any]) -> Callable[..., Any]:
    def changed(following: Any, *more: Any) -> None:
        before = set(following.declarations)
        note(following, *more)
        following.declarations &= before

    return changed


def _leaves_people_alone(note: Callable[..., Any]) -> Callable[..., Any]:
    def changed(following: Any, *more: Any) -> None:
        before = set(following.teachers)
        note(following, *more)
        following.teachers &= before

    return changed


def _end_stays(_: Callable[..., Any]) -> Callable[..., Any]:
    from ecf_sandbox.rect.actions import participants as home

    def end(turn: Any, training: Any) -> None:
        # An end that is ahead stays.
        today = home.uk_day(turn.now)
        home.save(turn, replace(training, finished_on=training.finished_on or today))

    return end


def _still_there_on_the_last_day(_: Callable[..., Any]) -> Callable[..., Any]:
    from ecf_sandbox.rect.queries import participants as home

    def status(records: Any, training: Any, today: date) -> Any:
        end = training.finished_on
        if training.training_status is TrainingStatus.ACTIVE and end == today:
            return home.ParticipantStatus.LEAVING
        return REAL_STATUS(records, training, today)

    return status


REAL_STATUS = importlib.import_module(f"{PACKAGE}.queries.participants").participant_status

FAULTS: dict[str, Fault] = {
    # Rules that are forgotten
    "who began today may be deferred": without("participant.begun-today"),
    "a break may end on the day on which it began": without("participant.stopped-today"),
    "a withdrawn participant is deferred": without("participant.already-withdrawn"),
    "a declaration may be dated before a withdrawal only": without("declaration.withdrawn"),
    "no statement is needed": without("declaration.cohort-closed"),
    "whoever trains in a frozen cohort today is declared for": without("declaration.cohort-frozen"),
    "declarations that would be orphaned are": without("schedule.orphans-declarations"),
    # Comparisons that are shifted
    "this very moment is the future": asking(
        "declaration.date-in-future", lambda it: it.dated is not None and it.dated.judged >= it.now
    ),
    "a milestone begins at midnight in UTC": asking(
        "declaration.before-milestone",
        lambda it: (
            it.milestone is not None
            and it.dated is not None
            and it.dated.judged < datetime.combine(it.milestone.start_date, time.min, UTC)
        ),
    ),
    "the last day of a milestone is too late": asking(
        "declaration.after-milestone",
        lambda it: (
            it.milestone is not None
            and it.milestone.milestone_date is not None
            and it.dated is not None
            and it.dated.judged >= uk_midnight(it.milestone.milestone_date)
        ),
    ),
    "the moment of the withdrawal still counts": asking(
        "declaration.withdrawn",
        lambda it: (
            it.training is not None
            and it.dated is not None
            and it.training.training_status is TrainingStatus.WITHDRAWN
            and it.training.withdrawn_at < it.dated.judged
        ),
    ),
    "two declarations may not be of one moment": asking(
        "declaration.out-of-sequence",
        lambda it: (
            it.dated is not None
            and (it.year or 0) >= 2025
            and (any(it.dated.judged <= at for at in it.earlier) or any(it.dated.judged >= at for at in it.later))
        ),
    ),
    "what was paid leaves its slot": asking(
        "declaration.already-made", lambda it: it.taken_by is not None and it.taken_by.state is not State.PAID
    ),
    "on the last day at a school one comes back": asking(
        "participant.no-longer-at-school",
        lambda it: (
            it.at_school is not None and it.at_school.finished_on is not None and it.at_school.finished_on < it.today
        ),
    ),
    "training that begins today elsewhere is no obstacle": asking(
        "participant.trains-elsewhere",
        lambda it: any(contains(each, it.today) and each.started_on < it.today for each in it.siblings),
    ),
    "a cohort may be partnered for from its second day": asking(
        "partnership.cohort-in-future",
        lambda it: it.contract_period is not None and it.contract_period.started_on >= it.today,
    ),
    "a frozen cohort is closed to those who came from it": asking(
        "schedule.cohort-frozen", lambda it: it.training is not None and it.frozen
    ),
    "on the day of its deadline a statement takes nothing": doing(
        "actions.declarations:next_statement", _deadline_day_is_too_late
    ),
    "on the last day of training one has not left": lambda put: put(
        importlib.import_module(f"{PACKAGE}.serializers.v3"),
        "participant_status",
        _still_there_on_the_last_day(REAL_STATUS),
    ),
    # Side effects that are missing, or too many
    "a completion leaves an end that is set": doing("actions.declarations:complete_mentor", _ends_on_the_very_day),
    "training does not go on after a void": doing("actions.mentor_completion:_go_on", _never_comes_back),
    "the frozen cohort of origin is never forgotten": doing("actions.change_schedule:_remember", _forgets_nothing),
    "resumed training has an open end": doing("actions.participants:continue_training", _open_end),
    "resumed training is still deferred": doing("actions.participants:continue_training", _keeps_the_reason),
    "training that goes on by another schedule is still deferred": doing(
        "actions.change_schedule:continue_training", _keeps_the_reason
    ),
    "interest in any cohort becomes a partnership": doing("actions.partnerships:_waiting", _any_cohort),
    "declarations do not change with the delivery partner": doing(
        "actions.saving:_note_partnership", _leaves_declarations_alone
    ),
    "participants do not change with the delivery partner": doing(
        "actions.saving:_note_partnership", _leaves_people_alone
    ),
    "a deferral keeps an end that is ahead": doing("actions.participants:_end", _end_stays),
    "declarations of others are seen a day longer": doing("queries.declarations:sees", _sees_up_to_its_end_only_before),
}


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """A fault is in place while the block lasts."""
    undone: list[tuple[object, str, Any]] = []

    def put(where: object, name: str, value: Any) -> None:
        undone.append((where, name, getattr(where, name)))
        object.__setattr__(where, name, value)

    fault(put)
    try:
        yield
    finally:
        for where, name, value in reversed(undone):
            object.__setattr__(where, name, value)


def runs_until_found(fault: Fault | None, *, numbered: int, runs: int) -> int | None:
    """After how many runs the machine finds a fault, None if it does not."""

    class Counting(ProviderApi):
        played = 0
        found: int | None = None

        def teardown(self) -> None:
            super().teardown()
            Counting.played += 1
            # What is played after the first difference only repeats it.
            if Counting.found is None and isinstance(sys.exc_info()[1], AssertionError):
                Counting.found = Counting.played

    quick = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
    with planted(fault or (lambda _: None)):
        try:
            run_state_machine_as_test(seed(numbered)(Counting), settings=quick)
        except AssertionError:
            return Counting.found
    return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sound", type=int, default=0)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    if asked.sound:
        began = perf_counter()
        found = runs_until_found(None, numbered=1, runs=asked.sound)
        print(f"without a fault, {asked.sound} runs in {perf_counter() - began:.0f} s: {found or 'no difference'}")
    for name, fault in FAULTS.items():
        if asked.only in name and asked.seeds:
            found_at = [runs_until_found(fault, numbered=it, runs=asked.runs) for it in range(asked.seeds)]
            there = [it for it in found_at if it is not None]
            middle = f"{median(there):g} (at most {max(there)})" if there else ""
            print(f"| {name} | {len(there)} of {asked.seeds} | {middle} |", flush=True)


if __name__ == "__main__":
    main()
