"""Transfers from one school to the next, and mentors whom a provider does not train."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest

from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, MentorshipPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import training_within
from ecf_sandbox.rect.queries.training import at_school_periods_of, induction_end_date, provider_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record


class TransferType(StrEnum):
    """What changed with the school."""

    UNKNOWN = "unknown"
    NEW_PROVIDER = "new_provider"
    NEW_SCHOOL = "new_school"


class Transfer(Record, frozen=True):
    """The last training at a school, and the first at the next one as far as anybody knows."""

    leaving: TrainingPeriod
    joining: TrainingPeriod | None
    type: TransferType

    def complete(self, today: date) -> bool:
        """Whether neither the leaving nor the joining lies ahead."""
        days = (self.leaving.finished_on, self.joining.started_on if self.joining else None)
        return all(it is None or it <= today for it in days)

    @property
    def boundaries(self) -> tuple[TrainingPeriod, ...]:
        """The training periods on both sides."""
        return (self.leaving,) if self.joining is None else (self.leaving, self.joining)


class Transfers(Record, frozen=True):
    """The transfers of somebody that a provider has to do with."""

    teacher: Teacher
    transfers: tuple[Transfer, ...]

    @property
    def updated_at(self) -> datetime:
        """When the latest change of what is shown happened."""
        return max(it.transfer_updated_at for transfer in self.transfers for it in transfer.boundaries)


def transfers_of(records: Records, teacher: Teacher, lead_provider_id: str) -> tuple[Transfer, ...]:
    """Somebody's transfers from or to a provider, by the start of the training that was left."""
    found = (
        it
        for it in all_transfers_of(records, teacher)
        if any(provider_of(records, period) == lead_provider_id for period in it.boundaries)
    )
    return tuple(sorted(found, key=lambda it: it.leaving.started_on))


def all_transfers_of(records: Records, teacher: Teacher) -> Iterator[Transfer]:
    """Somebody's transfers, whoever the providers are (behaviour/rect.md#15-1)."""
    for kind in TeacherType:
        periods = at_school_periods_of(records, teacher.id, kind)
        for left, joined in zip_longest(periods, periods[1:]):
            if it := _transfer(records, teacher, left, joined):
                yield it


def _transfer(
    records: Records, teacher: Teacher, left: AtSchoolPeriod, joined: AtSchoolPeriod | None
) -> Transfer | None:
    training = training_within(records, left)
    leaving = training[-1] if training else None
    if left.finished_on is None or leaving is None or leaving.finished_on is None:
        return None
    if joined is None and left.kind is TeacherType.ECT and induction_end_date(records, teacher) is not None:
        return None
    if joined is not None and joined.school_id == left.school_id:
        return None
    joining = next(iter(training_within(records, joined)), None) if joined else None
    if joining is None:
        return Transfer(leaving, None, TransferType.UNKNOWN)
    same = provider_of(records, joining) == provider_of(records, leaving)
    return Transfer(leaving, joining, TransferType.NEW_SCHOOL if same else TransferType.NEW_PROVIDER)


def transferred(records: Records, lead_provider_id: str) -> tuple[Transfers, ...]:
    """Everybody who is involved in a transfer from or to a provider, in the order in which they became known."""
    return records.cached(_transferred, lead_provider_id)


def _transferred(records: Records, lead_provider_id: str) -> tuple[Transfers, ...]:
    rows = records.teacher_metadata.by("lead_provider_id", lead_provider_id)
    people = (records.teachers[it.teacher_id] for it in rows if it.involved_in_transfer)
    found = (Transfers(it, transfers_of(records, it, lead_provider_id)) for it in people)
    return tuple(sorted((it for it in found if it.transfers), key=lambda it: it.teacher.created_at))


def changed_since(records: Records, it: Transfers, lead_provider_id: str, moment: datetime) -> bool:
    """Whether training with the provider itself, on either side of a transfer, changed at a moment or after it."""
    return any(
        period.transfer_updated_at >= moment and provider_of(records, period) == lead_provider_id
        for transfer in it.transfers
        for period in transfer.boundaries
    )


class UnfundedMentor(Record, frozen=True):
    """Somebody who mentors an ECT of a provider that has never trained the mentor."""

    teacher: Teacher
    email: str | None


def unfunded_mentors(records: Records, lead_provider_id: str) -> tuple[UnfundedMentor, ...]:
    """The unfunded mentors of a provider, in the order in which they became known (behaviour/rect.md#15-2)."""
    return records.cached(_unfunded_mentors, lead_provider_id)


def _unfunded_mentors(records: Records, lead_provider_id: str) -> tuple[UnfundedMentor, ...]:
    rows = records.teacher_metadata.by("lead_provider_id", lead_provider_id)
    trained = {it.teacher_id for it in rows if it.latest_ect_training_period_id or it.latest_mentor_training_period_id}
    mentors = (records.at_school_periods.get(it.mentor_at_school_period_id) for it in rows)
    ids = {it.teacher_id for it in mentors if it is not None} - trained
    found = [UnfundedMentor(records.teachers[it], _address(records, lead_provider_id, it)) for it in ids]
    return tuple(sorted(found, key=lambda it: it.teacher.created_at))


def _address(records: Records, lead_provider_id: str, teacher_id: str) -> str | None:
    """The mentor's address at the school of the latest mentorship of an ECT of the provider."""
    found = [
        (mentorship.started_on, period.email)
        for period in records.at_school_periods.by("teacher_id,kind", (teacher_id, TeacherType.MENTOR))
        for mentorship in records.mentorship_periods.by("mentor_at_school_period_id", period.id)
        if _trained_by(records, lead_provider_id, mentorship)
    ]
    return max(found, key=lambda it: it[0])[1] if found else None


def _trained_by(records: Records, lead_provider_id: str, mentorship: MentorshipPeriod) -> bool:
    training = records.training_periods.by("at_school_period_id", mentorship.ect_at_school_period_id)
    return any(provider_of(records, it) == lead_provider_id for it in training)
