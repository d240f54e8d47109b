"""Which programme a school's cohort follows, and who moves with it."""

from __future__ import annotations

from datetime import datetime

import pytest

from ecf_sandbox.ecf.actions.programmes import adopt_partnership, choose_programme, move_participants, programme_with
from ecf_sandbox.ecf.domain.participants import InductionStatus, TrainingStatus
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from tests.ecf.actions.school_builders import (
    LONG_AGO,
    NOW,
    a_partnership,
    a_programme,
    a_school,
    a_school_cohort,
    a_trainee,
    a_turn,
    an_id,
    history,
)

FIP, CIP = ProgrammeChoice.FULL_INDUCTION_PROGRAMME, ProgrammeChoice.CORE_INDUCTION_PROGRAMME
CHALLENGED = {"challenge_reason": ChallengeReason.MISTAKE, "challenged_at": LONG_AGO}
ALPHAS = a_partnership()
EARLIER, LATER = datetime.fromisoformat("2024-12-01T00:00+00:00"), datetime.fromisoformat("2025-03-01T00:00+00:00")


def around(*rows):
    return a_turn(a_school(), *rows)


def adopt(turn, partnership=ALPHAS):
    turn.save(partnership)
    adopt_partnership(turn, turn.records.school_cohorts[an_id("school cohort", "abbey 2024")], partnership)


def default_of(turn):
    (school_cohort,) = turn.records.school_cohorts
    return turn.records.programmes.get(school_cohort.default_programme_id)


class TestAPartnershipIsAdopted:
    def test_by_a_programme_without_one(self):
        turn = around(a_school_cohort(default_programme="fip"), a_programme(), *a_trainee())

        adopt(turn)

        assert default_of(turn).id == an_id("programme", "fip")
        assert default_of(turn).partnership_id == ALPHAS.id
        assert len(history(turn)) == 1

    def test_and_those_in_training_count_as_updated_without_a_new_record(self):
        turn = around(a_school_cohort(default_programme="fip"), a_programme(), *a_trainee())

        adopt(turn)

        (induction,) = history(turn)
        assert induction.updated_at > NOW

    def test_in_place_of_a_challenged_one_by_a_new_programme(self):
        turn = around(
            a_school_cohort(default_programme="betas"),
            a_programme("betas", partnership="beta at abbey"),
            a_partnership("beta at abbey", provider="beta", **CHALLENGED),
            *a_trainee(programme="betas", training_status=TrainingStatus.DEFERRED),
        )

        adopt(turn)

        old, new = history(turn)
        assert old.induction_status is InductionStatus.CHANGED
        assert (new.programme_id, new.training_status) == (default_of(turn).id, TrainingStatus.DEFERRED)
        assert default_of(turn).partnership_id == ALPHAS.id

    @pytest.mark.parametrize(
        "behind", ["alpha at abbey", "beta at abbey"], ids=["that one", "another unchallenged one"]
    )
    def test_not_at_all_while_one_stands_behind_the_programme(self, behind):
        turn = around(
            a_school_cohort(default_programme="fip"),
            a_programme(partnership=behind),
            a_partnership("beta at abbey", provider="beta"),
            ALPHAS,
            *a_trainee(),
        )
        before = turn.records

        adopt(turn)

        assert turn.records == before

    @pytest.mark.parametrize("kind", [CIP, ProgrammeChoice.DESIGN_OUR_OWN, ProgrammeChoice.SCHOOL_FUNDED_FIP])
    def test_by_a_school_led_cohort_which_becomes_provider_led(self, kind):
        turn = around(
            a_school_cohort(default_programme="own", choice=kind),
            a_programme("own", kind=kind),
            *a_trainee(programme="own"),
        )

        adopt(turn)

        (school_cohort,) = turn.records.school_cohorts
        assert school_cohort.choice is FIP
        assert default_of(turn).partnership_id == ALPHAS.id
        assert history(turn)[-1].programme_id == default_of(turn).id

    def test_by_a_cohort_without_a_programme(self):
        turn = around(a_school_cohort(choice=ProgrammeChoice.NOT_YET_KNOWN))

        adopt(turn)

        assert default_of(turn).partnership_id == ALPHAS.id

    @pytest.mark.parametrize("behind", [None, "gamma at abbey"], ids=["without a partnership", "with a challenged one"])
    def test_for_those_left_on_other_programmes_too(self, behind):
        turn = around(
            a_school_cohort(default_programme="fip"),
            a_programme(),
            a_programme("left", partnership=behind),
            a_partnership("gamma at abbey", provider="gamma", **CHALLENGED),
            *a_trainee(programme="left"),
        )

        adopt(turn)

        assert history(turn)[-1].programme_id == default_of(turn).id

    def test_but_not_for_those_whose_own_partnership_stands_or_whose_programme_is_school_led(self):
        turn = around(
            a_school_cohort(default_programme="fip"),
            a_programme(),
            a_programme("transferred", partnership="beta at abbey"),
            a_programme("core", kind=CIP),
            a_partnership("beta at abbey", provider="beta", relationship=True),
            *a_trainee("ann", programme="transferred"),
            *a_trainee("bob", programme="core"),
        )

        adopt(turn)

        assert len(history(turn, "ann")) == len(history(turn, "bob")) == 1


