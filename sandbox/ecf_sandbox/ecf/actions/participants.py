"""A provider says that somebody deferred, resumed or withdrew."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.ecf.actions.training_history import change_status
from ecf_sandbox.ecf.domain.participants import ParticipantType, RecordStatus, TrainingRecord, TrainingStatus
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.training import latest_for, resolve, training_records_of, unvalidated
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.rules.declarations import STARTED
from ecf_sandbox.ecf.rules.participants import (
    DEFER,
    DEFERRAL_REASONS,
    RESUME,
    SCHOOL_LEFT_FIP,
    SWITCHED_TO_SCHOOL_LED,
    WITHDRAW,
    WITHDRAWAL_REASONS,
    StatusAttempt,
)
from ecf_sandbox.rulebook.values import Fields

TYPES = {it.course.value: it for it in ParticipantType}


def resolve_participant(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> dict[str, Any]:
    """The members of a `Whom`, by their names.

    Where the edition hides people whose details have not been validated, they are unknown
    (behaviour/editions.md#unvalidated-hidden).
    """
    records, course = turn.records, fields.get("course_identifier")
    type = TYPES.get(course) if isinstance(course, str) else None
    user, training = resolve(records, participant_id, type)
    if turn.edition.on("unvalidated_hidden") and unvalidated(records, user, training):
        user, training = None, None
    active = (
        {it.type for it in training_records_of(records, user.id) if it.status is RecordStatus.ACTIVE} if user else ()
    )
    return {
        "course": course,
        "user": user,
        "enrolled": type in active,
        "training": training,
        "induction": latest_for(records, training, provider.id) if training else None,
        "given": frozenset(fields),
    }


def defer(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> TrainingRecord:
    """A participant takes a break. `fields` are the scalar attributes as they came; raises Refused."""
    attempt = _attempt(turn, provider, participant_id, fields, DEFERRAL_REASONS)
    turn.enforce(DEFER, attempt)
    return _change(turn, provider, attempt, TrainingStatus.DEFERRED)


def resume(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> TrainingRecord:
    """A participant is back. `fields` are the scalar attributes as they came; raises Refused."""
    attempt = _attempt(turn, provider, participant_id, fields, frozenset())
    turn.enforce(RESUME, attempt)
    return _change(turn, provider, attempt, TrainingStatus.ACTIVE)


def withdraw(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> TrainingRecord:
    """A participant leaves training. `fields` are the scalar attributes as they came; raises Refused."""
    attempt = _attempt(turn, provider, participant_id, fields, withdrawal_reasons(turn.records))
    turn.enforce(WITHDRAW, attempt)
    return _change(turn, provider, attempt, TrainingStatus.WITHDRAWN)


def withdrawal_reasons(records: Records) -> frozenset[str]:
    """The reasons that count now: leaving provider-led training was renamed in 2025 (behaviour/participants.md#6-6)."""
    renamed = records.feature("programme_type_changes_2025")
    return WITHDRAWAL_REASONS | {SWITCHED_TO_SCHOOL_LED if renamed else SCHOOL_LEFT_FIP}


def _attempt(
    turn: Turn, provider: Provider, participant_id: str | None, fields: Fields, reasons: frozenset[str]
) -> StatusAttempt:
    known: dict[str, Any] = resolve_participant(turn, provider, participant_id, fields)
    training = known["training"]
    declared = turn.records.declarations.by("training_record_id", training.id) if training else ()
    return StatusAttempt(
        **known,
        reason=fields.get("reason"),
        reasons=reasons,
        started=any(it.type == STARTED for it in declared),
    )


def _change(turn: Turn, provider: Provider, attempt: StatusAttempt, status: TrainingStatus) -> TrainingRecord:
    if attempt.training is None or attempt.induction is None:
        raise AssertionError("the rules let only attempts through that are about somebody")
    reason = attempt.reason if isinstance(attempt.reason, str) else None
    return change_status(turn, attempt.induction, provider.id, status, reason)
