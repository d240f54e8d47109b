"""Mentors of a provider's ECTs whom the provider does not train (behaviour/participants.md#9)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.participants import Identity, TrainingRecord, User
from ecf_sandbox.ecf.queries.participants import inductions_shown
from ecf_sandbox.ecf.queries.training import read_order, user_of
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records

_TABLES = frozenset(
    {"partnerships", "programmes", "induction_records", "training_records", "identities", "users", "eligibilities"}
)


class UnfundedMentor(Record, frozen=True, kw_only=True):
    """A mentor as the provider of their ECT sees them; `identity` is the one of their own newest induction record."""

    user: User
    training: TrainingRecord
    identity: Identity | None


def unfunded_mentors(records: Records, provider_id: str, *, validated_only: bool) -> tuple[UnfundedMentor, ...]:
    """All of them, the oldest person first; of one person with two records, that with the lower id first."""
    return records.view(_TABLES, _unfunded_mentors, provider_id, validated_only)


def _unfunded_mentors(records: Records, provider_id: str, validated_only: bool) -> tuple[UnfundedMentor, ...]:
    shown = inductions_shown(records, provider_id, validated_only)
    mentors = {max(inductions, key=read_order).mentor_record_id for inductions in shown.values()}
    found = [_mentor(records, id) for id in mentors if id is not None and id not in shown]
    return tuple(sorted(found, key=lambda it: (it.user.created_at, it.training.id)))


def _mentor(records: Records, training_record_id: str) -> UnfundedMentor:
    training = records.training_records[training_record_id]
    own = records.induction_records.by("training_record_id", training_record_id)
    newest = max(own, key=read_order, default=None)
    identity = None if newest is None else records.identities.get(newest.preferred_identity_id)
    return UnfundedMentor(user=user_of(records, training), training=training, identity=identity)
