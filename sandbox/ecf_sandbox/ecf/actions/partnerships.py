"""Confirming partnerships with schools, and changing the delivery partner of one."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from ecf_sandbox.dates.calendar import LATEST
from ecf_sandbox.ecf.actions.programmes import adopt_partnership, school_cohort_at
from ecf_sandbox.ecf.actions.training_history import touch_school
from ecf_sandbox.ecf.domain.cohorts import Cohort
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.partnerships import live_delivery_partner, provider_relationship
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.rules.partnerships import CONFIRM_PARTNERSHIP, UPDATE_PARTNERSHIP, PartnershipAttempt
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.rulebook.values import Fields, uuid_of, whole_number
from ecf_sandbox.state.record import replace


def gather_confirmation(records: Records, provider: Provider, fields: Fields) -> PartnershipAttempt:
    """The facts about a confirmation; the school's partners are only known for a known cohort."""
    year, school_id, partner_id = (fields.get(it) for it in ("cohort", "school_id", "delivery_partner_id"))
    cohort = records.cohorts.get(whole_number(year))
    school = records.schools.get(uuid_of(school_id))
    partner = live_delivery_partner(records, uuid_of(partner_id))
    attempt = PartnershipAttempt(
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


def gather_update(records: Records, provider: Provider, partnership: Partnership, fields: Fields) -> PartnershipAttempt:
    """The facts about an update of one of the provider's ordinary partnerships."""
    partner_id = fields.get("delivery_partner_id")
    partner = live_delivery_partner(records, uuid_of(partner_id))
    return PartnershipAttempt(
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


# A school may challenge for two weeks, and in any case in the first two months of the cohort's academic year.
MONTHS_TO_CHALLENGE = 2
TIME_TO_CHALLENGE = timedelta(days=14)


def confirm_partnership(turn: Turn, provider: Provider, fields: Fields) -> Partnership:
    """A provider has agreed with a school and a delivery partner that it trains the school's cohort.

    `fields` are the scalar attributes as they came. Raises Refused.
    """
    attempt = gather_confirmation(turn.records, provider, fields)
    turn.enforce(CONFIRM_PARTNERSHIP, attempt)
    return report(turn, _confirmed_row(turn, attempt))


def update_partnership(turn: Turn, provider: Provider, partnership: Partnership, fields: Fields) -> Partnership:
    """A provider works with another delivery partner at a school; naming the present one changes nothing.

    `partnership` is one of the provider's ordinary ones; only the delivery partner is read of `fields`. Raises Refused.
    """
    attempt = gather_update(turn.records, provider, partnership, fields)
    turn.enforce(UPDATE_PARTNERSHIP, attempt)
    assert attempt.delivery_partner is not None  # the rules have seen to it
    if attempt.delivery_partner.id == partnership.delivery_partner_id:
        return partnership
    wanted = replace(partnership, delivery_partner_id=attempt.delivery_partner.id)
    _insist_on_one_row(turn.records, wanted)
    return report(turn, wanted)


def _confirmed_row(turn: Turn, attempt: PartnershipAttempt) -> Partnership:
    """The row that becomes the ordinary one, with the delivery partner wanted.

    It is a relationship with that very delivery partner, else the provider's ordinary one (challenged, as it must
    be), else a new one (behaviour/http-and-partnerships.md#a7-1). Of several ordinary ones the service takes any; here
    the one that fits, or the oldest.
    """
    assert attempt.school is not None  # the rules have seen to all three
    assert attempt.cohort is not None
    assert attempt.delivery_partner is not None
    partner_id, cohort = attempt.delivery_partner.id, attempt.cohort.start_year
    rows = rows_of(turn.records, attempt.provider.id, attempt.school.id, cohort)
    rows.sort(key=lambda it: (not it.relationship, it.delivery_partner_id != partner_id, it.created_at))
    for it in rows:
        if not it.relationship or it.delivery_partner_id == partner_id:
            return replace(it, delivery_partner_id=partner_id)
    at = turn.stamp()
    return Partnership(
        id=turn.new_id(),
        school_id=attempt.school.id,
        provider_id=attempt.provider.id,
        delivery_partner_id=partner_id,
        cohort=cohort,
        created_at=at,
        updated_at=at,
    )


def _insist_on_one_row(records: Records, wanted: Partnership) -> None:
    """Raise BadRequest if the provider has a second partnership there with the delivery partner now wanted.

    The service's database refuses that (behaviour/http-and-partnerships.md#a14-q3); it takes two ordinary ones. The row
    that is to change is with another delivery partner as yet.
    """
    rows = rows_of(records, wanted.provider_id, wanted.school_id, wanted.cohort)
    if any(it.delivery_partner_id == wanted.delivery_partner_id for it in rows):
        raise BadRequest("Bad request", "You have a partnership with this school, cohort and delivery partner already.")


def report(turn: Turn, partnership: Partnership) -> Partnership:
    """A partnership stands as it is given, ordinary and unchallenged, and the school's programme follows it.

    This is what a confirmation and an update have in common (behaviour/http-and-partnerships.md#a7).
    """
    reported = save_partnership(
        turn,
        replace(
            partnership,
            relationship=False,
            pending=False,
            challenged_at=None,
            challenge_reason=None,
            challenge_deadline=challenge_deadline(turn.records.cohorts[partnership.cohort], turn.now),
            report_id=turn.new_id(),
        ),
    )
    adopt_partnership(turn, school_cohort_at(turn, reported.school_id, reported.cohort), reported)
    return reported


def save_partnership(turn: Turn, partnership: Partnership) -> Partnership:
    """Save a partnership: it, the school and everybody who is registered there, in any cohort, are updated now."""
    saved = replace(partnership, updated_at=turn.stamp())
    turn.save(saved)
    touch_school(turn, saved.school_id)
    return saved


def same_partners_at(
    turn: Turn, partnership: Partnership, school_id: str, cohort: int, *, relationship: bool
) -> Partnership:
    """The partnership with the same provider and delivery partner at a school, made if there is none.

    `relationship` says which kind is made; of those that are there an active one comes first.
    """
    there = turn.records.partnerships.by("school_id,cohort", (school_id, cohort))
    same = [it for it in there if partners_of(it) == partners_of(partnership)]
    found = next((it for it in same if it.active), None) or next(iter(same), None)
    return found or _start_partnership(turn, partnership, school_id, cohort, relationship=relationship)


def partners_of(partnership: Partnership) -> tuple[str, str]:
    """Who trains: the provider and the delivery partner."""
    return partnership.provider_id, partnership.delivery_partner_id


def _start_partnership(
    turn: Turn, partnership: Partnership, school_id: str, cohort: int, *, relationship: bool
) -> Partnership:
    at = turn.stamp()
    made = Partnership(
        id=turn.new_id(),
        school_id=school_id,
        provider_id=partnership.provider_id,
        delivery_partner_id=partnership.delivery_partner_id,
        cohort=cohort,
        relationship=relationship,
        created_at=at,
        updated_at=at,
    )
    # As a confirmed partnership does, it updates everybody at the school (behaviour/errata.md#participants).
    return save_partnership(turn, made)


def challenge_deadline(cohort: Cohort, now: datetime) -> datetime:
    """Until when the school may challenge a partnership that is reported now."""
    last_day = _months_after(cohort.academic_year_start, MONTHS_TO_CHALLENGE) - timedelta(days=1)
    # The moment may be the end of the year 9999, where a client pretends to be.
    return max(datetime.combine(last_day, time.min, UTC), min(now, LATEST - TIME_TO_CHALLENGE) + TIME_TO_CHALLENGE)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
