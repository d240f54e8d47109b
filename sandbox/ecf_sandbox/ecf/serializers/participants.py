"""Participants, transfers and unfunded mentors as documents: v1 and v2 alike, and v3."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.eligibility import eligible_for_funding, trn_validated, validation_status
from ecf_sandbox.ecf.domain.participants import (
    InductionRecord,
    InductionStatus,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
)
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.participants import Enrolment, Participant, UnfundedMentor
from ecf_sandbox.ecf.queries.partnerships import live_delivery_partner
from ecf_sandbox.ecf.queries.training import school_of, training_records_of
from ecf_sandbox.ecf.queries.transfers import Transfer, Transfers
from ecf_sandbox.ecf.records import Records, Turn

_V1_WITHDRAWN = frozenset({InductionStatus.WITHDRAWN, InductionStatus.CHANGED})


def participant_v1(turn: Turn, enrolment: Enrolment) -> dict[str, Any]:
    """One training record in the shape of v1 and v2."""
    records, training, induction = turn.records, enrolment.training, enrolment.induction
    identity = records.identities[training.identity_id]
    user = records.users[identity.user_id]
    eligibility = records.eligibilities.get(training.id)
    school_cohort = records.school_cohorts[records.programmes[induction.programme_id].school_cohort_id]
    trn = user.trn or _typed_trn(records, training)
    return {
        "id": user.id,
        "type": "participant",
        "attributes": {
            "email": _email(records, training, induction),
            "full_name": user.full_name,
            "mentor_id": _mentor_id(records, training, induction),
            "school_urn": records.schools[school_cohort.school_id].urn,
            "participant_type": training.type,
            "cohort": str(school_cohort.cohort),
            "status": "withdrawn" if induction.induction_status in _V1_WITHDRAWN else "active",
            "teacher_reference_number": trn,
            "teacher_reference_number_validated": trn_validated(trn, eligibility),
            "eligible_for_funding": eligible_for_funding(eligibility),
            "pupil_premium_uplift": training.pupil_premium_uplift,
            "sparsity_uplift": training.sparsity_uplift,
            "training_status": induction.training_status,
            "training_record_id": training.id,
            "schedule_identifier": records.schedules[induction.schedule_id].identifier,
            "updated_at": instant(max(training.updated_at, user.updated_at, identity.updated_at, induction.updated_at)),
        },
    }


def participant_v3(turn: Turn, participant: Participant, provider_id: str) -> dict[str, Any]:
    """A person with all of their enrolments with the provider."""
    shown = turn.edition.on("validation_status_shown")
    document = turn.records.cached_each(_participant, participant, provider_id, shown)
    attributes = document["attributes"]
    enrolments = [
        {**enrolment, "participant_status": participant_status(it.induction, turn.now)}
        for enrolment, it in zip(attributes["ecf_enrolments"], participant.enrolments, strict=True)
    ]
    return {**document, "attributes": {**attributes, "ecf_enrolments": enrolments}}


def _participant(
    records: Records, participant: Participant, provider_id: str, validation_status_shown: bool
) -> dict[str, Any]:
    """What is said of a person whenever it is asked."""
    user = participant.user
    changes = sorted(records.id_changes.by("user_id", user.id), key=lambda it: it.created_at)
    return {
        "id": user.id,
        "type": "participant",
        "attributes": {
            "full_name": user.full_name,
            "teacher_reference_number": user.trn,
            "updated_at": instant(_person_updated_at(records, participant)),
            "ecf_enrolments": [
                _enrolment(records, it, provider_id, validation_status_shown) for it in participant.enrolments
            ],
            "participant_id_changes": [
                {
                    "from_participant_id": it.from_participant_id,
                    "to_participant_id": it.to_participant_id,
                    "changed_at": instant(it.created_at),
                }
                for it in changes
            ],
        },
    }


def participant_status(induction: InductionRecord, now: datetime) -> str | None:
    """Where somebody is with their school, seen from `now` (behaviour/participants.md#5-3)."""
    if induction.end_date is not None:
        return "leaving" if induction.ends_after(now) else "left"
    if induction.starts_after(now):
        return "joining"
    if induction.induction_status in (InductionStatus.ACTIVE, InductionStatus.COMPLETED):
        return "active"
    return "withdrawn" if induction.induction_status in _V1_WITHDRAWN else None


def transfers_v3(turn: Turn, it: Transfers) -> dict[str, Any]:
    """A person's transfers."""
    return {
        "id": it.user.id,
        "type": "participant-transfer",
        "attributes": {
            "updated_at": instant(it.updated_at),
            "transfers": [_transfer(turn, transfer) for transfer in it.transfers],
        },
    }


def unfunded_mentor_v3(records: Records, it: UnfundedMentor) -> dict[str, Any]:
    """A mentor whom the provider does not train."""
    return {
        "id": it.user.id,
        "type": "unfunded-mentor",
        "attributes": {
            "full_name": it.user.full_name,
            "email": it.identity.email if it.identity else it.user.email,
            "teacher_reference_number": it.user.trn or _typed_trn(records, it.training),
            "created_at": instant(it.user.created_at),
            "updated_at": instant(it.user.updated_at),
        },
    }


def _enrolment(records: Records, it: Enrolment, provider_id: str, validation_status_shown: bool) -> dict[str, Any]:
    training, induction = it.training, it.induction
    programme = records.programmes[induction.programme_id]
    school_cohort = records.school_cohorts[programme.school_cohort_id]
    partnership = records.partnerships.get(programme.partnership_id)
    eligibility = records.eligibilities.get(training.id)
    trn = records.users[records.identities[training.identity_id].user_id].trn or _typed_trn(records, training)
    status = induction.training_status
    document: dict[str, Any] = {
        "training_record_id": training.id,
        "email": _email(records, training, induction),
        "mentor_id": _mentor_id(records, training, induction),
        "school_urn": records.schools[school_cohort.school_id].urn,
        "participant_type": training.type,
        "cohort": str(school_cohort.cohort),
        "training_status": status,
        "participant_status": None,  # time decides: told when the document is shown
        "teacher_reference_number_validated": trn_validated(trn, eligibility),
        "eligible_for_funding": eligible_for_funding(eligibility),
        "pupil_premium_uplift": training.pupil_premium_uplift,
        "sparsity_uplift": training.sparsity_uplift,
        "schedule_identifier": records.schedules[induction.schedule_id].identifier,
    }
    if validation_status_shown:
        details = records.validation_details.get(training.id)
        document["validation_status"] = validation_status(training, eligibility, details)
    document |= {
        "delivery_partner_id": _delivery_partner_id(records, partnership),
        "withdrawal": _left_training(records, training, provider_id, status, TrainingStatus.WITHDRAWN),
        "deferral": _left_training(records, training, provider_id, status, TrainingStatus.DEFERRED),
        "created_at": instant(training.created_at),
        "induction_end_date": _day(training.induction_completion_date),
        "mentor_funding_end_date": _day(training.mentor_completion_date),
        "cohort_changed_after_payments_frozen": training.cohort_changed_after_payments_frozen,
        "mentor_ineligible_for_funding_reason": None if training.ect else training.mentor_completion_reason,
    }
    return document


def _delivery_partner_id(records: Records, partnership: Partnership | None) -> str | None:
    """Who delivers the training; nobody once they have closed down."""
    partner = live_delivery_partner(records, partnership.delivery_partner_id) if partnership else None
    return partner.id if partner else None


def _left_training(
    records: Records, training: TrainingRecord, provider_id: str, now_is: TrainingStatus, asked: TrainingStatus
) -> dict[str, Any] | None:
    """The reason and date that the provider gave for a withdrawal or deferral that still holds."""
    if now_is is not asked:
        return None
    entries: tuple[StatusChange, ...] = records.status_changes.by("training_record_id", training.id)
    own = [it for it in entries if it.provider_id == provider_id and it.state is asked]
    newest = max(own, key=lambda it: it.created_at, default=None)
    if newest is None:
        return None
    return {"reason": _reason_shown(records, newest.reason), "date": instant(newest.created_at)}


def _reason_shown(records: Records, reason: str | None) -> str | None:
    # The old word for it is shown as the new one (behaviour/participants.md#6-6).
    if reason == "school-left-fip" and records.feature("programme_type_changes_2025"):
        return "switched-to-school-led"
    return reason


def _transfer(turn: Turn, it: Transfer) -> dict[str, Any]:
    records = turn.records
    leaving, joining = _side(records, it.leaving, it.leaving.end_date), None
    kind, status = "unknown", it.leaving.end_date
    if it.joining is not None:
        joining = _side(records, it.joining, it.joining.start_date)
        providers = leaving["provider"], joining["provider"]
        kind = "new_provider" if None not in providers and providers[0] != providers[1] else "new_school"
        status = max(status, it.joining.start_date) if status else it.joining.start_date
    today = turn.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "training_record_id": it.training.id,
        "transfer_type": kind,
        "status": "incomplete" if status is not None and status > today else "complete",
        "created_at": instant(it.leaving.created_at),
        "leaving": leaving,
        "joining": joining,
    }


