"""Which participants a provider sees, and by which induction record (behaviour/participants.md#3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from ecf_sandbox.ecf.domain.participants import Identity, InductionRecord, TrainingRecord, TrainingStatus, User
from ecf_sandbox.ecf.queries.training import latest, read_order, shown_to, training_records_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record

FIRST_SHOWN_COHORT = 2021


class Enrolment(Record, frozen=True, kw_only=True, cache_hash=True):
    """A training record as one provider sees it: by the latest induction record that is theirs."""

    training: TrainingRecord
    induction: InductionRecord


class Participant(Record, frozen=True, kw_only=True, cache_hash=True):
    """A person and all of their enrolments with one provider, the oldest training record first."""

    user: User
    enrolments: tuple[Enrolment, ...]


def cohorts_shown(records: Records, asked: frozenset[int] | None) -> frozenset[int]:
    """The cohorts that a read is about: those asked for that exist, by default all from 2021."""
    if asked is None:
        return records.cached(_cohorts_shown)
    return frozenset(year for year in asked if year in records.cohorts)


def participants(records: Records, provider_id: str, *, validated_only: bool) -> tuple[Participant, ...]:
    """Everybody with an enrolment that the provider may see, whatever the cohort; the oldest person first."""
    return records.cached(_participants, provider_id, validated_only)


def participants_in(
    records: Records, provider_id: str, cohorts: frozenset[int], *, validated_only: bool
) -> tuple[Participant, ...]:
    """Those of them whose latest induction record is on a schedule of the cohorts (v3)."""
    return records.cached(_participants_in, provider_id, cohorts, validated_only)


def participant(records: Records, provider_id: str, user_id: str, *, validated_only: bool) -> Participant | None:
    """One person as the provider sees them, whatever the cohort; None when there is nothing to see."""
    user = records.users.get(user_id)
    if user is None:
        return None
    enrolments = []
    for training in training_records_of(records, user_id):
        own = shown_to(records, records.induction_records.by("training_record_id", training.id), provider_id)
        induction = max(own, key=read_order, default=None)
        if induction is not None and not (validated_only and training.id not in records.eligibilities):
            enrolments.append(Enrolment(training=training, induction=induction))
    return Participant(user=user, enrolments=tuple(enrolments)) if enrolments else None


def shown_in(records: Records, participant: Participant, cohorts: frozenset[int]) -> bool:
    """Whether the latest induction record of any enrolment is on a schedule of the cohorts (v3)."""
    return any(records.schedules[it.induction.schedule_id].cohort in cohorts for it in participant.enrolments)


def rows_in(
    records: Records, provider_id: str, cohorts: frozenset[int], *, validated_only: bool
) -> tuple[tuple[User, Enrolment], ...]:
    """A row for each training record with an induction record in the cohorts, the latest such (v1, v2)."""
    return records.cached(_rows_in, provider_id, cohorts, validated_only)


def rows_of(
    records: Records, provider_id: str, user_id: str, cohorts: frozenset[int], *, validated_only: bool
) -> tuple[tuple[User, Enrolment], ...]:
    """The rows that may stand for one person (v1, v2): the only one, or of several those as an ECT.

    Two records as a mentor and none as an ECT, left by a merge, leave nothing: the service then finds nobody.
    Of two as an ECT the first counts.
    """
    user = records.users.get(user_id)
    if user is None:
        return ()
    rows = []
    for training in training_records_of(records, user_id):
        own = shown_to(records, records.induction_records.by("training_record_id", training.id), provider_id)
        inside = (it for it in own if records.schedules[it.schedule_id].cohort in cohorts)
        induction = max(inside, key=read_order, default=None)
        if induction is not None and not (validated_only and training.id not in records.eligibilities):
            rows.append((user, Enrolment(training=training, induction=induction)))
    rows.sort(key=_row_order)
    return tuple(rows) if len(rows) == 1 else tuple(row for row in rows if row[1].training.ect)


def after_writing(records: Records, provider_id: str, user_id: str) -> Participant:
    """A person in the answer to a write: by the latest records as writes order them, perhaps without enrolments."""
    enrolments = []
    for training in training_records_of(records, user_id):
        own = shown_to(records, records.induction_records.by("training_record_id", training.id), provider_id)
        induction = latest(own)
        if induction is not None:
            enrolments.append(Enrolment(training=training, induction=induction))
    return Participant(user=records.users[user_id], enrolments=tuple(enrolments))


def training_status_in(participant: Participant, status: TrainingStatus) -> bool:
    """Whether any enrolment has that training status."""
    return any(it.induction.training_status is status for it in participant.enrolments)


def owners_of(records: Records, retired_id: str) -> frozenset[str]:
    """The people who now own the id changes that retired a participant id."""
    return frozenset(it.user_id for it in records.id_changes.by("from_participant_id", retired_id))


def updated_since(participants: Iterable[Participant], moment: datetime) -> list[Participant]:
    """Those whose user was updated then or later."""
    return [it for it in participants if it.user.updated_at >= moment]


def inductions_shown(
    records: Records, provider_id: str, validated_only: bool
) -> Mapping[str, tuple[InductionRecord, ...]]:
    """By training record, the induction records that the provider may see."""
    return records.cached(_inductions_shown, provider_id, validated_only)


def _cohorts_shown(records: Records) -> frozenset[int]:
    return frozenset(it.start_year for it in records.cohorts if it.start_year >= FIRST_SHOWN_COHORT)


def _inductions_shown(
    records: Records, provider_id: str, validated_only: bool
) -> Mapping[str, tuple[InductionRecord, ...]]:
    found: dict[str, list[InductionRecord]] = defaultdict(list)
    for partnership in records.partnerships.by("provider_id", provider_id):
        if partnership.challenged:
            continue
        for programme in records.programmes.by("partnership_id", partnership.id):
            for induction in records.induction_records.by("programme_id", programme.id):
                if not validated_only or induction.training_record_id in records.eligibilities:
                    found[induction.training_record_id].append(induction)
    return {id: tuple(inductions) for id, inductions in found.items()}


def _participants(records: Records, provider_id: str, validated_only: bool) -> tuple[Participant, ...]:
    enrolments: dict[str, list[Enrolment]] = defaultdict(list)
    for training_id, inductions in inductions_shown(records, provider_id, validated_only).items():
        training = records.training_records[training_id]
        induction = inductions[0] if len(inductions) == 1 else max(inductions, key=read_order)
        user_id = records.identities[training.identity_id].user_id
        enrolments[user_id].append(Enrolment(training=training, induction=induction))
    people = (
        Participant(
            user=records.users[user_id],
            enrolments=tuple(sorted(own, key=_training_made)) if len(own) > 1 else tuple(own),
        )
        for user_id, own in enrolments.items()
    )
    return tuple(sorted(people, key=_user_made))


def _participants_in(
    records: Records, provider_id: str, cohorts: frozenset[int], validated_only: bool
) -> tuple[Participant, ...]:
    everybody = participants(records, provider_id, validated_only=validated_only)
    return tuple(it for it in everybody if shown_in(records, it, cohorts))


def _rows_in(
    records: Records, provider_id: str, cohorts: frozenset[int], validated_only: bool
) -> tuple[tuple[User, Enrolment], ...]:
    inside = {it.id for it in records.schedules if it.cohort in cohorts}
    rows = []
    for training_id, inductions in inductions_shown(records, provider_id, validated_only).items():
        induction = max((it for it in inductions if it.schedule_id in inside), key=read_order, default=None)
        if induction is not None:
            training = records.training_records[training_id]
            user = records.users[records.identities[training.identity_id].user_id]
            rows.append((user, Enrolment(training=training, induction=induction)))
    return tuple(sorted(rows, key=_row_order))


def _row_order(row: tuple[User, Enrolment]) -> tuple[datetime, datetime, str]:
    """Rows of one person come in no order that the service promises: mostly what was written last comes last."""
    user, it = row
    return user.created_at, it.induction.updated_at, it.training.id


def _training_made(it: Enrolment) -> tuple[datetime, str]:
    return it.training.created_at, it.training.id


def _user_made(it: Participant) -> tuple[datetime, str]:
    return it.user.created_at, it.user.id


class UnfundedMentor(Record, frozen=True, kw_only=True):
    """A mentor as the provider of their ECT sees them; `identity` is the one of their own newest induction record."""

    user: User
    training: TrainingRecord
    identity: Identity | None


def unfunded_mentors(records: Records, provider_id: str, *, validated_only: bool) -> tuple[UnfundedMentor, ...]:
    """All of them, the oldest person first; of one person with two records, that with the lower id first."""
    return records.cached(_unfunded_mentors, provider_id, validated_only)


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
