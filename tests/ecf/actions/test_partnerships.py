"""Confirming and updating partnerships: what is looked up, which row is taken, and what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.actions.partnerships import (
    challenge_deadline,
    confirm_partnership,
    same_partners_at,
    update_partnership,
)
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.rulebook.refusals import BadRequest, Refused
from tests.ecf.actions.school_builders import (
    LONG_AGO,
    NOW,
    a_cohort,
    a_delivery_partner,
    a_partnership,
    a_programme,
    a_provider,
    a_relationship,
    a_school,
    a_school_cohort,
    a_trainee,
    a_turn,
    an_id,
)

ALPHA, BETA = a_provider("alpha"), a_provider("beta")
OAKWOOD, BIRCH = an_id("delivery partner", "oakwood"), an_id("delivery partner", "birch")
ABBEY = an_id("school", "abbey")
CHALLENGED = {"challenge_reason": ChallengeReason.MISTAKE, "challenged_at": LONG_AGO}

# Three delivery partners in the order of their ids.
FIRST, MIDDLE, LAST = sorted(("oakwood", "birch", "cedar"), key=lambda it: an_id("delivery partner", it))

AROUND = [
    ALPHA,
    BETA,
    a_cohort(2024),
    a_cohort(2023),
    a_school(),
    a_delivery_partner("oakwood"),
    a_delivery_partner("birch"),
    a_delivery_partner("cedar"),
    *(a_relationship(provider, partner) for provider in ("alpha", "beta") for partner in (FIRST, MIDDLE, LAST)),
]


def around(*rows):
    return a_turn(*AROUND, *rows)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fields(**changes):
    return {"cohort": "2024", "school_id": ABBEY, "delivery_partner_id": OAKWOOD, **changes}


def refused(turn, provider=ALPHA, **changes):
    with pytest.raises(Refused) as caught:
        confirm_partnership(turn, provider, fields(**changes))
    return [it.rule.removeprefix("partnership.") for it in caught.value.refusals]


class TestConfirming:
    def test_makes_an_ordinary_unchallenged_partnership(self):
        turn = around()

        made = confirm_partnership(turn, ALPHA, fields())

        assert turn.records.partnerships[made.id] == made
        assert (made.provider_id, made.school_id, made.delivery_partner_id, made.cohort) == (
            ALPHA.id,
            ABBEY,
            OAKWOOD,
            2024,
        )
        assert made.active
        assert not made.relationship
        assert made.created_at.replace(microsecond=0) == NOW

    def test_reads_ids_and_the_year_in_any_accepted_spelling(self):
        made = confirm_partnership(
            around(),
            ALPHA,
            fields(cohort="2024xyz", school_id=ABBEY.upper(), delivery_partner_id=f"{{{OAKWOOD}}}"),
        )

        assert (made.school_id, made.delivery_partner_id, made.cohort) == (ABBEY, OAKWOOD, 2024)

    def test_sets_up_the_schools_cohort_with_a_programme(self):
        turn = around()

        made = confirm_partnership(turn, ALPHA, fields())

        (school_cohort,) = turn.records.school_cohorts
        assert school_cohort.choice is ProgrammeChoice.FULL_INDUCTION_PROGRAMME
        assert turn.records.programmes[school_cohort.default_programme_id].partnership_id == made.id

    def test_ignores_everything_else_that_was_sent(self):
        made = confirm_partnership(around(), ALPHA, fields(lead_provider_id=BETA.id, status="challenged"))

        assert made.provider_id == ALPHA.id
        assert made.active

    def test_updates_the_school_and_everybody_registered_there_in_any_cohort(self):
        turn = around(a_school_cohort(cohort=2023), *a_trainee("old", cohort=2023), *a_trainee("other", school="b"))

        confirm_partnership(turn, ALPHA, fields())

        assert turn.records.schools[ABBEY].updated_at > NOW
        assert turn.records.users[an_id("user", "old")].updated_at > NOW
        assert turn.records.users[an_id("user", "other")].updated_at == LONG_AGO


class TestAConfirmationIsRefused:
    def test_about_an_unknown_cohort_rather_than_crashing(self):
        assert refused(around(), cohort="1999") == ["cohort-unknown", "delivery-partner-not-recognised"]

    def test_about_a_missing_cohort_rather_than_crashing(self):
        assert refused(around(), cohort=None) == ["cohort-missing", "delivery-partner-not-recognised"]

    def test_about_everything_missing_at_once(self):
        with pytest.raises(Refused) as caught:
            confirm_partnership(around(), ALPHA, {})

        assert [it.title for it in caught.value.refusals] == ["cohort", "school_id", "delivery_partner_id"]

    def test_while_the_provider_is_the_schools_partner(self):
        assert refused(around(a_partnership())) == ["already-confirmed"]

    @pytest.mark.parametrize("providers", [("alpha", "beta"), ("beta", "alpha")], ids=" ".join)
    def test_while_the_provider_is_one_of_two(self, providers):
        turn = around(*(a_partnership(f"{it} at abbey", provider=it) for it in providers))

        assert refused(turn) == ["already-confirmed"]

    def test_while_another_provider_is(self):
        assert refused(around(a_partnership()), provider=BETA) == ["another-provider"]

    def test_only_for_the_cohort_in_which_the_partner_is_the_partner(self):
        turn = around(a_partnership(cohort=2023, provider="beta"), a_school_cohort())

        assert confirm_partnership(turn, ALPHA, fields()).cohort == 2024

    @pytest.mark.parametrize("provider", ["alpha", "beta"])
    def test_until_a_school_with_a_provider_last_year_has_chosen(self, provider):
        assert refused(around(a_partnership(cohort=2023, provider=provider))) == ["school-not-yet-confirmed"]

    @pytest.mark.parametrize("change", [CHALLENGED, {"relationship": True}], ids=["challenged", "a relationship"])
    def test_neither_for_this_nor_for_last_years_partnership_that_does_not_count(self, change):
        for cohort in (2023, 2024):
            turn = around(a_partnership(provider="beta", cohort=cohort, **change))

            assert confirm_partnership(turn, ALPHA, fields()).provider_id == ALPHA.id

    def test_for_a_delivery_partner_who_has_closed_down(self):
        turn = around(a_delivery_partner("oakwood", discarded_at=LONG_AGO))

        assert refused(turn) == ["delivery-partner-unknown"]

    def test_for_a_delivery_partner_whose_relationship_has_ended(self):
        turn = around(a_relationship("alpha", "oakwood", discarded_at=LONG_AGO))

        assert refused(turn) == ["delivery-partner-not-recognised"]

    def test_and_nothing_is_kept(self):
        turn = around()
        before = turn.records

        refused(turn, cohort="1999")

        assert turn.records is before


class TestConfirmingAgain:
    def test_takes_the_challenged_row_whoever_its_delivery_partner_was(self):
        turn = around(a_partnership(partner="birch", **CHALLENGED))

        made = confirm_partnership(turn, ALPHA, fields())

        assert made.id == an_id("partnership", "alpha at abbey")
        assert made.created_at == LONG_AGO
        assert (made.delivery_partner_id, made.challenge_reason, made.challenged_at) == (OAKWOOD, None, None)

    def test_leaves_another_providers_challenged_row_as_it_is(self):
        challenged = a_partnership(**CHALLENGED)
        turn = around(challenged)

        made = confirm_partnership(turn, BETA, fields())

        assert made.id != challenged.id
        assert turn.records.partnerships[challenged.id] == challenged

    def test_makes_a_relationship_with_that_very_delivery_partner_the_ordinary_one(self):
        turn = around(a_partnership("kept", relationship=True), a_partnership(partner="birch", **CHALLENGED))

        made = confirm_partnership(turn, ALPHA, fields())

        assert made.id == an_id("partnership", "kept")
        assert not made.relationship

    @pytest.mark.parametrize("other", [FIRST, LAST])
    def test_leaves_a_relationship_with_another_delivery_partner_alone(self, other):
        kept = a_partnership("kept", partner=other, relationship=True)
        turn = around(kept)

        made = confirm_partnership(turn, ALPHA, fields(delivery_partner_id=an_id("delivery partner", MIDDLE)))

        assert made.id != kept.id
        assert turn.records.partnerships[kept.id] == kept

    def test_prefers_among_several_challenged_rows_the_one_with_that_delivery_partner(self):
        turn = around(
            a_partnership("first", partner="birch", **CHALLENGED),
            a_partnership("second", partner="oakwood", **CHALLENGED),
        )

        assert confirm_partnership(turn, ALPHA, fields()).id == an_id("partnership", "second")


class TestUpdating:
    @pytest.fixture
    def own(self):
        return a_partnership()

    def test_changes_the_delivery_partner_of_the_same_row(self, own):
        turn = around(own)

        updated = update_partnership(turn, ALPHA, own, {"delivery_partner_id": BIRCH.upper()})

        assert (updated.id, updated.created_at, updated.delivery_partner_id) == (own.id, LONG_AGO, BIRCH)
        assert turn.records.partnerships[own.id] == updated

    def test_to_the_present_delivery_partner_touches_nothing(self, own):
        turn = around(own)
        before = turn.records

        assert update_partnership(turn, ALPHA, own, {"delivery_partner_id": OAKWOOD}) == own
        assert turn.records is before

    def test_reads_nothing_but_the_delivery_partner(self, own):
        updated = update_partnership(around(own), ALPHA, own, {"delivery_partner_id": BIRCH, "cohort": "2023"})

        assert updated.cohort == 2024

    @pytest.mark.parametrize(
        ("typed", "others", "rule"),
        [
            pytest.param(" ", [], "delivery-partner-missing", id="blank"),
            pytest.param("bad", [], "delivery-partner-unknown", id="no id"),
            pytest.param(
                "bad",
                [a_partnership("kept", partner="birch", relationship=True)],
                "delivery-partner-unknown",
                id="no id, where another trains a transferred teacher",
            ),
            pytest.param(
                BIRCH,
                [a_relationship("alpha", "birch", discarded_at=LONG_AGO)],
                "delivery-partner-not-recognised",
                id="their relationship ended",
            ),
            pytest.param(
                BIRCH,
                [a_partnership("kept", partner="birch", relationship=True)],
                "relationship-exists",
                id="trains a transferred teacher there",
            ),
        ],
    )
    def test_is_refused(self, own, typed, others, rule):
        turn = around(own, *others)

        with pytest.raises(Refused) as caught:
            update_partnership(turn, ALPHA, own, {"delivery_partner_id": typed})

        assert [it.rule for it in caught.value.refusals] == [f"partnership.{rule}"]

    @pytest.mark.parametrize("partner", [OAKWOOD, BIRCH], ids=["the present one", "another one"])
    def test_of_a_challenged_partnership_is_refused(self, partner):
        own = a_partnership(**CHALLENGED)

        with pytest.raises(Refused) as caught:
            update_partnership(around(own), ALPHA, own, {"delivery_partner_id": partner})

        assert [it.rule for it in caught.value.refusals] == ["partnership.challenged"]

    @pytest.mark.parametrize(
        "other",
        [
            a_partnership("kept", partner="birch", relationship=True, provider="beta"),
            a_partnership("kept", partner="birch", relationship=True, cohort=2023),
        ],
        ids=["another provider's", "another cohort's"],
    )
    def test_minds_no_relationship_but_its_own(self, own, other):
        updated = update_partnership(around(own, other), ALPHA, own, {"delivery_partner_id": BIRCH})

        assert updated.delivery_partner_id == BIRCH

    @pytest.mark.parametrize(("own", "kept"), [(FIRST, LAST), (LAST, FIRST)])
    def test_minds_no_relationship_with_somebody_else(self, own, kept):
        own = a_partnership(partner=own)
        turn = around(own, a_partnership("kept", partner=kept, relationship=True))
        wanted = an_id("delivery partner", MIDDLE)

        assert update_partnership(turn, ALPHA, own, {"delivery_partner_id": wanted}).delivery_partner_id == wanted

    def test_to_the_delivery_partner_of_a_second_ordinary_row_is_no_request_that_can_be_met(self, own):
        with pytest.raises(BadRequest):
            update_partnership(
                around(own, a_partnership("second", partner="birch")), ALPHA, own, {"delivery_partner_id": BIRCH}
            )

    def test_makes_a_school_led_cohort_provider_led(self, own):
        cip = ProgrammeChoice.CORE_INDUCTION_PROGRAMME
        turn = around(own, a_school_cohort(default_programme="core", choice=cip), a_programme("core", kind=cip))

        update_partnership(turn, ALPHA, own, {"delivery_partner_id": BIRCH})

        (school_cohort,) = turn.records.school_cohorts
        assert school_cohort.choice is ProgrammeChoice.FULL_INDUCTION_PROGRAMME


class TestTheChallengeDeadline:
    @pytest.mark.parametrize(
        ("cohort", "now", "deadline"),
        [
            pytest.param(2025, "2025-08-01T10:00", "2025-10-31T00:00", id="early: the end of October"),
            pytest.param(2024, "2025-08-01T10:00", "2025-08-15T10:00", id="late: a fortnight"),
        ],
    )
    def test_is_the_later_of_two_months_into_the_year_and_a_fortnight(self, cohort, now, deadline):
        assert challenge_deadline(a_cohort(cohort), moment(now)) == moment(deadline)

    def test_is_in_the_year_after_for_one_that_begins_late(self):
        cohort = a_cohort(academic_year_start=date(2024, 12, 1))

        assert challenge_deadline(cohort, moment("2024-12-02T10:00")) == moment("2025-01-31T00:00")

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    def test_is_always_a_fortnight_away_at_least(self, start):
        cohort = a_cohort(academic_year_start=start)

        assert challenge_deadline(cohort, NOW) >= NOW + timedelta(days=14)


class TestTheSamePartners:
    """Who trains somebody at one school goes on with them at another."""

    PARTNERSHIP = a_partnership()

    def at_grange(self, turn):
        return same_partners_at(turn, self.PARTNERSHIP, an_id("school", "grange"), 2024, relationship=True)

    def there(self, name, **changes):
        return a_partnership(name, school="grange", **changes)

    def test_have_the_active_partnership_that_there_is(self):
        challenged, active = self.there("challenged", **CHALLENGED), self.there("active", relationship=True)
        turn = around(a_school("grange"), challenged, active)

        assert self.at_grange(turn) == active

    def test_have_a_challenged_one_rather_than_a_second(self):
        challenged = self.there("challenged", **CHALLENGED)
        turn = around(a_school("grange"), challenged)

        assert self.at_grange(turn) == challenged

    @pytest.mark.parametrize("other", [{"provider": "beta"}, {"partner": "birch"}, {"cohort": 2023}], ids=repr)
    def test_begin_one_where_there_is_none(self, other):
        another = self.there("another", **other)
        turn = around(a_school("grange"), another)

        begun = self.at_grange(turn)

        assert begun.id != another.id
        assert (begun.school_id, begun.provider_id, begun.delivery_partner_id) == (
            an_id("school", "grange"),
            ALPHA.id,
            OAKWOOD,
        )
        assert begun.relationship
