"""Whom a provider's update is about: what the rules for all updates need to know."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.ecf.domain.participants import ParticipantType, RecordStatus
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries.training import latest_for, resolve, training_records_of, unvalidated
from ecf_sandbox.rulebook.scalars import Fields
from ecf_sandbox.state.turn import Turn

TYPES = {it.course.value: it for it in ParticipantType}


def whom(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> dict[str, Any]:
    """The members of a `Whom`, by their names.

    Where the edition hides people whose details have not been validated, they are unknown
    (behaviour/editions.md#unvalidated-hidden).
    """
    records, course = turn.records, fields.get("course_identifier")
    type = TYPES.get(course) if isinstance(course, str) else None
    user, training = resolve(records, participant_id, type)
    if turn.edition.unvalidated_hidden and unvalidated(records, user, training):
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
