"""The resources of version 3, one function each, their attributes in the order of the service's answers."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Raw

from ecf_sandbox.api.response import encode
from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration, State
from ecf_sandbox.rect.domain.providers import DeliveryPartner
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.participants import Participant, participant_status
from ecf_sandbox.rect.queries.schools import (
    currently_training,
    in_partnership,
    interested,
    programme_choice,
    school_updated_at,
    tutor_email,
    uplift,
    years_with,
)
from ecf_sandbox.rect.queries.training import (
    at_school_of,
    at_school_periods_of,
    delivery_partnership_of,
    induction_end_date,
    induction_periods_of,
    provider_of,
    teacher_of,
)
from ecf_sandbox.rect.queries.transfers import Transfer, Transfers, UnfundedMentor
from ecf_sandbox.rect.records import Records

Json = Mapping[str, Any]


def _resource(id: str, kind: str, attributes: Json) -> Json:
    return {"id": id, "type": kind, "attributes": attributes}


def participant(records: Records, it: Participant, now: datetime) -> Json:
    """Participant: a person with the provider's latest training of each kind."""
    return _participant(records, it, uk_day(now), None)


def encoded_participants(
    records: Records, people: Iterable[Participant], now: datetime, retired: frozenset[str] | None = None
) -> list[Raw]:
    """The documents of several participants in JSON, kept with the records for as long as they say the same.

    Who was looked for by retired ids has only those changes of id shown (behaviour/rect.md#6-3).
    """
    return records.cached_all(_encoded_participant, people, uk_day(now), retired)


def _encoded_participant(records: Records, it: Participant, today: date, retired: frozenset[str] | None) -> Raw:
    return Raw(encode(_participant(records, it, today, retired)))


def _participant(records: Records, it: Participant, today: date, retired: frozenset[str] | None) -> Json:
    teacher = it.teacher
    changes = sorted(records.id_changes.by("teacher_id", teacher.id), key=lambda change: change.created_at)
    if retired is not None:
        changes = [change for change in changes if change.from_participant_id in retired]
    attributes = {
        "full_name": full_name(teacher),
        "teacher_reference_number": teacher.trn,
        "updated_at": instant(teacher.updated_at),
        "ecf_enrolments": [_enrolment(records, it, training, today) for training in it.enrolments],
        "participant_id_changes": [
            {
                "from_participant_id": change.from_participant_id,
                "to_participant_id": change.to_participant_id,
                "changed_at": instant(change.created_at),
            }
            for change in changes
        ],
    }
    return _resource(teacher.id, "participant", attributes)


def _enrolment(records: Records, it: Participant, training: TrainingPeriod, today: date) -> Json:
    teacher, kind = it.teacher, training.kind
    partnership = records.school_partnerships[training.school_partnership_id or ""]
    contract = delivery_partnership_of(records, partnership)
    extra = uplift(records, partnership.school_id, contract.contract_period_year)
    schedule = records.schedules.get(training.schedule_id)
    return {
        "training_record_id": teacher.training_record_id(kind),
        "email": at_school_of(records, training).email,
        "mentor_id": _mentor_id(records, it, kind),
        "school_urn": str(records.schools[partnership.school_id].urn),
        "participant_type": kind,
        "cohort": str(contract.contract_period_year),
        "training_status": training.training_status,
        "participant_status": participant_status(records, training, today),
        "eligible_for_funding": eligible_for_funding(teacher, kind),
        "pupil_premium_uplift": extra is not None and extra.pupil_premium,
        "sparsity_uplift": extra is not None and extra.sparsity,
        "schedule_identifier": None if schedule is None else schedule.identifier,
        "delivery_partner_id": contract.delivery_partner_id,
        "withdrawal": _interrupted(training, TrainingStatus.WITHDRAWN),
        "deferral": _interrupted(training, TrainingStatus.DEFERRED),
        "created_at": instant(at_school_periods_of(records, teacher.id, kind)[0].created_at),
        **_ends(records, teacher, kind),
        "cohort_changed_after_payments_frozen": teacher.frozen_year(kind) is not None,
        "mentor_ineligible_for_funding_reason": (
            teacher.mentor_ineligible_reason if kind is TeacherType.MENTOR else None
        ),
        "working_pattern": _working_pattern(records, teacher) if kind is TeacherType.ECT else None,
    }


