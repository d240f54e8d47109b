"""A sound partnership and change of one, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ecf_sandbox.rect.rules.examples.people import COHORT, DELIVERY, PARTNER, PARTNERSHIP, SCHOOL, TODAY
from ecf_sandbox.rect.rules.partnerships import PartnershipAttempt, PartnershipUpdate
from ecf_sandbox.state.record import replace


def an_attempt(**changes: Any) -> PartnershipAttempt:
    """A provider trains a school with a delivery partner of its own."""
    sound = PartnershipAttempt(
        today=TODAY,
        cohort="2025",
        school_id="school",
        partner_id="partner",
        contract_period=COHORT,
        school=SCHOOL,
        partner=PARTNER,
        delivery=DELIVERY,
    )
    return replace(sound, **changes)


def an_update(**changes: Any) -> PartnershipUpdate:
    """Another delivery partner trains the school."""
    return replace(PartnershipUpdate(partner_id="partner", partner=PARTNER, delivery=DELIVERY), **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "partnership.cohort-missing": {"cohort": None},
    "partnership.school-missing": {"school_id": None},
    "partnership.delivery-partner-missing": {"partner_id": None},
    "partnership.cohort-unknown": {"contract_period": None},
    "partnership.cohort-in-future": {"contract_period": replace(COHORT, started_on=date(2026, 6, 1))},
    "partnership.cohort-closed": {"contract_period": replace(COHORT, enabled=False)},
    "partnership.school-unknown": {"school": None},
    "partnership.school-ineligible": {"school": replace(SCHOOL, eligible=False)},
    "partnership.delivery-partner-unknown": {"partner": None},
    "partnership.delivery-partner-not-yours": {"delivery": None},
    "partnership.already-confirmed": {"rival": PARTNERSHIP},
    "partnership.school-led": {"school_led": True},
    "partnership.delivery-partner-already-there": {"rival": PARTNERSHIP},
}