class TestAChoice:
    @pytest.mark.parametrize("choice", [CIP, ProgrammeChoice.DESIGN_OUR_OWN, ProgrammeChoice.SCHOOL_FUNDED_FIP])
    def test_makes_a_programme_of_its_kind_without_a_partnership(self, choice):
        turn = around(ALPHAS, a_school_cohort())

        choose_programme(turn, a_school_cohort(), choice)

        assert (default_of(turn).kind, default_of(turn).partnership_id) == (choice, None)

    @pytest.mark.parametrize(
        ("change", "behind"),
        [
            pytest.param({}, ALPHAS.id, id="the schools own partnership"),
            pytest.param(CHALLENGED, None, id="not a challenged one"),
            pytest.param({"relationship": True}, None, id="not a relationship"),
            pytest.param({"pending": True}, None, id="not a pending one"),
            pytest.param({"cohort": 2023}, None, id="not last years"),
        ],
    )
    def test_to_train_with_a_provider_begins_with(self, change, behind):
        turn = around(a_partnership(**change), a_school_cohort())

        choose_programme(turn, a_school_cohort(), FIP)

        assert default_of(turn).partnership_id == behind

    @pytest.mark.parametrize("choice", [ProgrammeChoice.NO_EARLY_CAREER_TEACHERS, ProgrammeChoice.NOT_YET_KNOWN])
    def test_without_a_programme_leaves_everybody_where_they_are(self, choice):
        school_cohort = a_school_cohort(default_programme="fip")
        turn = around(school_cohort, a_programme(), *a_trainee())

        choose_programme(turn, school_cohort, choice)

        assert default_of(turn) is None
        assert len(history(turn)) == 1

    def test_made_again_still_moves_everybody_to_a_new_programme(self):
        school_cohort = a_school_cohort(default_programme="fip")
        turn = around(school_cohort, a_programme(partnership="alpha at abbey"), ALPHAS, *a_trainee())

        choose_programme(turn, school_cohort, FIP)

        old, new = history(turn)
        assert old.programme_id != new.programme_id == default_of(turn).id

    def test_updates_everybody_attached_to_the_cohort(self):
        school_cohort = a_school_cohort()
        turn = around(school_cohort, a_programme("elsewhere"), *a_trainee(programme="elsewhere"))

        choose_programme(turn, school_cohort, CIP)

        assert turn.records.users[an_id("user", "ann")].updated_at > NOW

    def test_that_changes_nothing_updates_nobody(self):
        school_cohort = a_school_cohort(choice=ProgrammeChoice.NO_EARLY_CAREER_TEACHERS)
        turn = around(school_cohort, a_programme(), *a_trainee())
        before = turn.records

        choose_programme(turn, school_cohort, ProgrammeChoice.NO_EARLY_CAREER_TEACHERS)

        assert turn.records == before


class TestTheProgrammeWithAPartnership:
    def test_is_the_one_that_there_is(self):
        turn = around(a_school_cohort(), a_programme(partnership="alpha at abbey"), ALPHAS)

        assert programme_with(turn, ALPHAS).id == an_id("programme", "fip")

    def test_is_begun_in_a_cohort_that_the_school_takes_part_in_from_now_on(self):
        turn = around(ALPHAS)

        begun = programme_with(turn, ALPHAS)

        (school_cohort,) = turn.records.school_cohorts
        assert turn.records.programmes[begun.id] == begun
        assert (begun.school_cohort_id, begun.partnership_id) == (school_cohort.id, ALPHAS.id)
        assert (school_cohort.cohort, school_cohort.choice) == (2024, FIP)


class TestMovingParticipants:
    @pytest.mark.parametrize(
        ("change", "records"),
        [
            pytest.param({}, 2, id="in training: a record follows"),
            pytest.param({"end_date": LATER}, 2, id="active with an end ahead: a record follows"),
            pytest.param({"school_transfer": True}, 2, id="in training since a transfer: a record follows"),
            pytest.param({"start_date": LATER}, 1, id="not begun: changed in place"),
        ],
    )
    def test_takes_along(self, change, records):
        turn = around(a_school_cohort(), a_programme(), a_programme("new"), *a_trainee(**change))

        move_participants(turn, an_id("programme", "fip"), a_programme("new"))

        assert len(history(turn)) == records
        assert history(turn)[-1].programme_id == an_id("programme", "new")

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"end_date": EARLIER}, id="ended"),
            pytest.param({"induction_status": InductionStatus.CHANGED, "end_date": EARLIER}, id="superseded"),
            pytest.param({"induction_status": InductionStatus.LEAVING, "end_date": LATER}, id="leaving"),
            pytest.param({"induction_status": InductionStatus.WITHDRAWN}, id="removed by the school"),
            pytest.param({"induction_status": InductionStatus.COMPLETED}, id="completed"),
            pytest.param({"start_date": LATER, "school_transfer": True}, id="joining by transfer"),
        ],
    )
    def test_leaves_behind(self, change):
        turn = around(a_school_cohort(), a_programme(), a_programme("new"), *a_trainee(**change))
        before = turn.records

        move_participants(turn, an_id("programme", "fip"), a_programme("new"))

        assert turn.records == before