def _side(records: Records, induction: InductionRecord, moment: datetime | None) -> dict[str, Any]:
    partnership = records.partnerships.get(records.programmes[induction.programme_id].partnership_id)
    provider = records.providers.get(partnership.provider_id) if partnership else None
    return {
        "school_urn": school_of(records, induction).urn,
        "provider": provider.name if provider else None,
        "date": _day(moment),
    }


def _email(records: Records, training: TrainingRecord, induction: InductionRecord) -> str:
    preferred = records.identities.get(induction.preferred_identity_id)
    if preferred is not None:
        return preferred.email
    return records.users[records.identities[training.identity_id].user_id].email


def _mentor_id(records: Records, training: TrainingRecord, induction: InductionRecord) -> str | None:
    mentor = records.training_records.get(induction.mentor_record_id) if training.ect else None
    return None if mentor is None else records.identities[mentor.identity_id].user_id


def _typed_trn(records: Records, training: TrainingRecord) -> str | None:
    details = records.validation_details.get(training.id)
    return details.trn or None if details else None


def _person_updated_at(records: Records, participant: Participant) -> datetime:
    user = participant.user
    newest = user.updated_at
    for identity in records.identities.by("user_id", user.id):
        newest = max(newest, identity.updated_at)
    for training in training_records_of(records, user.id):
        newest = max(newest, training.updated_at)
        for induction in records.induction_records.by("training_record_id", training.id):
            newest = max(newest, induction.updated_at)
    return newest


def _day(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()[:10]
