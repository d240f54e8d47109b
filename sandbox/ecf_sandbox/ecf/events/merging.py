"""How two people who turn out to be one become one."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.ecf.actions.touching import save_identity, save_training, touch_user
from ecf_sandbox.ecf.domain.participants import IdChange, User
from ecf_sandbox.ecf.events.event import DoesNotFit, ParticipantId
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.turn import Turn


def merge_participants(
    turn: Turn,
    from_participant_id: Annotated[ParticipantId, "the participant id that is retired"],
    to_participant_id: Annotated[ParticipantId, "the participant id that remains"],
) -> User:
    """Everything of one person goes to another, who is the same: the first id is retired.

    Both are updated by what moves, not by the note of it: from somebody who has nothing left, nothing does.
    """
    if from_participant_id == to_participant_id:
        raise DoesNotFit("nobody can be merged with themselves")
    _move_identities(turn, from_participant_id, to_participant_id)
    _move_tutor(turn, from_participant_id, to_participant_id)
    _note_id_change(turn, from_participant_id, to_participant_id)
    return turn.records.users[to_participant_id]


def merge_into_oldest(turn: Turn, user: User) -> None:
    """People with the same teacher reference number are one: the one who was registered first."""
    if user.trn:
        oldest = min(turn.records.users.by("trn", user.trn), key=lambda it: it.created_at)
        if oldest.id != user.id:
            merge_participants(turn, user.id, oldest.id)


def _move_identities(turn: Turn, from_id: str, to_id: str) -> None:
    for identity in turn.records.identities.by("user_id", from_id):
        save_identity(turn, replace(identity, user_id=to_id))
        touch_user(turn, from_id)
        for training in turn.records.training_records.by("identity_id", identity.id):
            save_training(turn, training)
            for declaration in turn.records.declarations.by("training_record_id", training.id):
                turn.save(replace(declaration, user_id=to_id, updated_at=turn.stamp()))


def _move_tutor(turn: Turn, from_id: str, to_id: str) -> None:
    turn.save(*(replace(it, user_id=to_id) for it in turn.records.induction_tutors.by("user_id", from_id)))


def _note_id_change(turn: Turn, from_id: str, to_id: str) -> None:
    turn.save(*(replace(it, user_id=to_id) for it in turn.records.id_changes.by("user_id", from_id)))
    noted = turn.records.id_changes.by("user_id", to_id)
    if not any((it.from_participant_id, it.to_participant_id) == (from_id, to_id) for it in noted):
        turn.save(
            IdChange(
                id=turn.new_id(),
                user_id=to_id,
                from_participant_id=from_id,
                to_participant_id=to_id,
                created_at=turn.stamp(),
            )
        )
