"""When a confirmation or an update of a partnership is refused."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.ecf.rules.examples.partnerships import COHORT, DELIVERY_PARTNER, EXAMPLES, PROVIDER, SCHOOL, an_attempt
from ecf_sandbox.ecf.rules.partnerships import CONFIRM_PARTNERSHIP, UPDATE_PARTNERSHIP
from ecf_sandbox.rulebook.rule import Rulebook
from ecf_sandbox.state.record import replace

BOOKS = (CONFIRM_PARTNERSHIP, UPDATE_PARTNERSHIP)
CASES = [(book, it.id) for book in BOOKS for it in book.rules]


def broken(book, attempt):
    return [it.id for it, broken in book.judge(attempt, GUIDANCE) if broken]


class TestEveryRule:
    @pytest.mark.parametrize(("book", "id"), CASES, ids=[f"{book.action}: {id}" for book, id in CASES])
    def test_is_broken_alone_by_its_example(self, book: Rulebook, id: str):
        assert broken(book, an_attempt(**EXAMPLES[id])) == [id]

    @pytest.mark.parametrize("book", BOOKS, ids=lambda it: it.action)
    def test_is_kept_by_a_sound_attempt(self, book: Rulebook):
        assert broken(book, an_attempt()) == []

    def test_has_an_example_and_a_policy(self):
        rules = {it.id: it for book in BOOKS for it in book.rules}

        assert rules.keys() == EXAMPLES.keys()
        assert all(it.policy.endswith(".") for it in rules.values())


class TestTheSchoolsRules:
    @pytest.mark.parametrize("partner_id", [PROVIDER.id, "somebody else", None])
    def test_look_at_its_kind_alone_before_its_partners(self, partner_id):
        closed = replace(SCHOOL, status_code=2)

        found = broken(CONFIRM_PARTNERSHIP, an_attempt(school=closed, partner_id=partner_id, partnered_before=True))

        assert found == ["partnership.school-ineligible"]

    @pytest.mark.parametrize(
        ("partner_id", "rule"), [(PROVIDER.id, "already-confirmed"), ("somebody else", "another-provider")]
    )
    def test_ask_for_no_choice_where_there_is_a_partner(self, partner_id, rule):
        found = broken(CONFIRM_PARTNERSHIP, an_attempt(partner_id=partner_id, partnered_before=True))

        assert found == [f"partnership.{rule}"]

    def test_let_an_approved_independent_school_take_a_provider(self):
        approved = replace(SCHOOL, type_code=11, section_41_approved=True)

        assert broken(CONFIRM_PARTNERSHIP, an_attempt(school=approved)) == []

    def test_call_a_closed_independent_school_ineligible(self):
        closed = replace(SCHOOL, type_code=11, status_code=2)

        assert broken(CONFIRM_PARTNERSHIP, an_attempt(school=closed)) == ["partnership.school-ineligible"]

    def test_ask_for_a_choice_only_after_a_year_with_a_provider(self):
        assert broken(CONFIRM_PARTNERSHIP, an_attempt(partnered_before=True, chosen=True)) == []
        assert broken(CONFIRM_PARTNERSHIP, an_attempt(partnered_before=False, chosen=False)) == []


class TestSeveralReasons:
    NOTHING = {"cohort": None, "school": None, "delivery_partner": None, "recognised": False}

    def test_of_a_confirmation_without_anything_are_what_is_missing(self):
        attempt = an_attempt(year="", school_id=None, delivery_partner_id="", **self.NOTHING)

        assert broken(CONFIRM_PARTNERSHIP, attempt) == [
            "partnership.cohort-missing",
            "partnership.school-missing",
            "partnership.delivery-partner-missing",
        ]

    def test_of_a_confirmation_about_strangers_are_cohort_school_and_partner(self):
        assert broken(CONFIRM_PARTNERSHIP, an_attempt(**self.NOTHING)) == [
            "partnership.cohort-unknown",
            "partnership.school-unknown",
            "partnership.delivery-partner-unknown",
        ]

    def test_begin_with_what_is_missing(self):
        assert broken(CONFIRM_PARTNERSHIP, an_attempt(delivery_partner_id="", **self.NOTHING)) == [
            "partnership.delivery-partner-missing",
            "partnership.cohort-unknown",
            "partnership.school-unknown",
        ]

    def test_end_with_the_partner(self):
        closed = replace(SCHOOL, status_code=2)

        assert broken(CONFIRM_PARTNERSHIP, an_attempt(school=closed, recognised=False)) == [
            "partnership.school-ineligible",
            "partnership.delivery-partner-not-recognised",
        ]


class TestAnUpdate:
    @pytest.mark.parametrize("challenged", [True, False])
    def test_says_that_a_partner_is_not_recognised_before_anything_about_the_school(self, challenged):
        found = broken(UPDATE_PARTNERSHIP, an_attempt(recognised=False, challenged=challenged, related=True))

        assert found == ["partnership.delivery-partner-not-recognised"]

    def test_says_that_the_school_objects_before_that_there_is_a_relationship(self):
        assert broken(UPDATE_PARTNERSHIP, an_attempt(challenged=True, related=True)) == ["partnership.challenged"]


attempts = st.builds(
    an_attempt,
    year=st.sampled_from(["2024", "", None]),
    school_id=st.sampled_from([SCHOOL.id, " "]),
    delivery_partner_id=st.sampled_from([DELIVERY_PARTNER.id, False]),
    cohort=st.sampled_from([COHORT, None]),
    school=st.sampled_from(
        [SCHOOL, None, *(replace(SCHOOL, type_code=t, status_code=s) for t in (1, 11) for s in (1, 2))]
    ),
    delivery_partner=st.sampled_from([DELIVERY_PARTNER, None]),
    recognised=st.booleans(),
    partner_id=st.sampled_from([None, PROVIDER.id, "somebody else"]),
    partnered_before=st.booleans(),
    chosen=st.booleans(),
    challenged=st.booleans(),
    related=st.booleans(),
)


def as_gathered(attempt):
    """The facts that are found together: what is blank or unknown leads to nothing else."""
    cohort = attempt.cohort if attempt.year else None
    partner = attempt.delivery_partner if attempt.delivery_partner_id else None
    return replace(
        attempt,
        cohort=cohort,
        school=attempt.school if attempt.school_id != " " else None,
        delivery_partner=partner,
        recognised=attempt.recognised and cohort is not None and partner is not None,
    )


@given(attempts.map(as_gathered), st.sampled_from(BOOKS))
def test_no_attribute_is_refused_for_two_reasons(attempt, book):
    fields = sorted(it.field for it, broken in book.judge(attempt, GUIDANCE) if broken)

    assert all(len(list(group)) == 1 for _, group in groupby(fields))


@given(attempts.map(as_gathered))
def test_what_a_confirmation_needs_is_known_once_no_rule_is_broken(attempt):
    if not broken(CONFIRM_PARTNERSHIP, attempt):
        assert attempt.cohort is not None
        assert attempt.school is not None
        assert attempt.delivery_partner is not None
