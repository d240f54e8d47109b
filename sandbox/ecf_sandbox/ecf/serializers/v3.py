"""The resources of version 3, one function each; their attributes stand in the order of openapi/v3.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Raw

from ecf_sandbox.api.response import encode
from ecf_sandbox.dates.wire import instant, instant_ms
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Phase, Statement
from ecf_sandbox.ecf.domain.eligibility import eligible_for_funding, trn_validated, validation_status
from ecf_sandbox.ecf.domain.participants import (
    Course,
    InductionRecord,
    InductionStatus,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
    User,
)
from ecf_sandbox.ecf.domain.providers import DeliveryPartner
from ecf_sandbox.ecf.domain.schools import Partnership, ProgrammeChoice, School
from ecf_sandbox.ecf.queries.declarations import billing, refunding
from ecf_sandbox.ecf.queries.participants import Enrolment, Participant, UnfundedMentor
from ecf_sandbox.ecf.queries.partnerships import (
    cohorts_with,
    in_partnership,
    live_delivery_partner,
    partnership_updated_at,
    school_cohort_for,
    tutors_of,
)
from ecf_sandbox.ecf.queries.training import school_of, training_records_of, user_of
from ecf_sandbox.ecf.queries.transfers import Transfer, Transfers
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.serializers.shared import Json, email_of, mentor_id_of, state_shown, trn_of, withdrawn

_PAID_AT_SOME_TIME = frozenset(
    {DeclarationState.PAID, DeclarationState.AWAITING_CLAWBACK, DeclarationState.CLAWED_BACK}
)
# What the service calls the choices since April 2025 (behaviour/http-and-partnerships.md#a12-1).
_LED_BY = {
    ProgrammeChoice.FULL_INDUCTION_PROGRAMME: "provider_led",
    ProgrammeChoice.SCHOOL_FUNDED_FIP: "provider_led",
    ProgrammeChoice.CORE_INDUCTION_PROGRAMME: "school_led",
    ProgrammeChoice.DESIGN_OUR_OWN: "school_led",
}


def participant(turn: Turn, it: Participant, provider_id: str) -> Json:
    """Participant: a person with all of their enrolments with the provider."""
    return _participant(turn.records, _seen(it, turn.now), provider_id, turn.edition.on("validation_status_shown"))


def encoded_participants(turn: Turn, people: Iterable[Participant], provider_id: str) -> list[Raw]:
    """The documents of several participants in JSON, kept with the records for as long as they say the same."""
    now, validation_status_shown = turn.now, turn.edition.on("validation_status_shown")
    seen = [_seen(it, now) for it in people]
    return turn.records.cached_all(_encoded_participant, seen, provider_id, validation_status_shown)


# A participant, and where they are with each school at some moment: all of their document that time decides.
_Seen = tuple[Participant, tuple[str | None, ...]]


def _seen(it: Participant, now: datetime) -> _Seen:
    return it, tuple([_participant_status(shown.induction, now) for shown in it.enrolments])


def _encoded_participant(records: Records, seen: _Seen, provider_id: str, validation_status_shown: bool) -> Raw:
    return Raw(encode(_participant(records, seen, provider_id, validation_status_shown)))


def _participant(records: Records, seen: _Seen, provider_id: str, validation_status_shown: bool) -> Json:
    participant, statuses = seen
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
                _enrolment(records, it, status, provider_id, validation_status_shown)
                for it, status in zip(participant.enrolments, statuses, strict=True)
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


def _enrolment(
    records: Records, it: Enrolment, participant_status: str | None, provider_id: str, validation_status_shown: bool
) -> Json:
    """Enrolment."""
    training, induction = it.training, it.induction
    programme = records.programmes[induction.programme_id]
    school_cohort = records.school_cohorts[programme.school_cohort_id]
    partnership = records.partnerships.get(programme.partnership_id)
    eligibility = records.eligibilities.get(training.id)
    trn = trn_of(records, user_of(records, training), training)
    status = induction.training_status
    document: Json = {
        "training_record_id": training.id,
        "email": email_of(records, training, induction),
        "mentor_id": mentor_id_of(records, training, induction),
        "school_urn": records.schools[school_cohort.school_id].urn,
        "participant_type": training.type,
        "cohort": str(school_cohort.cohort),
        "training_status": status,
        "participant_status": participant_status,
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


def transfers(turn: Turn, it: Transfers) -> Json:
    """ParticipantTransfers: a person's moves between schools."""
    return {
        "id": it.user.id,
        "type": "participant-transfer",
        "attributes": {
            "updated_at": instant(it.updated_at),
            "transfers": [_transfer(turn, transfer) for transfer in it.transfers],
        },
    }


def _transfer(turn: Turn, it: Transfer) -> Json:
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


def _side(records: Records, induction: InductionRecord, moment: datetime | None) -> Json:
    partnership = records.partnerships.get(records.programmes[induction.programme_id].partnership_id)
    provider = records.providers.get(partnership.provider_id) if partnership else None
    return {
        "school_urn": school_of(records, induction).urn,
        "provider": provider.name if provider else None,
        "date": _day(moment),
    }


def unfunded_mentor(records: Records, it: UnfundedMentor) -> Json:
    """UnfundedMentor: a mentor whom the provider does not train."""
    return {
        "id": it.user.id,
        "type": "unfunded-mentor",
        "attributes": {
            "full_name": it.user.full_name,
            "email": it.identity.email if it.identity else it.user.email,
            "teacher_reference_number": trn_of(records, it.user, it.training),
            "created_at": instant(it.user.created_at),
            "updated_at": instant(it.user.updated_at),
        },
    }


