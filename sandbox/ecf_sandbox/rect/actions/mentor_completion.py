"""The end of a mentor's funding, which a declaration of completion brings about (behaviour/rect.md#11-10)."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.participants import continue_training
from ecf_sandbox.rect.actions.saving import save
from ecf_sandbox.rect.domain.declarations import COMPLETED, Declaration
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import training_with, training_within
from ecf_sandbox.rect.queries.training import at_school_of, teacher_of, training_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.rules.consistency import insist_on_days, insist_on_room
from ecf_sandbox.state.record import replace

DECLARED = "completed_declaration_received"


def complete_mentor(turn: Turn, provider: LeadProvider, declaration: Declaration) -> None:
    """Funding ends on the day of the declaration, and so does the provider's training if it goes on."""
    training = turn.records.training_periods[declaration.training_period_id]
    day = uk_day(declaration.declaration_date)
    teacher = teacher_of(turn.records, training)
    save(turn, replace(teacher, mentor_ineligible_since=day, mentor_ineligible_reason=DECLARED))
    latest = training_with(turn.records, teacher.id, TeacherType.MENTOR, provider.id)[-1]
    end = max(day, latest.started_on + DAY)
    if latest.finished_on is None or latest.finished_on > end:
        save(turn, replace(latest, finished_on=end))


def reopen_mentor(turn: Turn, provider: LeadProvider, declaration: Declaration) -> None:
    """Without a declaration of completion, funding and training go on."""
    training = turn.records.training_periods[declaration.training_period_id]
    teacher = teacher_of(turn.records, training)
    if any(it.live and it.declaration_type == COMPLETED for it in _declarations(turn, teacher.id)):
        return
    save(turn, replace(teacher, mentor_ineligible_since=None, mentor_ineligible_reason=None))
    latest = training_with(turn.records, teacher.id, TeacherType.MENTOR, provider.id)[-1]
    if latest.finished_on is not None and latest.finished_on < uk_day(turn.now):
        _go_on(turn, latest, latest.finished_on + DAY)


def _declarations(turn: Turn, teacher_id: str) -> list[Declaration]:
    return [
        declaration
        for it in training_of(turn.records, teacher_id, TeacherType.MENTOR)
        for declaration in turn.records.declarations.by("training_period_id", it.id)
    ]


def _go_on(turn: Turn, latest: TrainingPeriod, start: date) -> None:
    period = at_school_of(turn.records, latest)
    continued = continue_training(turn, latest, start, period.finished_on)
    insist_on_days(continued)
    insist_on_room(continued, training_within(turn.records, period))
    save(turn, continued)
