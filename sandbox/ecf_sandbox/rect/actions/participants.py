"""A lead provider says that somebody defers, is gone, or is back."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.saving import save, written_at
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import latest_with, training_within
from ecf_sandbox.rect.queries.training import at_school_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.rules.consistency import insist_on_room
from ecf_sandbox.rect.rules.participants import (
    DEFER,
    DEFERRAL_REASONS,
    RESUME,
    WITHDRAW,
    WITHDRAWAL_REASONS,
    Leaving,
    Resumption,
)
from ecf_sandbox.rulebook.values import Fields, Scalar
from ecf_sandbox.state.record import replace

KINDS = {it.course: it for it in TeacherType}


def kind_of(course: Scalar) -> TeacherType | None:
    """The kind of training that a course is; None for whatever is no course."""
    return KINDS.get(course) if isinstance(course, str) else None


def defer(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields) -> None:
    """Somebody takes a break from today. Raises Refused."""
    training = _leaving(turn, provider, teacher, fields, defer=True)
    _end(turn, replace(training, deferred_at=turn.now, deferral_reason=str(fields["reason"])))


def withdraw(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields) -> None:
    """Somebody is gone from today. Raises Refused."""
    training = _leaving(turn, provider, teacher, fields, defer=False)
    _end(turn, replace(training, withdrawn_at=turn.now, withdrawal_reason=str(fields["reason"])))


def resume(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields) -> None:
    """Somebody is back: new training from today on, as before. Raises Refused."""
    kind = kind_of(fields.get("course_identifier"))
    stopped = latest_with(turn.records, teacher.id, kind, provider.id) if kind else None
    period = at_school_of(turn.records, stopped) if stopped else None
    siblings = training_within(turn.records, period) if period else ()
    attempt = Resumption(
        today=uk_day(turn.now),
        kind=kind,
        training=stopped,
        at_school=period,
        siblings=tuple(it for it in siblings if it != stopped),
    )
    turn.enforce(RESUME, attempt)
    if stopped is None or period is None:
        raise AssertionError("the rules let nobody come back to training that is not there")
    continued = continue_training(turn, stopped, attempt.today, period.finished_on)
    insist_on_room(continued, siblings)
    save(turn, continued)


def continue_training(turn: Turn, before: TrainingPeriod, start: date, end: date | None) -> TrainingPeriod:
    """New training like some before it, with nothing said of it yet."""
    return replace(
        before,
        id=turn.new_id(),
        started_on=start,
        finished_on=end,
        deferred_at=None,
        deferral_reason=None,
        withdrawn_at=None,
        withdrawal_reason=None,
        created_at=turn.now,
        transfer_updated_at=written_at(turn),
    )


def _leaving(turn: Turn, provider: LeadProvider, teacher: Teacher, fields: Fields, *, defer: bool) -> TrainingPeriod:
    """The training that somebody leaves, if nothing speaks against it."""
    kind = kind_of(fields.get("course_identifier"))
    training = latest_with(turn.records, teacher.id, kind, provider.id) if kind else None
    attempt = Leaving(
        today=uk_day(turn.now),
        kind=kind,
        training=training,
        reason=fields.get("reason"),
        reasons=DEFERRAL_REASONS if defer else WITHDRAWAL_REASONS,
    )
    turn.enforce(DEFER if defer else WITHDRAW, attempt)
    if training is None:
        raise AssertionError("the rules let nobody leave training that is not there")
    return training


def _end(turn: Turn, training: TrainingPeriod) -> None:
    """Training ends today, unless it has ended earlier."""
    today = uk_day(turn.now)
    end = training.finished_on
    save(turn, replace(training, finished_on=today if end is None or end > today else end))
