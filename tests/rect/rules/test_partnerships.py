"""Each reason to refuse a partnership or a change of one, and what comes with what."""

from __future__ import annotations

from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.rules.examples.partnerships import an_attempt, an_update
from ecf_sandbox.rect.rules.examples.people import COHORT, PARTNERSHIP, SCHOOL, TODAY
from ecf_sandbox.rect.rules.partnerships import CREATE_PARTNERSHIP, UPDATE_PARTNERSHIP
from ecf_sandbox.state.record import replace


def broken(book, attempt):
    """The rules that an attempt breaks, in order and without their prefix."""
    return [rule.id.removeprefix("partnership.") for rule, wrong in book.judge(attempt, GUIDANCE) if wrong]


def test_everything_that_is_missing_is_named():
    nothing = an_attempt(
        cohort=None, school_id=None, partner_id=None, contract_period=None, school=None, partner=None, delivery=None
    )

    assert broken(CREATE_PARTNERSHIP, nothing) == ["cohort-missing", "school-missing", "delivery-partner-missing"]


def test_each_attribute_stops_at_its_first_failure():
    strange = an_attempt(contract_period=None, school=None, partner=None, delivery=None)

    assert broken(CREATE_PARTNERSHIP, strange) == ["cohort-unknown", "school-unknown", "delivery-partner-unknown"]


def test_a_cohort_is_open_from_its_first_day():
    assert broken(CREATE_PARTNERSHIP, an_attempt(contract_period=replace(COHORT, started_on=TODAY))) == []


def test_a_school_that_the_dfe_marked_is_eligible():
    assert broken(CREATE_PARTNERSHIP, an_attempt(school=replace(SCHOOL, eligible=False, marked_as_eligible=True))) == []


def test_a_partnership_of_ones_own_is_named_beside_an_ineligible_school():
    attempt = an_attempt(school=replace(SCHOOL, eligible=False), rival=PARTNERSHIP)

    assert broken(CREATE_PARTNERSHIP, attempt) == ["school-ineligible", "already-confirmed"]


def test_an_update_with_a_partner_of_somebody_else_is_not_compared_with_what_is_there():
    assert broken(UPDATE_PARTNERSHIP, an_update(delivery=None, rival=PARTNERSHIP)) == ["delivery-partner-not-yours"]
