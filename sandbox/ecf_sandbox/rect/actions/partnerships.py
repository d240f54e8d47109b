"""A lead provider says with which school and delivery partner it trains in a cohort (behaviour/rect.md#13)."""

from __future__ import annotations

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.saving import save, written_at
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership, LeadProvider
from ecf_sandbox.rect.domain.schools import SchoolPartnership, TrainingProgramme
from ecf_sandbox.rect.domain.teachers import TrainingPeriod
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rect.rules.partnerships import (
    CREATE_PARTNERSHIP,
    UPDATE_PARTNERSHIP,
    PartnershipAttempt,
    PartnershipUpdate,
)
from ecf_sandbox.rulebook.values import Fields, uuid_of, whole_number
from ecf_sandbox.state.record import replace


def create_partnership(turn: Turn, provider: LeadProvider, fields: Fields) -> SchoolPartnership:
    """Make a partnership; whoever waited for it at the school is trained under it. Raises Refused."""
    attempt = _gather(turn, provider, fields)
    turn.enforce(CREATE_PARTNERSHIP, attempt)
    if attempt.school is None or attempt.delivery is None:
        raise AssertionError("the rules let no partnership through that lacks one of these")
    made = SchoolPartnership(
        id=turn.new_id(),
        school_id=attempt.school.id,
        delivery_partnership_id=attempt.delivery.id,
        created_at=turn.now,
        updated_at=written_at(turn),
    )
    save(turn, made)
    waiting = _waiting(turn.records, made, attempt.delivery)
    save(turn, *(replace(it, school_partnership_id=made.id) for it in waiting))
    return turn.records.school_partnerships[made.id]


def update_partnership(
    turn: Turn, provider: LeadProvider, partnership: SchoolPartnership, fields: Fields
) -> SchoolPartnership:
    """Put another delivery partner into a partnership of the provider's. Raises Refused."""
    records = turn.records
    partner_id = fields.get("delivery_partner_id")
    partner = records.delivery_partners.get(uuid_of(partner_id))
    year = delivery_partnership_of(records, partnership).contract_period_year
    delivery = _delivery(records, provider, year, partner)
    attempt = PartnershipUpdate(
        partner_id=partner_id,
        partner=partner,
        delivery=delivery,
        rival=next(
            (
                it
                for it in records.school_partnerships.by("school_id", partnership.school_id)
                if delivery is not None and it.delivery_partnership_id == delivery.id
            ),
            None,
        ),
    )
    turn.enforce(UPDATE_PARTNERSHIP, attempt)
    if delivery is None:
        raise AssertionError("the rules let no partnership through without a delivery partner")
    save(turn, replace(partnership, delivery_partnership_id=delivery.id))
    return turn.records.school_partnerships[partnership.id]


def _gather(turn: Turn, provider: LeadProvider, fields: Fields) -> PartnershipAttempt:
    records = turn.records
    period = records.contract_periods.get(whole_number(fields.get("cohort")))
    school = records.schools.get(uuid_of(fields.get("school_id")))
    partner = records.delivery_partners.get(uuid_of(fields.get("delivery_partner_id")))
    known = (
        records.school_metadata.one("school_id,contract_period_year", (school.id, period.year))
        if school and period
        else None
    )
    return PartnershipAttempt(
        today=uk_day(turn.now),
        cohort=fields.get("cohort"),
        school_id=fields.get("school_id"),
        partner_id=fields.get("delivery_partner_id"),
        contract_period=period,
        school=school,
        partner=partner,
        delivery=_delivery(records, provider, period.year, partner) if period else None,
        rival=_own(records, provider, school.id, period.year) if school and period else None,
        school_led=known is not None and known.induction_programme_choice == TrainingProgramme.SCHOOL_LED,
    )


def _delivery(
    records: Records, provider: LeadProvider, year: int, partner: DeliveryPartner | None
) -> DeliveryPartnership | None:
    """That a delivery partner works with the provider in a contract period."""
    if partner is None:
        return None
    return records.delivery_partnerships.one(
        "lead_provider_id,contract_period_year,delivery_partner_id", (provider.id, year, partner.id)
    )


def _own(records: Records, provider: LeadProvider, school_id: str, year: int) -> SchoolPartnership | None:
    """The provider's partnership with a school in a contract period, whoever delivers."""
    for it in records.school_partnerships.by("school_id", school_id):
        delivery = delivery_partnership_of(records, it)
        if delivery.lead_provider_id == provider.id and delivery.contract_period_year == year:
            return it
    return None


def _waiting(records: Records, partnership: SchoolPartnership, delivery: DeliveryPartnership) -> list[TrainingPeriod]:
    """Training at the school for which an interest in the provider stands, and no partnership yet."""
    return [
        training
        for period in records.at_school_periods.by("school_id", partnership.school_id)
        for training in records.training_periods.by("at_school_period_id", period.id)
        if training.school_partnership_id is None
        and (interest := records.active_lead_providers.get(training.expression_of_interest_id)) is not None
        and interest.lead_provider_id == delivery.lead_provider_id
        and interest.contract_period_year == delivery.contract_period_year
    ]
