"""Looking up everything that decides about the confirmation or the update of a partnership, once."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.partnerships import live_delivery_partner, provider_relationship
from ecf_sandbox.ecf.rules.partnerships import Attempt
from ecf_sandbox.rulebook.scalars import Fields, uuid_of, whole_number
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.records import Records


def gather_confirmation(records: Records, provider: Provider, fields: Fields) -> Attempt:
    """The facts about a confirmation; the school's partners are only known for a known cohort."""
    year, school_id, partner_id = (fields.get(it) for it in ("cohort", "school_id", "delivery_partner_id"))
    cohort = records.cohorts.get(whole_number(year))
    school = records.schools.get(uuid_of(school_id))
    partner = live_delivery_partner(records, uuid_of(partner_id))
    attempt = Attempt(
        provider=provider,
        year=year,
        school_id=school_id,
        delivery_partner_id=partner_id,
        cohort=cohort,
        school=school,
        delivery_partner=partner,
        recognised=bool(cohort and partner and _recognised(records, provider, partner.id, cohort.start_year)),
    )
    if cohort is None or school is None:
        return attempt
    start_year = cohort.start_year
    return replace(
        attempt,
        partner_id=_partner_of(records, school.id, start_year, provider.id),
        partnered_before=_partner_of(records, school.id, start_year - 1, provider.id) is not None,
        chosen=records.school_cohorts.one("school_id,cohort", (school.id, start_year)) is not None,
    )


def gather_update(records: Records, provider: Provider, partnership: Partnership, fields: Fields) -> Attempt:
    """The facts about an update of one of the provider's ordinary partnerships."""
    partner_id = fields.get("delivery_partner_id")
    partner = live_delivery_partner(records, uuid_of(partner_id))
    return Attempt(
        provider=provider,
        year=partnership.cohort,
        school_id=partnership.school_id,
        delivery_partner_id=partner_id,
        cohort=records.cohorts[partnership.cohort],
        school=records.schools[partnership.school_id],
        delivery_partner=partner,
        recognised=bool(partner and _recognised(records, provider, partner.id, partnership.cohort)),
        challenged=partnership.challenged,
        related=any(
            it.relationship and partner is not None and it.delivery_partner_id == partner.id
            for it in rows_of(records, provider.id, partnership.school_id, partnership.cohort)
        ),
    )


def _recognised(records: Records, provider: Provider, delivery_partner_id: str, cohort: int) -> bool:
    """Whether the DfE knows a delivery partner to work with a provider for a cohort."""
    return provider_relationship(records, provider.id, delivery_partner_id, cohort) is not None


def _partner_of(records: Records, school_id: str, cohort: int, provider_id: str) -> str | None:
    """The provider that a school is in an unchallenged ordinary partnership with: `provider_id` if it is one."""
    rows = records.partnerships.by("school_id,cohort", (school_id, cohort))
    partners = [it.provider_id for it in rows if not it.challenged and not it.relationship]
    return provider_id if provider_id in partners else next(iter(partners), None)


def rows_of(records: Records, provider_id: str, school_id: str, cohort: int) -> list[Partnership]:
    """A provider's partnerships with a school for a cohort, whatever their state, relationships included."""
    rows = records.partnerships.by("school_id,cohort", (school_id, cohort))
    return [it for it in rows if it.provider_id == provider_id]
