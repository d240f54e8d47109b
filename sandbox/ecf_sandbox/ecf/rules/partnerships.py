"""When the confirmation or the update of a partnership is refused (behaviour/http-and-partnerships.md#a6-3, #a9)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.cohorts import Cohort
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import School
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Scalar, is_blank
from ecf_sandbox.state.record import Record


class PartnershipAttempt(Record, frozen=True, kw_only=True):
    """What a provider says about a partnership, as typed and as understood, and the facts that decide about it.

    `recognised` says that the provider may name the delivery partner for the cohort. `partner_id` is the provider
    that the school is in partnership with for the cohort, `partnered_before` says that it had one, whichever, the
    year before, and `chosen` that it has set up the cohort. An update speaks of a partnership that there is:
    `challenged` is about that one, `related` says that the provider has a relationship with that very delivery
    partner there already.
    """

    provider: Provider
    year: Scalar
    school_id: Scalar
    delivery_partner_id: Scalar
    cohort: Cohort | None
    school: School | None
    delivery_partner: DeliveryPartner | None
    recognised: bool
    partner_id: str | None = None
    partnered_before: bool = False
    chosen: bool = False
    challenged: bool = False
    related: bool = False

    @property
    def eligible(self) -> bool:
        """Whether the school is known and may train teachers on DfE funding: only then its partners matter."""
        return self.school is not None and self.school.eligible


@rule(
    "partnership.cohort-missing",
    field="cohort",
    detail="Enter a '#/cohort'.",
    source="behaviour/http-and-partnerships.md#a6-3-1",
)
def cohort_missing(attempt: PartnershipAttempt) -> bool:
    """A provider says for which cohort it confirms a partnership."""
    return is_blank(attempt.year)


@rule(
    "partnership.school-missing",
    field="school_id",
    detail="Enter a '#/school_id'.",
    source="behaviour/http-and-partnerships.md#a6-3-1",
)
def school_missing(attempt: PartnershipAttempt) -> bool:
    """A provider says with which school it confirms a partnership."""
    return is_blank(attempt.school_id)


@rule(
    "partnership.delivery-partner-missing",
    field="delivery_partner_id",
    detail="Enter a '#/delivery_partner_id'.",
    source="behaviour/http-and-partnerships.md#a6-3-1, behaviour/http-and-partnerships.md#a9-1",
)
def delivery_partner_missing(attempt: PartnershipAttempt) -> bool:
    """A provider says which delivery partner will train the school's teachers."""
    return is_blank(attempt.delivery_partner_id)


@rule(
    "partnership.cohort-unknown",
    field="cohort",
    detail="The '#/cohort' you have entered is invalid. Check cohort details and try again.",
    source="behaviour/http-and-partnerships.md#a6-3-2",
)
def cohort_unknown(attempt: PartnershipAttempt) -> bool:
    """The cohort of a partnership is the start year of one that the DfE has set up."""
    return attempt.cohort is None and not is_blank(attempt.year)


@rule(
    "partnership.school-unknown",
    field="school_id",
    detail="The '#/school_id' you have entered is invalid. Check school details and try again. "
    "Contact the DfE for support if you are unable to find the '#/school_id'.",
    source="behaviour/http-and-partnerships.md#a6-3-4a",
)
def school_unknown(attempt: PartnershipAttempt) -> bool:
    """The school of a partnership is known to the service."""
    return attempt.school is None and not is_blank(attempt.school_id)


@rule(
    "partnership.school-not-registered",
    field="school_id",
    detail="The school you have entered has not registered to deliver DfE-funded training. "
    "Contact the school for more information.",
    source="behaviour/http-and-partnerships.md#a6-3-4b",
)
def school_not_registered(attempt: PartnershipAttempt) -> bool:
    """Schools of a kind that may only use the core materials take no provider, unless section 41 approves them."""
    return attempt.school is not None and attempt.school.cip_only_type and not attempt.eligible


@rule(
    "partnership.school-ineligible",
    field="school_id",
    detail="The school you have entered is currently ineligible for DfE funding. "
    "Contact the school for more information.",
    source="behaviour/http-and-partnerships.md#a6-3-4c",
)
def school_ineligible(attempt: PartnershipAttempt) -> bool:
    """A partnership needs an open school in England of a kind that the DfE funds."""
    return attempt.school is not None and not attempt.school.cip_only_type and not attempt.eligible


