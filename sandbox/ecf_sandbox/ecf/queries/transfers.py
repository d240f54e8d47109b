"""Moves between schools as the two providers see them (behaviour/participants.md#8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus, TrainingRecord, User
from ecf_sandbox.ecf.queries.training import provider_id_of, school_of, training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record


class Transfer(Record, frozen=True, kw_only=True):
    """Somebody leaves a school and, once the other school has said so, joins another."""

    training: TrainingRecord
    leaving: InductionRecord
    joining: InductionRecord | None


class Transfers(Record, frozen=True, kw_only=True):
    """A person and those of their transfers that concern one provider; there may be none to tell of."""

    user: User
    transfers: tuple[Transfer, ...]

    @property
    def updated_at(self) -> datetime:
        """The newest change to what is told, else to the person."""
        told = [it.leaving for it in self.transfers] + [it.joining for it in self.transfers if it.joining]
        return max((it.updated_at for it in told), default=self.user.updated_at)


def transfers(records: Records, provider_id: str, *, validated_only: bool) -> tuple[Transfers, ...]:
    """Everybody with a transfer that concerns the provider, the oldest person first."""
    return records.cached(_transfers, provider_id, validated_only)


def _transfers(records: Records, provider_id: str, validated_only: bool) -> tuple[Transfers, ...]:
    concerned = {
        records.identities[records.training_records[induction.training_record_id].identity_id].user_id
        for induction in _moves(records, provider_id)
        if _somebody_left(records, induction.training_record_id)
        and not (validated_only and induction.training_record_id not in records.eligibilities)
    }
    people = [
        Transfers(user=records.users[id], transfers=tuple(_of_person(records, id, provider_id))) for id in concerned
    ]
    return tuple(sorted(people, key=lambda it: (it.user.created_at, it.user.id)))


def _moves(records: Records, provider_id: str) -> Iterable[InductionRecord]:
    """The provider's induction records that come from a transfer or end in a leave, challenged or not."""
    for partnership in records.partnerships.by("provider_id", provider_id):
        for programme in records.programmes.by("partnership_id", partnership.id):
            for it in records.induction_records.by("programme_id", programme.id):
                if it.school_transfer or it.induction_status is InductionStatus.LEAVING:
                    yield it


def _somebody_left(records: Records, training_record_id: str) -> bool:
    own = records.induction_records.by("training_record_id", training_record_id)
    return any(it.induction_status is InductionStatus.LEAVING for it in own)


def _of_person(records: Records, user_id: str, provider_id: str) -> Iterable[Transfer]:
    for training in training_records_of(records, user_id):
        for transfer in _pairs(records, training):
            sides = [transfer.leaving] if transfer.joining is None else [transfer.leaving, transfer.joining]
            if any(provider_id_of(records, side) == provider_id for side in sides):
                yield transfer


def _pairs(records: Records, training: TrainingRecord) -> Iterable[Transfer]:
    """Each leave with the first join at another school that no earlier leave has taken."""
    history = sorted(
        records.induction_records.by("training_record_id", training.id), key=lambda it: (it.created_at, it.id)
    )
    used: set[str] = set()
    for leaving in history:
        if leaving.induction_status is not InductionStatus.LEAVING:
            continue
        used.add(leaving.id)
        school = school_of(records, leaving).id
        joining = next(
            (
                it
                for it in history
                if it.id not in used
                and it.induction_status is not InductionStatus.LEAVING
                and it.school_transfer
                and school_of(records, it).id != school
            ),
            None,
        )
        if joining is not None:
            used.add(joining.id)
        yield Transfer(training=training, leaving=leaving, joining=joining)
