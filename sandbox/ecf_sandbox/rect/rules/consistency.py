"""What rows may not be kept beside each other. A request that passed every rule can still run into it."""

from __future__ import annotations

from ecf_sandbox.rect.domain.periods import overlap
from ecf_sandbox.rect.domain.teachers import TrainingPeriod
from ecf_sandbox.rulebook.refusals import Refusal, Refused

OVERLAPS, ENDS_BEFORE_IT_STARTS = "training.overlaps", "training.ends-before-it-starts"


class NotSaved(Refused):
    """What was asked for would contradict what is there (422), which the service says without giving a reason."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__([Refusal("base", detail, rule)])


def insist_on_room(training: TrainingPeriod, siblings: tuple[TrainingPeriod, ...]) -> None:
    """Raise NotSaved if training would run beside other training in the same at-school period."""
    for it in siblings:
        if it.id != training.id and overlap(it, training):
            until = it.finished_on.isoformat() if it.finished_on else "an open end"
            raise NotSaved(
                OVERLAPS,
                f"Other training of this participant at the school lasts from {it.started_on.isoformat()} to {until}.",
            )


def insist_on_days(training: TrainingPeriod) -> None:
    """Raise NotSaved if training would end before it starts."""
    if training.finished_on is not None and training.finished_on < training.started_on:
        raise NotSaved(
            ENDS_BEFORE_IT_STARTS,
            f"The participant is at the school until {training.finished_on.isoformat()}, and the training would go on "
            f"from {training.started_on.isoformat()}.",
        )