def _mentor_id(records: Records, it: Participant, kind: TeacherType) -> str | None:
    mentor = records.at_school_periods.get(it.metadata.mentor_at_school_period_id)
    return mentor.teacher_id if mentor is not None and kind is TeacherType.ECT else None


def eligible_for_funding(teacher: Teacher, kind: TeacherType) -> bool | None:
    """Whether eligibility came before, or with, its end; None where neither is known (behaviour/rect.md#9-1)."""
    since, ended = teacher.eligible_since(kind), teacher.ineligible_since(kind)
    if since is None:
        return None if ended is None else False
    return ended is None or uk_day(since) <= ended


def _interrupted(training: TrainingPeriod, status: TrainingStatus) -> Json | None:
    if training.training_status is not status:
        return None
    if status is TrainingStatus.WITHDRAWN:
        return {"reason": training.withdrawal_reason, "date": _moment(training.withdrawn_at)}
    return {"reason": training.deferral_reason, "date": _moment(training.deferred_at)}


def _ends(records: Records, teacher: Teacher, kind: TeacherType) -> Json:
    """When induction began and ended, of ECTs; when funding ended, of mentors."""
    if kind is TeacherType.MENTOR:
        return {
            "induction_end_date": None,
            "most_recent_induction_period_end_date": None,
            "overall_induction_start_date": None,
            "mentor_funding_end_date": _day(teacher.mentor_ineligible_since),
        }
    periods = induction_periods_of(records, teacher.id)
    return {
        "induction_end_date": _day(induction_end_date(records, teacher)),
        "most_recent_induction_period_end_date": _day(periods[-1].finished_on if periods else None),
        "overall_induction_start_date": _day(periods[0].started_on if periods else teacher.induction_start_date),
        "mentor_funding_end_date": None,
    }


def _working_pattern(records: Records, teacher: Teacher) -> str | None:
    periods = at_school_periods_of(records, teacher.id, TeacherType.ECT)
    return periods[-1].working_pattern if periods else None


def declaration(records: Records, it: Declaration) -> Json:
    """ParticipantDeclaration."""
    training = records.training_periods[it.training_period_id]
    provider = records.lead_providers.get(provider_of(records, training))
    state = it.state
    attributes = {
        "participant_id": teacher_of(records, training).id,
        "declaration_type": it.declaration_type,
        "course_identifier": training.kind.course,
        "declaration_date": instant(it.declaration_date),
        "mentor_id": _mentor_of(records, it),
        "state": state,
        "updated_at": instant(it.updated_at),
        "created_at": instant(it.created_at),
        "delivery_partner_id": it.delivery_partner_id,
        "statement_id": None if state is State.VOIDED else it.payment_statement_id,
        "clawback_statement_id": it.clawback_statement_id,
        "ineligible_for_funding_reason": None,
        "uplift_paid": (it.pupil_premium_uplift or it.sparsity_uplift) and _paid(it),
        "evidence_held": it.evidence_type,
        "lead_provider_name": None if provider is None else provider.name,
    }
    return _resource(it.id, "participant-declaration", attributes)


def _mentor_of(records: Records, it: Declaration) -> str | None:
    mentorship = records.mentorship_periods.get(it.mentorship_period_id)
    if mentorship is None:
        return None
    return records.at_school_periods[mentorship.mentor_at_school_period_id].teacher_id


def _paid(it: Declaration) -> bool:
    return it.state is State.PAID or it.clawback_status is not ClawbackStatus.NO_CLAWBACK


