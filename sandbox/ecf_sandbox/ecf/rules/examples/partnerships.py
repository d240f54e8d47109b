"""A sound confirmation or update of a partnership, and for each rule the smallest change that breaks only it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Cohort
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import School
from ecf_sandbox.ecf.rules.partnerships import PartnershipAttempt
from ecf_sandbox.state.record import replace

MOMENT = datetime(2024, 6, 1, 9, tzinfo=UTC)

PROVIDER = Provider(id="a" * 8, name="Alpha", organisation="Alpha Group")
COHORT = Cohort(start_year=2024, registration_start=date(2024, 4, 3), academic_year_start=date(2024, 9, 1))
DELIVERY_PARTNER = DeliveryPartner(id="d" * 8, name="Oakwood Hub", created_at=MOMENT, updated_at=MOMENT)
SCHOOL = School(
    id="5" * 8,
    urn="100001",
    name="Abbey School",
    type_code=1,
    status_code=1,
    district_code="E06000001",
    created_at=MOMENT,
    updated_at=MOMENT,
)


def an_attempt(**changes: Any) -> PartnershipAttempt:
    """An attempt that breaks no rule, whether it is judged as a confirmation or as an update."""
    sound = PartnershipAttempt(
        provider=PROVIDER,
        year="2024",
        school_id=SCHOOL.id,
        delivery_partner_id=DELIVERY_PARTNER.id,
        cohort=COHORT,
        school=SCHOOL,
        delivery_partner=DELIVERY_PARTNER,
        recognised=True,
    )
    return replace(sound, **changes)


EXAMPLES: dict[str, dict[str, Any]] = {
    "partnership.cohort-missing": {"year": " "},
    "partnership.school-missing": {"school_id": None},
    "partnership.delivery-partner-missing": {"delivery_partner_id": ""},
    "partnership.cohort-unknown": {"cohort": None},
    "partnership.school-unknown": {"school": None},
    "partnership.school-not-registered": {"school": replace(SCHOOL, type_code=11)},
    "partnership.school-ineligible": {"school": replace(SCHOOL, status_code=2)},
    "partnership.already-confirmed": {"partner_id": PROVIDER.id},
    "partnership.another-provider": {"partner_id": "somebody else"},
    "partnership.school-not-yet-confirmed": {"partnered_before": True},
    "partnership.delivery-partner-unknown": {"delivery_partner": None},
    "partnership.delivery-partner-not-recognised": {"recognised": False},
    "partnership.challenged": {"challenged": True},
    "partnership.relationship-exists": {"related": True},
}
