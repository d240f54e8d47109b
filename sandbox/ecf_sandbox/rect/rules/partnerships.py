"""When a partnership is not made, or not changed (behaviour/rect.md#13)."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.domain.contracts import ContractPeriod
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank
from ecf_sandbox.state.record import Record

COHORT, SCHOOL, PARTNER = "cohort", "school_id", "delivery_partner_id"


class PartnerAttempt(Record, frozen=True, kw_only=True):
    """A wish to work with a delivery partner; `delivery` says that it works with the provider in the cohort."""

    partner_id: Scalar = None
    partner: DeliveryPartner | None = None
    delivery: DeliveryPartnership | None = None


class PartnershipAttempt(PartnerAttempt, frozen=True, kw_only=True):
    """A wish to train a school in a cohort. `rival` is the provider's own partnership with it there."""

    today: date
    cohort: Scalar = None
    school_id: Scalar = None
    contract_period: ContractPeriod | None = None
    school: School | None = None
    rival: SchoolPartnership | None = None
    school_led: bool = False


class PartnershipUpdate(PartnerAttempt, frozen=True, kw_only=True):
    """A wish to put another delivery partner into a partnership; `rival` has it already, or is this very one."""

    rival: SchoolPartnership | None = None


@rule("partnership.cohort-missing", field=COHORT, detail="Enter a '#/cohort'.", source="behaviour/rect.md#13-1")
def cohort_missing(attempt: PartnershipAttempt) -> bool:
    """A partnership is for a cohort."""
    return is_blank(attempt.cohort)


@rule("partnership.school-missing", field=SCHOOL, detail="Enter a '#/school_id'.", source="behaviour/rect.md#13-1")
def school_missing(attempt: PartnershipAttempt) -> bool:
    """A partnership is with a school."""
    return is_blank(attempt.school_id)


@rule(
    "partnership.delivery-partner-missing",
    field=PARTNER,
    detail="Enter a '#/delivery_partner_id'.",
    source="behaviour/rect.md#13-1",
)
def partner_missing(attempt: PartnerAttempt) -> bool:
    """A partnership names who delivers the training."""
    return is_blank(attempt.partner_id)


@rule(
    "partnership.cohort-unknown",
    field=COHORT,
    detail="The '#/cohort' you have entered is invalid. Check cohort details and try again.",
    source="behaviour/rect.md#13-1",
    quiet_after=(COHORT,),
)
def cohort_unknown(attempt: PartnershipAttempt) -> bool:
    """The cohort is one that there is."""
    return attempt.contract_period is None


@rule(
    "partnership.cohort-in-future",
    field=COHORT,
    detail="You cannot create a partnership for a future cohort.",
    source="behaviour/rect.md#13-1",
    quiet_after=(COHORT,),
)
def cohort_in_future(attempt: PartnershipAttempt) -> bool:
    """The cohort has started."""
    return attempt.contract_period is not None and attempt.contract_period.started_on > attempt.today


@rule(
    "partnership.cohort-closed",
    field=COHORT,
    detail="You cannot create this partnership as the cohort is closed.",
    source="behaviour/rect.md#13-1",
    quiet_after=(COHORT,),
)
def cohort_closed(attempt: PartnershipAttempt) -> bool:
    """The cohort is open."""
    return attempt.contract_period is not None and not attempt.contract_period.enabled


@rule(
    "partnership.school-unknown",
    field=SCHOOL,
    detail="The '#/school_id' you have entered is invalid. Check school details and try again. Contact the DfE for "
    "support if you are unable to find the '#/school_id'.",
    source="behaviour/rect.md#13-1",
    quiet_after=(SCHOOL,),
)
def school_unknown(attempt: PartnershipAttempt) -> bool:
    """The school is one that there is."""
    return attempt.school is None


@rule(
    "partnership.school-ineligible",
    field=SCHOOL,
    detail="The school you have entered is currently ineligible for DfE funding. Contact the school for more "
    "information.",
    source="behaviour/rect.md#13-1",
    quiet_after=(SCHOOL,),
)
def school_ineligible(attempt: PartnershipAttempt) -> bool:
    """The DfE pays for training at the school."""
    return attempt.school is not None and not attempt.school.fundable


@rule(
    "partnership.delivery-partner-unknown",
    field=PARTNER,
    detail="The '#/delivery_partner_id' you have entered is invalid. Check delivery partner details and try again.",
    source="behaviour/rect.md#13-1",
    quiet_after=(PARTNER,),
)
def partner_unknown(attempt: PartnerAttempt) -> bool:
    """The delivery partner is one that there is."""
    return attempt.partner is None


@rule(
    "partnership.delivery-partner-not-yours",
    field=PARTNER,
    detail="The entered delivery partner is not recognised to be working in partnership with you for the given cohort. "
    "Contact the DfE for more information.",
    source="behaviour/rect.md#13-1",
    quiet_after=(PARTNER,),
)
def partner_not_yours(attempt: PartnerAttempt) -> bool:
    """The delivery partner works with the provider in the cohort."""
    return attempt.delivery is None


@rule(
    "partnership.already-confirmed",
    field=SCHOOL,
    detail="You are already in a confirmed partnership with this school for the entered cohort.",
    source="behaviour/rect.md#13-1",
)
def already_confirmed(attempt: PartnershipAttempt) -> bool:
    """A provider has one partnership with a school for a cohort, whoever delivers."""
    return attempt.rival is not None


@rule(
    "partnership.school-led",
    field=SCHOOL,
    detail="This school has only registered school-led participants. Contact the school for more information.",
    source="behaviour/rect.md#13-1",
)
def school_led(attempt: PartnershipAttempt) -> bool:
    """Somebody at the school is to be trained by a provider, or nobody is known to be trained yet."""
    return attempt.school_led


@rule(
    "partnership.delivery-partner-already-there",
    field=PARTNER,
    detail="We are unable to process this request. You are already confirmed to be in partnership with the entered "
    "delivery partner. Contact the DfE for support.",
    source="behaviour/rect.md#13-2",
    quiet_after=(PARTNER,),
)
def partner_already_there(attempt: PartnershipUpdate) -> bool:
    """A change puts in somebody else, and no second partnership of the same three."""
    return attempt.rival is not None


CREATE_PARTNERSHIP: Rulebook[PartnershipAttempt] = Rulebook(
    "create a partnership",
    (
        cohort_missing,
        school_missing,
        partner_missing,
        cohort_unknown,
        cohort_in_future,
        cohort_closed,
        school_unknown,
        school_ineligible,
        partner_unknown,
        partner_not_yours,
        already_confirmed,
        school_led,
    ),
)
UPDATE_PARTNERSHIP: Rulebook[PartnershipUpdate] = Rulebook(
    "update a partnership", (partner_missing, partner_unknown, partner_not_yours, partner_already_there)
)
