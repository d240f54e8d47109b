"""Schools, partnerships, delivery partners and statements as a provider sees them."""

from __future__ import annotations

from datetime import date, datetime

from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.metadata import SchoolMetadata
from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.providers import DeliveryPartner
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership, Uplift
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.records import Records

NOT_YET_KNOWN = "not_yet_known"


def schools_in(records: Records, year: int) -> tuple[School, ...]:
    """Schools that are eligible, or have a partnership for the contract period, the oldest first."""
    return records.cached(_schools_in, year)


def _schools_in(records: Records, year: int) -> tuple[School, ...]:
    if year not in records.contract_periods:
        return ()
    found = (it for it in records.schools if it.fundable or in_partnership(records, it.id, year))
    return tuple(sorted(found, key=lambda it: it.created_at))


def school_metadata(records: Records, school_id: str, year: int) -> SchoolMetadata | None:
    """What is known of a school for a contract period."""
    return next(iter(records.school_metadata.by("school_id,contract_period_year", (school_id, year))), None)


def in_partnership(records: Records, school_id: str, year: int) -> bool:
    """Whether any provider has a partnership with the school for the contract period."""
    known = school_metadata(records, school_id, year)
    return known is not None and known.in_partnership


def programme_choice(records: Records, school_id: str, year: int) -> str:
    """Who runs the training at a school, as far as participants tell."""
    known = school_metadata(records, school_id, year)
    return NOT_YET_KNOWN if known is None else known.induction_programme_choice


def school_updated_at(records: Records, school: School, year: int) -> datetime:
    """When what is shown of a school for the contract period changed."""
    known = school_metadata(records, school.id, year)
    return school.created_at if known is None else known.updated_at


def interested(records: Records, school_id: str, lead_provider_id: str, year: int) -> bool:
    """Whether somebody at the school trains with the provider for the contract period, or is meant to."""
    rows = records.school_interests.by("school_id,contract_period_year", (school_id, year))
    return any(it.lead_provider_id == lead_provider_id for it in rows)


def tutor_email(school: School) -> str | None:
    """The induction tutor's address, else that of the school's first contact, else of its second."""
    return school.induction_tutor_email or school.primary_contact_email or school.secondary_contact_email


def uplift(records: Records, school_id: str, year: int) -> Uplift | None:
    """What a school is paid on top for a contract period, if that pays uplifts at all."""
    period = records.contract_periods.get(year)
    if period is None or not period.uplift_fees:
        return None
    return next(iter(records.uplifts.by("school_id,contract_period_year", (school_id, year))), None)


def partnerships_of(records: Records, lead_provider_id: str) -> tuple[SchoolPartnership, ...]:
    """A provider's partnerships for all contract periods, the oldest first."""
    return records.cached(_partnerships_of, lead_provider_id)


def _partnerships_of(records: Records, lead_provider_id: str) -> tuple[SchoolPartnership, ...]:
    found = (
        partnership
        for it in records.delivery_partnerships.by("lead_provider_id", lead_provider_id)
        for partnership in records.school_partnerships.by("delivery_partnership_id", it.id)
    )
    return tuple(sorted(found, key=lambda it: it.created_at))


def partnership(records: Records, lead_provider_id: str, id: str | None) -> SchoolPartnership | None:
    """A partnership of the provider."""
    found = records.school_partnerships.get(id)
    if found is None or delivery_partnership_of(records, found).lead_provider_id != lead_provider_id:
        return None
    return found


def currently_training(records: Records, it: SchoolPartnership, today: date) -> int:
    """How many training periods of a partnership contain a day."""
    return sum(contains(period, today) for period in records.training_periods.by("school_partnership_id", it.id))


def delivery_partners_of(records: Records, lead_provider_id: str) -> tuple[DeliveryPartner, ...]:
    """Delivery partners that work with a provider for any contract period, the oldest first."""
    return records.cached(_delivery_partners_of, lead_provider_id)


def _delivery_partners_of(records: Records, lead_provider_id: str) -> tuple[DeliveryPartner, ...]:
    ids = {it.delivery_partner_id for it in records.delivery_partnerships.by("lead_provider_id", lead_provider_id)}
    return tuple(sorted((records.delivery_partners[it] for it in ids), key=lambda it: it.created_at))


def years_with(records: Records, delivery_partner_id: str, lead_provider_id: str) -> list[int]:
    """The contract periods for which a delivery partner works with a provider."""
    rows = records.delivery_partnerships.by("delivery_partner_id", delivery_partner_id)
    return sorted(it.contract_period_year for it in rows if it.lead_provider_id == lead_provider_id)


def works_in(records: Records, delivery_partner_id: str, years: frozenset[int]) -> bool:
    """Whether a delivery partner works with any provider at all for one of these contract periods."""
    rows = records.delivery_partnerships.by("delivery_partner_id", delivery_partner_id)
    return any(it.contract_period_year in years for it in rows)


def statements_of(records: Records, lead_provider_id: str) -> tuple[Statement, ...]:
    """A provider's output statements, by payment date."""
    return records.cached(_statements_of, lead_provider_id)


def _statements_of(records: Records, lead_provider_id: str) -> tuple[Statement, ...]:
    found = (it for it in records.statements.by("lead_provider_id", lead_provider_id) if it.output_fee)
    return tuple(sorted(found, key=lambda it: (it.payment_date, it.contract_period_year)))
