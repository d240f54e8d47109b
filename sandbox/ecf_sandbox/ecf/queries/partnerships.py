"""Partnerships, and which delivery partners a provider may name (behaviour/http-and-partnerships.md#a4, #a13)."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, ProviderRelationship
from ecf_sandbox.ecf.domain.schools import Partnership, School, SchoolCohort
from ecf_sandbox.ecf.queries.participants import FIRST_SHOWN_COHORT
from ecf_sandbox.ecf.records import Records


def partnerships(records: Records, provider_id: str, cohorts: frozenset[int] | None) -> tuple[Partnership, ...]:
    """The provider's ordinary partnerships of the cohorts (default: after 2020), challenged ones too, oldest first."""
    found = [
        it
        for it in records.partnerships.by("provider_id", provider_id)
        if not it.relationship and (it.cohort >= FIRST_SHOWN_COHORT if cohorts is None else it.cohort in cohorts)
    ]
    return tuple(sorted(found, key=lambda it: (it.created_at, it.id)))


def ordinary_partnership(records: Records, provider_id: str, id: str | None) -> Partnership | None:
    """One of the provider's ordinary partnerships."""
    it = records.partnerships.get(id)
    return it if it is not None and it.provider_id == provider_id and not it.relationship else None


def in_partnership(records: Records, school_id: str, cohort: int) -> bool:
    """Whether a school has any unchallenged partnership for a cohort, whoever with, relationships included."""
    return any(not it.challenged for it in records.partnerships.by("school_id,cohort", (school_id, cohort)))


def tutors_of(records: Records, school_id: str) -> tuple[User, ...]:
    """The users who are a school's induction tutors."""
    return tuple(records.users[it.user_id] for it in records.induction_tutors.by("school_id", school_id))


def partnership_updated_at(records: Records, it: Partnership) -> datetime:
    """The newest change to the partnership, its school, its delivery partner or the school's first induction tutor."""
    moments = [it.updated_at, records.schools[it.school_id].updated_at]
    partner = live_delivery_partner(records, it.delivery_partner_id)
    if partner is not None:
        moments.append(partner.updated_at)
    moments += [tutor.updated_at for tutor in tutors_of(records, it.school_id)[:1]]
    return max(moments)


def partnership_touched_since(records: Records, it: Partnership, moment: datetime) -> bool:
    """Whether anything that `updated_since` looks at changed then or later: every induction tutor counts here."""
    return partnership_updated_at(records, it) >= moment or any(
        tutor.updated_at >= moment for tutor in tutors_of(records, it.school_id)
    )


def live_delivery_partner(records: Records, id: str | None) -> DeliveryPartner | None:
    """A delivery partner that has not been closed down."""
    it = records.delivery_partners.get(id)
    return it if it is not None and it.discarded_at is None else None


def provider_relationship(
    records: Records, provider_id: str, delivery_partner_id: str, cohort: int
) -> ProviderRelationship | None:
    """What lets a provider name a delivery partner for a cohort, if it is in force."""
    return next(
        (
            it
            for it in records.provider_relationships.by("delivery_partner_id", delivery_partner_id)
            if it.provider_id == provider_id and it.cohort == cohort and it.discarded_at is None
        ),
        None,
    )


def cohorts_with(records: Records, provider_id: str, delivery_partner_id: str) -> list[int]:
    """The cohorts for which a provider may name a delivery partner, ascending."""
    found = records.provider_relationships.by("delivery_partner_id", delivery_partner_id)
    return sorted({it.cohort for it in found if it.provider_id == provider_id and it.discarded_at is None})


def delivery_partners(
    records: Records, provider_id: str, cohorts: frozenset[int] | None
) -> tuple[DeliveryPartner, ...]:
    """Those the provider works with in the cohorts (default: after 2020), oldest first."""
    ids = {
        it.delivery_partner_id
        for it in records.provider_relationships.by("provider_id", provider_id)
        if it.discarded_at is None and (it.cohort >= FIRST_SHOWN_COHORT if cohorts is None else it.cohort in cohorts)
    }
    found = [it for it in (live_delivery_partner(records, id) for id in ids) if it is not None]
    return tuple(sorted(found, key=lambda it: (it.created_at, it.id)))


def schools(records: Records, cohort: int) -> tuple[School, ...]:
    """The schools that are on offer for a cohort, the oldest first."""
    return records.cached(_schools, cohort)


def school_cohort_for(records: Records, school_id: str, cohort: int) -> SchoolCohort | None:
    """What a school chose for a cohort, if it has chosen."""
    return records.school_cohorts.one("school_id,cohort", (school_id, cohort))


def listed(records: Records, school: School, cohort: int) -> bool:
    """Eligible and not limited to core materials, or in an ordinary partnership for the cohort."""
    return (school.eligible and not school.cip_only_type) or any(
        not it.challenged and not it.relationship
        for it in records.partnerships.by("school_id,cohort", (school.id, cohort))
    )


def school_touched_since(records: Records, school: School, moment: datetime) -> bool:
    """Whether the school or what it chose for any cohort changed then or later."""
    return school.updated_at >= moment or any(
        it.updated_at >= moment for it in records.school_cohorts.by("school_id", school.id)
    )


def _schools(records: Records, cohort: int) -> tuple[School, ...]:
    found = (it for it in records.schools if listed(records, it, cohort))
    return tuple(sorted(found, key=lambda it: (it.created_at, it.id)))