@rule(
    "partnership.already-confirmed",
    field="school_id",
    detail="You are already in a confirmed partnership with this school for the entered cohort.",
    source="behaviour/http-and-partnerships.md#a6-3-4d",
)
def already_confirmed(attempt: PartnershipAttempt) -> bool:
    """A partnership that the school has not challenged is confirmed once; an update changes its delivery partner."""
    return attempt.eligible and attempt.partner_id == attempt.provider.id


@rule(
    "partnership.another-provider",
    field="school_id",
    detail="Another provider is in a confirmed partnership with the school for the cohort you entered. "
    "Contact the school for more information.",
    source="behaviour/http-and-partnerships.md#a6-3-4e",
)
def another_provider(attempt: PartnershipAttempt) -> bool:
    """A school trains a cohort with one provider; another may only follow once the school has challenged the first."""
    return attempt.eligible and attempt.partner_id not in (None, attempt.provider.id)


@rule(
    "partnership.school-not-yet-confirmed",
    field="school_id",
    detail="The school you have entered has not yet confirmed they will deliver DfE-funded training. "
    "Contact the school for more information.",
    source="behaviour/http-and-partnerships.md#a6-3-4f",
)
def school_not_yet_confirmed(attempt: PartnershipAttempt) -> bool:
    """A school that had a provider the year before says first how it will train the new cohort."""
    return attempt.eligible and attempt.partner_id is None and attempt.partnered_before and not attempt.chosen


@rule(
    "partnership.delivery-partner-unknown",
    field="delivery_partner_id",
    detail="The '#/delivery_partner_id' you have entered is invalid. Check delivery partner details and try again.",
    source="behaviour/http-and-partnerships.md#a6-3-5a, behaviour/http-and-partnerships.md#a9-2",
)
def delivery_partner_unknown(attempt: PartnershipAttempt) -> bool:
    """The delivery partner of a partnership is known to the service and has not closed down."""
    return attempt.delivery_partner is None and not is_blank(attempt.delivery_partner_id)


@rule(
    "partnership.delivery-partner-not-recognised",
    field="delivery_partner_id",
    detail="The entered delivery partner is not recognised to be working in partnership with you for the given "
    "cohort. Contact the DfE for more information.",
    source="behaviour/http-and-partnerships.md#a6-3-5b, behaviour/http-and-partnerships.md#a9-3",
)
def delivery_partner_not_recognised(attempt: PartnershipAttempt) -> bool:
    """A provider only names delivery partners that the DfE knows to work with it for the cohort."""
    return attempt.delivery_partner is not None and not attempt.recognised


@rule(
    "partnership.challenged",
    field="delivery_partner_id",
    detail="Your update cannot be made as this partnership has been challenged by the school. If this partnership "
    "has been challenged in error, submit a new partnership confirmation using the endpoint "
    "POST /api/v3/partnerships/ecf.",
    source="behaviour/http-and-partnerships.md#a9-4",
)
def challenged(attempt: PartnershipAttempt) -> bool:
    """A partnership that the school has challenged is confirmed anew rather than updated."""
    return attempt.recognised and attempt.challenged


@rule(
    "partnership.relationship-exists",
    field="delivery_partner_id",
    detail="We are unable to process this request. You are already confirmed to be in partnership with the entered "
    "delivery partner. Contact the DfE for support.",
    source="behaviour/http-and-partnerships.md#a9-5",
)
def relationship_exists(attempt: PartnershipAttempt) -> bool:
    """A delivery partner who trains a transferred teacher there for the provider does not become the school's own."""
    return attempt.recognised and not attempt.challenged and attempt.related


CONFIRM_PARTNERSHIP: Rulebook[PartnershipAttempt] = Rulebook(
    "confirm a partnership",
    (
        cohort_missing,
        school_missing,
        delivery_partner_missing,
        cohort_unknown,
        school_unknown,
        school_not_registered,
        school_ineligible,
        already_confirmed,
        another_provider,
        school_not_yet_confirmed,
        delivery_partner_unknown,
        delivery_partner_not_recognised,
    ),
)

UPDATE_PARTNERSHIP: Rulebook[PartnershipAttempt] = Rulebook(
    "update a partnership",
    (
        delivery_partner_missing,
        delivery_partner_unknown,
        delivery_partner_not_recognised,
        challenged,
        relationship_exists,
    ),
)
