"""What schools and the DfE do about partnerships, programmes and providers."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import Course, InductionStatus, ParticipantType
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.ecf.events.partnerships import (
    add_provider_relationship,
    challenge_partnership,
    change_programme_choice,
    change_provider,
    discard_delivery_partner,
    discard_provider_relationship,
    set_programme_choice,
)
from ecf_sandbox.ecf.queries.partnerships import provider_relationship
from ecf_sandbox.rulebook.refusals import DoesNotFit
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
    history,
)

ALPHA, BETA = an_id("provider", "alpha"), an_id("provider", "beta")
ABBEY, OAKWOOD = an_id("school", "abbey"), an_id("delivery partner", "oakwood")
ANN = an_id("user", "ann")
ALPHAS, BETAS = an_id("partnership", "alpha at abbey"), an_id("partnership", "beta at abbey")
CIP, NO_ECTS = ProgrammeChoice.CORE_INDUCTION_PROGRAMME, ProgrammeChoice.NO_EARLY_CAREER_TEACHERS
MISTAKE = ChallengeReason.MISTAKE


def a_partnered_school(*rows):
    """Abbey trains 2024 with alpha; ann is in training there."""
    return a_turn(
        a_cohort(),
        a_school(),
        a_provider("alpha"),
        a_provider("beta"),
        a_delivery_partner(),
        a_relationship(),
        a_school_cohort(default_programme="fip"),
        a_programme(partnership="alpha at abbey"),
        a_partnership(),
        *a_trainee(),
        *rows,
    )


class TestAChallenge:
    def test_is_kept_with_its_reason_and_moment(self):
        turn = a_partnered_school()

        challenge_partnership(turn, ALPHAS, MISTAKE)

        partnership = turn.records.partnerships[ALPHAS]
        assert partnership.challenge_reason is MISTAKE
        assert partnership.challenged_at.replace(microsecond=0) == NOW

    def test_updates_the_school_and_its_participants_but_not_their_history(self):
        turn = a_partnered_school()

        challenge_partnership(turn, ALPHAS, MISTAKE)

        assert turn.records.schools[ABBEY].updated_at > NOW
        assert turn.records.users[ANN].updated_at > NOW
        assert len(history(turn)) == 1

    @pytest.mark.parametrize("reason", ChallengeReason)
    def test_takes_the_programme_away_only_where_there_are_no_teachers(self, reason):
        turn = a_partnered_school()

        challenge_partnership(turn, ALPHAS, reason)

        school_cohort = turn.records.school_cohorts[an_id("school cohort", "abbey 2024")]
        assert (school_cohort.choice is NO_ECTS) == (reason is ChallengeReason.NO_ECTS)
        assert (school_cohort.default_programme_id is None) == (reason is ChallengeReason.NO_ECTS)

    def test_of_a_challenged_partnership_does_not_fit(self):
        turn = a_partnered_school()
        challenge_partnership(turn, ALPHAS, MISTAKE)

        with pytest.raises(DoesNotFit, match="mistake"):
            challenge_partnership(turn, ALPHAS, ChallengeReason.NO_ECTS)


class TestAProgrammeChoice:
    def test_is_set_once(self):
        turn = a_partnered_school(a_cohort(2025))

        made = set_programme_choice(turn, ABBEY, 2025, CIP)

        assert (made.school_id, made.cohort, made.choice) == (ABBEY, 2025, CIP)
        assert turn.records.programmes[made.default_programme_id].kind is CIP
        with pytest.raises(DoesNotFit, match="change_programme_choice"):
            set_programme_choice(turn, ABBEY, 2025, CIP)

    def test_without_a_programme_is_set_without_one(self):
        assert set_programme_choice(a_partnered_school(), ABBEY, 2025, NO_ECTS).default_programme_id is None

    def test_is_changed_with_everybody_in_training(self):
        turn = a_partnered_school()

        changed = change_programme_choice(turn, ABBEY, 2024, CIP)

        old, new = history(turn)
        assert old.induction_status is InductionStatus.CHANGED
        assert new.programme_id == changed.default_programme_id

    def test_of_a_cohort_that_is_not_set_up_cannot_be_changed(self):
        with pytest.raises(DoesNotFit, match="set_programme_choice"):
            change_programme_choice(a_partnered_school(), ABBEY, 2025, CIP)


class TestAChangeOfProvider:
    BETAS_HERE = a_partnership("beta at abbey", provider="beta", partner="birch", relationship=True)

    def move(self, turn, partnership_id=BETAS, mistake=False, **more):
        return change_provider(turn, ANN, partnership_id, mistake, **more)

    def test_of_circumstances_leaves_the_old_record_behind(self):
        turn = a_partnered_school(self.BETAS_HERE)

        self.move(turn)

        old, new = history(turn)
        assert old.induction_status is InductionStatus.CHANGED
        assert turn.records.programmes[new.programme_id].partnership_id == BETAS

    def test_for_a_mistake_edits_the_record_in_place(self):
        turn = a_partnered_school(self.BETAS_HERE)

        self.move(turn, mistake=True)

        (only,) = history(turn)
        assert turn.records.programmes[only.programme_id].partnership_id == BETAS
        assert turn.records.users[ANN].updated_at > NOW

    def test_takes_the_programme_that_the_partnership_has(self):
        turn = a_partnered_school(self.BETAS_HERE, a_programme("betas", partnership="beta at abbey"))

        assert self.move(turn).programme_id == an_id("programme", "betas")

    @pytest.mark.parametrize("state", [DeclarationState.SUBMITTED, DeclarationState.VOIDED])
    def test_for_a_mistake_needs_a_provider_without_declarations(self, state):
        declaration = a_declaration(state=state)
        turn = a_partnered_school(self.BETAS_HERE, declaration)

        with pytest.raises(DoesNotFit, match="declarations"):
            self.move(turn, mistake=True)
        assert self.move(turn, mistake=False)

    def test_for_a_mistake_does_not_mind_another_providers_declarations(self):
        turn = a_partnered_school(self.BETAS_HERE, a_declaration(provider_id=BETA))

        assert self.move(turn, mistake=True)

    def in_a_relationship(self, *rows):
        """Ann is with alpha by a relationship, on a programme of her own; the school's default is beta's."""
        return a_turn(
            a_cohort(),
            a_school(),
            a_provider("alpha"),
            a_provider("beta"),
            a_delivery_partner(),
            a_school_cohort(default_programme="betas"),
            a_programme(partnership="alpha at abbey"),
            a_programme("betas", partnership="beta at abbey"),
            a_partnership(relationship=True),
            a_partnership("beta at abbey", provider="beta", partner="birch"),
            *a_trainee(),
            *rows,
        )

    def test_for_a_mistake_removes_the_programme_and_the_relationship_that_it_leaves_empty(self):
        turn = self.in_a_relationship()

        self.move(turn, mistake=True)

        assert an_id("programme", "fip") not in turn.records.programmes
        assert ALPHAS not in turn.records.partnerships

    def test_of_circumstances_keeps_what_the_old_record_needs(self):
        turn = self.in_a_relationship()

        self.move(turn)

        assert an_id("programme", "fip") in turn.records.programmes
        assert ALPHAS in turn.records.partnerships

    def test_for_a_mistake_keeps_a_programme_that_somebody_is_or_was_on(self):
        turn = self.in_a_relationship(*a_trainee("ben"))

        self.move(turn, mistake=True)

        assert an_id("programme", "fip") in turn.records.programmes
        assert ALPHAS in turn.records.partnerships

    def test_for_a_mistake_keeps_the_schools_default_programme(self):
        turn = a_partnered_school(self.BETAS_HERE)

        self.move(turn, mistake=True)

        assert an_id("programme", "fip") in turn.records.programmes
        assert ALPHAS in turn.records.partnerships

    def test_for_a_mistake_keeps_a_relationship_that_another_programme_has(self):
        turn = self.in_a_relationship(a_programme("spare", partnership="alpha at abbey"))

        self.move(turn, mistake=True)

        assert an_id("programme", "fip") not in turn.records.programmes
        assert ALPHAS in turn.records.partnerships

    def test_for_a_mistake_keeps_a_confirmed_partnership(self):
        turn = self.in_a_relationship(a_partnership())

        self.move(turn, mistake=True)

        assert an_id("programme", "fip") not in turn.records.programmes
        assert ALPHAS in turn.records.partnerships

    def test_to_the_present_partnership_changes_nothing(self):
        turn = a_partnered_school()
        before = turn.records

        self.move(turn, ALPHAS)

        assert turn.records is before

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"challenge_reason": MISTAKE}, "challenged"),
            ({"cohort": 2023}, "2023"),
            ({"school_id": an_id("school", "brook")}, "another school"),
        ],
        ids=["challenged", "another cohort's", "another school's"],
    )
    def test_does_not_fit_a_partnership_that_is(self, change, why):
        turn = a_partnered_school(a_partnership("beta at abbey", provider="beta", **change))

        with pytest.raises(DoesNotFit, match=why):
            self.move(turn)

    def test_does_not_fit_somebody_without_a_provider(self):
        turn = a_partnered_school(self.BETAS_HERE)
        change_programme_choice(turn, ABBEY, 2024, CIP)

        with pytest.raises(DoesNotFit, match="not trained by any provider"):
            self.move(turn)

    def test_does_not_fit_somebody_without_such_training(self):
        with pytest.raises(DoesNotFit):
            self.move(a_partnered_school(self.BETAS_HERE), course_identifier=Course.MENTOR)


class TestADeliveryPartner:
    def test_closes_down_with_all_its_relationships(self):
        turn = a_partnered_school(a_relationship("beta"), a_relationship("beta", "birch"))

        discard_delivery_partner(turn, OAKWOOD)

        assert turn.records.delivery_partners[OAKWOOD].discarded_at is not None
        assert provider_relationship(turn.records, ALPHA, OAKWOOD, 2024) is None
        assert provider_relationship(turn.records, BETA, OAKWOOD, 2024) is None
        assert provider_relationship(turn.records, BETA, an_id("delivery partner", "birch"), 2024) is not None

    def test_closes_down_once(self):
        turn = a_partnered_school()
        discard_delivery_partner(turn, OAKWOOD)

        with pytest.raises(DoesNotFit):
            discard_delivery_partner(turn, OAKWOOD)

    def test_that_has_closed_down_begins_nothing(self):
        turn = a_partnered_school()
        discard_delivery_partner(turn, OAKWOOD)

        with pytest.raises(DoesNotFit):
            add_provider_relationship(turn, ALPHA, OAKWOOD, 2024)


class TestAProviderRelationship:
    def test_ends_and_begins_again(self):
        turn = a_partnered_school()

        discard_provider_relationship(turn, ALPHA, OAKWOOD, 2024)
        assert provider_relationship(turn.records, ALPHA, OAKWOOD, 2024) is None

        begun = add_provider_relationship(turn, ALPHA, OAKWOOD, 2024)
        assert provider_relationship(turn.records, ALPHA, OAKWOOD, 2024) == begun

    def test_ends_only_if_it_is_there(self):
        with pytest.raises(DoesNotFit):
            discard_provider_relationship(a_partnered_school(), BETA, OAKWOOD, 2024)

    def test_begins_only_if_it_is_not(self):
        with pytest.raises(DoesNotFit):
            add_provider_relationship(a_partnered_school(), ALPHA, OAKWOOD, 2024)


def a_declaration(**changes):
    sound = {
        "id": an_id("declaration", "started"),
        "user_id": ANN,
        "training_record_id": an_id("training record", "ann"),
        "provider_id": ALPHA,
        "course": Course.ECT,
        "participant_type": ParticipantType.ECT,
        "type": "started",
        "date": LONG_AGO,
        "cohort": 2024,
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
    }
    return Declaration(**{**sound, **changes})