def statement(it: Statement) -> Json:
    """Statement."""
    attributes = {
        "month": month_name[it.month],
        "year": str(it.year),
        "cohort": str(it.contract_period_year),
        "cut_off_date": _day(it.deadline_date),
        "payment_date": _day(it.payment_date),
        "paid": it.status is StatementStatus.PAID,
        "created_at": instant(it.created_at),
        "updated_at": instant(it.updated_at),
    }
    return _resource(it.id, "statement", attributes)


def partnership(records: Records, it: SchoolPartnership, now: datetime) -> Json:
    """Partnership."""
    school, contract = records.schools[it.school_id], delivery_partnership_of(records, it)
    attributes = {
        "cohort": str(contract.contract_period_year),
        "urn": str(school.urn),
        "school_id": school.id,
        "delivery_partner_id": contract.delivery_partner_id,
        "delivery_partner_name": records.delivery_partners[contract.delivery_partner_id].name,
        "induction_tutor_name": school.induction_tutor_name,
        "induction_tutor_email": tutor_email(school),
        "participants_currently_training": currently_training(records, it, uk_day(now)),
        "created_at": instant(it.created_at),
        "updated_at": instant(it.updated_at),
    }
    return _resource(it.id, "partnership", attributes)


def school(records: Records, it: School, year: int, lead_provider_id: str) -> Json:
    """School, as it is for a contract period."""
    wanted = interested(records, it.id, lead_provider_id, year)
    attributes = {
        "name": it.name,
        "urn": str(it.urn),
        "cohort": str(year),
        "in_partnership": in_partnership(records, it.id, year),
        "induction_programme_choice": programme_choice(records, it.id, year),
        "expression_of_interest": wanted,
        "induction_tutor_name": it.induction_tutor_name if wanted else None,
        "induction_tutor_email": tutor_email(it) if wanted else None,
        "created_at": instant(it.created_at),
        "updated_at": instant(school_updated_at(records, it, year)),
    }
    return _resource(it.id, "school", attributes)


def delivery_partner(records: Records, it: DeliveryPartner, lead_provider_id: str) -> Json:
    """DeliveryPartner, with the contract periods for which it works with the provider."""
    attributes = {
        "name": it.name,
        "created_at": instant(it.created_at),
        "updated_at": instant(it.updated_at),
        "cohort": [str(year) for year in years_with(records, it.id, lead_provider_id)],
    }
    return _resource(it.id, "delivery-partner", attributes)


def transfers(records: Records, it: Transfers, now: datetime) -> Json:
    """ParticipantTransfer: all transfers of a person."""
    today = uk_day(now)
    attributes = {
        "updated_at": instant(it.updated_at),
        "transfers": [_transfer(records, it.teacher, transfer, today) for transfer in it.transfers],
    }
    return _resource(it.teacher.id, "participant-transfer", attributes)


def _transfer(records: Records, teacher: Teacher, it: Transfer, today: date) -> Json:
    return {
        "training_record_id": teacher.training_record_id(it.leaving.kind),
        "transfer_type": it.type,
        "status": "complete" if it.complete(today) else "incomplete",
        "created_at": instant(it.leaving.created_at),
        "leaving": _boundary(records, it.leaving, it.leaving.finished_on),
        "joining": None if it.joining is None else _boundary(records, it.joining, it.joining.started_on),
    }


def _boundary(records: Records, training: TrainingPeriod, day: date | None) -> Json:
    provider = records.lead_providers.get(provider_of(records, training))
    return {
        "school_urn": str(records.schools[at_school_of(records, training).school_id].urn),
        "provider": None if provider is None else provider.name,
        "date": _day(day),
    }


def unfunded_mentor(it: UnfundedMentor) -> Json:
    """UnfundedMentor."""
    teacher = it.teacher
    attributes = {
        "full_name": full_name(teacher),
        "email": it.email,
        "teacher_reference_number": teacher.trn,
        "created_at": instant(teacher.created_at),
        "updated_at": instant(teacher.unfunded_updated_at),
    }
    return _resource(teacher.id, "unfunded-mentor", attributes)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
