"""What is the same in every version: how a state is spelt, and what is derived of a training record."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus, TrainingRecord, User
from ecf_sandbox.ecf.queries.training import user_of
from ecf_sandbox.ecf.records import Records, Turn

Json = dict[str, Any]

_WITHDRAWN = frozenset({InductionStatus.WITHDRAWN, InductionStatus.CHANGED})


def state_shown(turn: Turn, state: DeclarationState) -> str:
    """A state as the edition spells it (behaviour/editions.md#clawback-states-hyphenated)."""
    return state.value.replace("_", "-") if turn.edition.on("clawback_states_hyphenated") else state.value


def withdrawn(induction: InductionRecord) -> bool:
    """Whether the school has withdrawn somebody, or they have changed to another programme."""
    return induction.induction_status in _WITHDRAWN


def email_of(records: Records, training: TrainingRecord, induction: InductionRecord) -> str:
    """The address that a participant prefers, or that of the user."""
    preferred = records.identities.get(induction.preferred_identity_id)
    return user_of(records, training).email if preferred is None else preferred.email


def mentor_id_of(records: Records, training: TrainingRecord, induction: InductionRecord) -> str | None:
    """The participant who is the mentor of an ECT."""
    mentor = records.training_records.get(induction.mentor_record_id) if training.ect else None
    return None if mentor is None else records.identities[mentor.identity_id].user_id


def trn_of(records: Records, user: User, training: TrainingRecord) -> str | None:
    """The teacher reference number: that of the user, or else what was typed for the training record."""
    if user.trn:
        return user.trn
    details = records.validation_details.get(training.id)
    return details.trn or None if details else None
