"""Partnerships, schools and delivery partners as documents (v3)."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.dates.wire import instant, instant_ms
from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner
from ecf_sandbox.ecf.domain.schools import Partnership, ProgrammeChoice, School
from ecf_sandbox.ecf.queries.partnerships import (
    cohorts_with,
    in_partnership,
    partnership_updated_at,
    school_cohort_for,
    tutors_of,
)
from ecf_sandbox.ecf.records import Records

# What the service calls the choices since April 2025 (behaviour/http-and-partnerships.md#a12-1).
_LED_BY = {
    ProgrammeChoice.FULL_INDUCTION_PROGRAMME: "provider_led",
    ProgrammeChoice.SCHOOL_FUNDED_FIP: "provider_led",
    ProgrammeChoice.CORE_INDUCTION_PROGRAMME: "school_led",
    ProgrammeChoice.DESIGN_OUR_OWN: "school_led",
}


def partnership_document(records: Records, it: Partnership, partner_id_as_typed: str | None = None) -> dict[str, Any]:
    """One partnership; a confirmation echoes the delivery partner's id as the client typed it."""
    school = records.schools[it.school_id]
    partner = _live(records.delivery_partners.get(it.delivery_partner_id))
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


def school_document(records: Records, it: School, cohort: int) -> dict[str, Any]:
    """One school as it is for a cohort."""
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
            "induction_programme_choice": choice_shown(records, choice),
            "created_at": instant(it.created_at),
            "updated_at": instant(updated_at),
        },
    }


def choice_shown(records: Records, choice: ProgrammeChoice) -> str:
    """A programme choice in the words that are in force."""
    return _LED_BY.get(choice, choice.value) if records.feature("programme_type_changes_2025") else choice.value


def delivery_partner_document(records: Records, it: DeliveryPartner, provider_id: str) -> dict[str, Any]:
    """One delivery partner with every cohort in which the provider works with it."""
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


def _contact(school: School, tutor: User | None) -> str | None:
    if tutor is not None:
        return tutor.email
    return school.primary_contact_email or school.secondary_contact_email


def _live(partner: DeliveryPartner | None) -> DeliveryPartner | None:
    return None if partner is None or partner.discarded_at is not None else partner