def declaration(turn: Turn, it: Declaration) -> Json:
    """Declaration."""
    records = turn.records
    billed, refunded = billing(records, it), refunding(records, it)
    return {
        "id": it.id,
        "type": "participant-declaration",
        "attributes": {
            "participant_id": it.user_id,
            "declaration_type": it.type,
            "course_identifier": it.course,
            "declaration_date": instant(it.date),
            "mentor_id": it.mentor_user_id,
            "state": state_shown(turn, it.state),
            "updated_at": instant(it.updated_at),
            "created_at": instant(it.created_at),
            "delivery_partner_id": it.delivery_partner_id,
            "statement_id": billed.statement_id if billed else None,
            "clawback_statement_id": refunded.statement_id if refunded else None,
            "ineligible_for_funding_reason": _ineligible_reason(it),
            "uplift_paid": _uplift_paid(it),
            "evidence_held": it.evidence_held,
            "has_passed": None,
            "lead_provider_name": records.providers[it.provider_id].organisation,
        },
    }


def statement(it: Statement) -> Json:
    """Statement (behaviour/declarations.md#8)."""
    month, _, year = it.name.partition(" ")
    return {
        "id": it.id,
        "type": "statement",
        "attributes": {
            "month": month,
            "year": year,
            "type": "ecf",
            "cohort": str(it.cohort),
            "cut_off_date": it.deadline_date.isoformat(),
            "payment_date": it.payment_date.isoformat(),
            "paid": it.phase is Phase.PAID,
            "created_at": instant(it.created_at),
            "updated_at": instant(it.updated_at),
        },
    }


def partnership(records: Records, it: Partnership, partner_id_as_typed: str | None = None) -> Json:
    """Partnership; a confirmation (ConfirmedPartnership) echoes the delivery partner's id as the client typed it."""
    school = records.schools[it.school_id]
    partner = live_delivery_partner(records, it.delivery_partner_id)
    tutor = next(iter(tutors_of(records, it.school_id)), None)
    return {
        "id": it.id,
        "type": "partnership",
        "attributes": {
            "cohort": str(it.cohort),
            "urn": school.urn,
            "school_id": it.school_id,
            "delivery_partner_id": partner_id_as_typed or it.delivery_partner_id,
            "delivery_partner_name": partner.name if partner else None,
            "status": "active" if it.challenge_reason is None else "challenged",
            "challenged_reason": it.challenge_reason,
            "challenged_at": None if it.challenged_at is None else instant_ms(it.challenged_at),
            "induction_tutor_name": tutor.full_name if tutor else None,
            "induction_tutor_email": _contact(school, tutor),
            "updated_at": instant(partnership_updated_at(records, it)),
            "created_at": instant(it.created_at),
        },
    }


def school(records: Records, it: School, cohort: int) -> Json:
    """School, as it is for a cohort."""
    school_cohort = school_cohort_for(records, it.id, cohort)
    choice = school_cohort.choice if school_cohort else ProgrammeChoice.NOT_YET_KNOWN
    updated_at = max(it.updated_at, school_cohort.updated_at) if school_cohort else it.updated_at
    return {
        "id": it.id,
        "type": "school",
        "attributes": {
            "name": it.name,
            "urn": it.urn,
            "cohort": str(cohort),
            "in_partnership": in_partnership(records, it.id, cohort),
            "induction_programme_choice": _choice_shown(records, choice),
            "created_at": instant(it.created_at),
            "updated_at": instant(updated_at),
        },
    }


def delivery_partner(records: Records, it: DeliveryPartner, provider_id: str) -> Json:
    """DeliveryPartner, with every cohort in which the provider works with it."""
    return {
        "id": it.id,
        "type": "delivery-partner",
        "attributes": {
            "name": it.name,
            "created_at": instant(it.created_at),
            "updated_at": instant(it.updated_at),
            "cohort": [str(year) for year in cohorts_with(records, provider_id, it.id)],
        },
    }


def _participant_status(induction: InductionRecord, now: datetime) -> str | None:
    """Where somebody is with their school, seen from `now` (behaviour/participants.md#5-3)."""
    if induction.end_date is not None:
        return "leaving" if induction.ends_after(now) else "left"
    if induction.starts_after(now):
        return "joining"
    if induction.induction_status in (InductionStatus.ACTIVE, InductionStatus.COMPLETED):
        return "active"
    return "withdrawn" if withdrawn(induction) else None


def _delivery_partner_id(records: Records, partnership: Partnership | None) -> str | None:
    """Who delivers the training; nobody once they have closed down."""
    partner = live_delivery_partner(records, partnership.delivery_partner_id) if partnership else None
    return partner.id if partner else None


def _left_training(
    records: Records, training: TrainingRecord, provider_id: str, now_is: TrainingStatus, asked: TrainingStatus
) -> Json | None:
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


def _day(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()[:10]


def _ineligible_reason(it: Declaration) -> str | None:
    if it.state is not DeclarationState.INELIGIBLE:
        return None
    return "duplicate_declaration" if it.state_reason == "duplicate" else it.state_reason


def _uplift_paid(it: Declaration) -> bool | None:
    if it.course is not Course.ECT or it.type != "started" or it.state not in _PAID_AT_SOME_TIME:
        return False
    # Old rows have no flags at all, and show null (behaviour/declarations.md#5-2).
    return it.sparsity_uplift or it.pupil_premium_uplift


def _choice_shown(records: Records, choice: ProgrammeChoice) -> str:
    """A programme choice in the words that are in force."""
    return _LED_BY.get(choice, choice.value) if records.feature("programme_type_changes_2025") else choice.value


def _contact(school: School, tutor: User | None) -> str | None:
    if tutor is not None:
        return tutor.email
    return school.primary_contact_email or school.secondary_contact_email
