"""Whose training record is whose, and which induction record counts for a provider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import InductionRecord, ParticipantType, RecordStatus, TrainingRecord, User
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, School, SchoolCohort
from ecf_sandbox.ecf.records import Records

_NEVER = datetime.min.replace(tzinfo=UTC)


def user_of(records: Records, training: TrainingRecord) -> User:
    """The person whose training record it is."""
    return records.users[records.identities[training.identity_id].user_id]


def training_records_of(records: Records, user_id: str) -> tuple[TrainingRecord, ...]:
    """All training records of a person, in the order they were made."""
    found = [
        it
        for identity in records.identities.by("user_id", user_id)
        for it in records.training_records.by("identity_id", identity.id)
    ]
    return tuple(sorted(found, key=lambda it: it.created_at))


def first_records_made(records: Records, user_ids: Iterable[str]) -> list[datetime]:
    """When the oldest training record of each of the people was made."""
    return records.cached_all(_first_record_made, user_ids)


def _first_record_made(records: Records, user_id: str) -> datetime:
    return training_records_of(records, user_id)[0].created_at


def training_record_of(records: Records, user_id: str, type: ParticipantType) -> TrainingRecord | None:
    """The training record of one type that a person has, whatever its status."""
    return next((it for it in training_records_of(records, user_id) if it.type is type), None)


def resolve(
    records: Records, participant_id: str | None, type: ParticipantType | None
) -> tuple[User | None, TrainingRecord | None]:
    """Whom a provider means by a participant id and a course (behaviour/participants.md#6-3).

    First an identity of that very user that owns a record of the type, whatever its status, else the identity that
    keeps the id as a retired one. The training record is that identity's first whose status is active; None for an
    unknown course. Where a merge left several, "first" is the lowest id, not the oldest.
    """
    if participant_id is None:
        return None, None
    own = (
        identity
        for identity in sorted(records.identities.by("user_id", participant_id), key=lambda it: it.id)
        if any(it.type is type for it in records.training_records.by("identity_id", identity.id))
    )
    identity = next(own, None) or records.identities.one("external_id", participant_id)
    if identity is None:
        return None, None
    active = (
        it
        for it in records.training_records.by("identity_id", identity.id)
        if it.type is type and it.status is RecordStatus.ACTIVE
    )
    return records.users[identity.user_id], min(active, key=lambda it: it.id, default=None)


def unvalidated(records: Records, user: User | None, training: TrainingRecord | None) -> bool:
    """Whether the details of the record that is meant, or else of every record of the person, await validation."""
    everything = training_records_of(records, user.id) if user else ()
    meant = everything if training is None else (training,)
    return bool(meant) and all(it.id not in records.eligibilities for it in meant)


def partnership_of(records: Records, induction: InductionRecord) -> Partnership | None:
    """The partnership behind an induction record, if its programme is led by a provider."""
    return records.partnerships.get(records.programmes[induction.programme_id].partnership_id)


def provider_id_of(records: Records, induction: InductionRecord) -> str | None:
    """The provider behind an induction record."""
    it = partnership_of(records, induction)
    return it.provider_id if it else None


def school_cohort_of(records: Records, programme: Programme) -> SchoolCohort:
    """The school's cohort that a programme belongs to."""
    return records.school_cohorts[programme.school_cohort_id]


def school_of(records: Records, induction: InductionRecord) -> School:
    """The school at which an induction record trains."""
    return records.schools[school_cohort_of(records, records.programmes[induction.programme_id]).school_id]


def schedule_of(records: Records, it: InductionRecord | TrainingRecord) -> Schedule:
    """The schedule of an induction record or of a training record."""
    return records.schedules[it.schedule_id]


def owned_by(records: Records, inductions: Iterable[InductionRecord], provider_id: str) -> Iterator[InductionRecord]:
    """Those whose partnership is the provider's, challenged or not: what a write considers."""
    return (it for it in inductions if provider_id_of(records, it) == provider_id)


def shown_to(records: Records, inductions: Iterable[InductionRecord], provider_id: str) -> Iterator[InductionRecord]:
    """Those whose partnership is the provider's and unchallenged: what a read considers."""
    for it in inductions:
        partnership = partnership_of(records, it)
        if partnership is not None and partnership.provider_id == provider_id and not partnership.challenged:
            yield it


def write_order(it: InductionRecord) -> tuple[bool, datetime, datetime, datetime]:
    """Sort key whose greatest is the latest for writes (behaviour/participants.md#2-4-l1): open ones first."""
    return it.end_date is None, it.start_date, it.end_date or _NEVER, it.created_at


def read_order(it: InductionRecord) -> tuple[bool, datetime, datetime]:
    """Sort key whose greatest is the latest for reads (behaviour/participants.md#2-4-l2)."""
    return it.end_date is None, it.start_date, it.created_at


def latest(inductions: Iterable[InductionRecord]) -> InductionRecord | None:
    """The latest as a write sees it."""
    return max(inductions, key=write_order, default=None)


def latest_for(records: Records, training: TrainingRecord, provider_id: str) -> InductionRecord | None:
    """The induction record that a provider's write is about, challenged or not."""
    own = records.induction_records.by("training_record_id", training.id)
    return latest(owned_by(records, own, provider_id))


def newest(records: Records, training: TrainingRecord) -> InductionRecord | None:
    """The latest induction record of all, whoever trains."""
    return latest(records.induction_records.by("training_record_id", training.id))
