"""The resources of version 2, one function each; their attributes stand in the order of openapi/v2.yaml."""

from __future__ import annotations

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.domain.eligibility import eligible_for_funding, trn_validated
from ecf_sandbox.ecf.queries.participants import Enrolment
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.serializers.shared import Json, email_of, mentor_id_of, state_shown, trn_of, withdrawn


def participant(turn: Turn, enrolment: Enrolment) -> Json:
    """Participant: one training record, so that a person may be several of them."""
    records, training, induction = turn.records, enrolment.training, enrolment.induction
    identity = records.identities[training.identity_id]
    user = records.users[identity.user_id]
    eligibility = records.eligibilities.get(training.id)
    school_cohort = records.school_cohorts[records.programmes[induction.programme_id].school_cohort_id]
    trn = trn_of(records, user, training)
    return {
        "id": user.id,
        "type": "participant",
        "attributes": {
            "email": email_of(records, training, induction),
            "full_name": user.full_name,
            "mentor_id": mentor_id_of(records, training, induction),
            "school_urn": records.schools[school_cohort.school_id].urn,
            "participant_type": training.type,
            "cohort": str(school_cohort.cohort),
            "status": "withdrawn" if withdrawn(induction) else "active",
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


def declaration(turn: Turn, it: Declaration) -> Json:
    """Declaration."""
    return {
        "id": it.id,
        "type": "participant-declaration",
        "attributes": {
            "participant_id": it.user_id,
            "declaration_type": it.type,
            "course_identifier": it.course,
            "declaration_date": instant(it.date),
            "updated_at": instant(it.updated_at),
            "state": state_shown(turn, it.state),
            "has_passed": None,
        },
    }
