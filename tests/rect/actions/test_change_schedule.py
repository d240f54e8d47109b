"""Where a change of schedule leads, what it ends, and which declarations stand in its way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ecf_sandbox.rect.actions.change_schedule import change_schedule
from ecf_sandbox.rect.domain.providers import DeliveryPartnership
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import InductionPeriod, Outcome, TeacherType
from ecf_sandbox.rect.rules.consistency import NotSaved
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace
from tests.rect.builders import NOON, a_start, a_turn, person, provider, training
from tests.rect.machine.country import LONG_AGO, id_of

TODAY, DAY = NOON.date(), timedelta(days=1)
EXTENDED = "ecf-extended-september"


def change(turn, name="ann", schedule=EXTENDED, by="alpha", course="ecf-induction", **fields):
    """A provider puts somebody on a schedule; their training afterwards."""
    fields = {"course_identifier": course, "schedule_identifier": schedule, **fields}
    change_schedule(turn, provider(turn, by), person(turn, name), fields)
    return training(turn, name, TeacherType.MENTOR if course == "ecf-mentor" else TeacherType.ECT)


def breaks(turn, *args, **fields):
    """The rules that a change breaks."""
    with pytest.raises(Refused) as refused:
        change(turn, *args, **fields)
    return [it.rule.removeprefix("schedule.") for it in refused.value.refusals]


@pytest.mark.parametrize(
    ("course", "rule"), [("ecf-mentor", "participant.course-not-trained"), ("npq", "participant.course-missing")]
)
def test_training_that_is_not_there_has_no_cohort_in_which_to_look_for_a_schedule(course, rule):
    with a_turn() as turn:
        before = turn.records

        assert breaks(turn, course=course) == [rule, "not-in-cohort"]
        assert breaks(turn, course=course, cohort="2025") == [rule]
        assert turn.records == before


class TestADeclarationOfTheVeryTraining:
    """In 2024 `started` is declared from 1 September 2024 to 28 February 2025."""

    def turn_with(self, started_on=TODAY, **changes):
        """Ann's training begins today, and a declaration was made for it."""
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            declaration = a_start(turn, "ann", datetime.fromisoformat("2024-10-01T10:00+00:00"))
            turn.save(replace(stint, started_on=started_on), replace(declaration, **changes))
        return turn

    @pytest.mark.parametrize(
        ("moment", "fits"),
        [
            pytest.param("2024-08-31T22:59:59", False, id="the second before the first day in summer"),
            pytest.param("2024-08-31T23:00:00", True, id="midnight in summer, an hour earlier in UTC"),
            pytest.param("2025-02-28T23:59:59.999998", True, id="just before the last microsecond"),
            pytest.param("2025-02-28T23:59:59.999999", False, id="the last microsecond"),
        ],
    )
    def test_has_to_lie_within_its_milestone_of_the_new_schedule(self, moment, fits):
        turn = self.turn_with(declaration_date=datetime.fromisoformat(f"{moment}+00:00"))

        if fits:
            assert len(change(turn, cohort="2024")) == 1
        else:
            assert breaks(turn, cohort="2024") == ["orphans-declarations"]

    def test_never_comes_too_late_for_a_milestone_without_a_last_day(self):
        turn = self.turn_with(declaration_date=NOON + 900 * DAY)

        assert len(change(turn)) == 1

    def test_of_a_type_without_a_milestone_is_not_in_the_way(self):
        turn = self.turn_with(declaration_type="extended-1", declaration_date=LONG_AGO - 900 * DAY)

        assert len(change(turn, cohort="2024")) == 1

    @pytest.mark.parametrize("statement", ["payment_statement_id", "clawback_statement_id"])
    def test_on_a_statement_keeps_the_training_in_its_cohort(self, statement):
        on_statement = {statement: id_of("statement", "alpha 2025 6")}

        assert breaks(self.turn_with(**on_statement), cohort="2024") == ["orphans-declarations"]
        within = self.turn_with(**on_statement, declaration_date=datetime.fromisoformat("2025-10-01T10:00+00:00"))
        assert len(change(within)) == 1

    def test_is_not_in_the_way_of_a_schedule_that_there_is_not(self):
        assert breaks(self.turn_with(), schedule="ecf-nothing-september") == ["unknown"]

    def test_is_not_in_the_way_once_the_training_has_begun(self):
        turn = self.turn_with(started_on=TODAY - DAY, declaration_date=LONG_AGO - 900 * DAY)

        assert len(change(turn, cohort="2024")) == 2


class TestThePartnershipInAnotherCohort:
    def at_oak(self, name, partner, since, year=2024, by="alpha"):
        return SchoolPartnership(
            id=name,
            school_id=id_of("school", "oak"),
            delivery_partnership_id=f"{by} {partner} {year}",
            created_at=since,
            updated_at=since,
        )

    def test_is_that_with_the_present_delivery_partner(self):
        with a_turn() as turn:
            turn.save(self.at_oak("newer", "loft", NOON))

            assert change(turn, cohort="2024")[-1].school_partnership_id == id_of("partnership", "oak alpha 2024")

    @pytest.mark.parametrize("newest", ["first", "second"])
    def test_is_else_the_newest(self, newest):
        with a_turn() as turn:
            mill = DeliveryPartnership(
                id="alpha mill 2024", lead_provider_id="alpha", delivery_partner_id="mill", contract_period_year=2024
            )
            turn.save(
                mill,
                replace(
                    turn.records.school_partnerships[id_of("partnership", "oak alpha 2024")],
                    delivery_partnership_id=mill.id,
                ),
                *(self.at_oak(it, "loft", NOON + DAY if it == newest else NOON) for it in ("first", "second")),
            )

            assert change(turn, cohort="2024")[-1].school_partnership_id == newest

    @pytest.mark.parametrize(("year", "by"), [(2026, "beta"), (2024, "alpha")])
    def test_is_nobody_elses_and_of_no_other_cohort(self, year, by):
        with a_turn() as turn:
            turn.save(self.at_oak("other", "hub", NOON, year, by))

            assert breaks(turn, cohort="2026") == ["no-partnership"]

    def test_is_not_looked_for_where_the_cohort_stays(self):
        with a_turn() as turn:
            before = training(turn, "ann")[-1].school_partnership_id
            turn.save(self.at_oak("newer", "loft", NOON, 2025))

            assert change(turn, cohort="2025")[-1].school_partnership_id == before

    def test_is_not_that_of_a_provider_before_ones_own(self):
        with a_turn() as turn:
            alphas = self.at_oak("alphas", "hub", NOON, 2026)
            turn.save(replace(alphas, school_id=id_of("school", "elm")))

            assert breaks(turn, "dan", by="beta", cohort="2026") == ["no-partnership"]

    def test_is_not_that_with_a_delivery_partner_before_the_present_one(self):
        with a_turn() as turn:
            first = DeliveryPartnership(
                id="alpha first 2024", lead_provider_id="alpha", delivery_partner_id="0", contract_period_year=2024
            )
            turn.save(first, self.at_oak("newer", "first", NOON))

            assert change(turn, cohort="2024")[-1].school_partnership_id == id_of("partnership", "oak alpha 2024")


class TestAFrozenCohort:
    def test_is_remembered_by_whoever_stays_where_they_are(self):
        with a_turn() as turn:
            turn.save(replace(person(turn, "ann"), ect_frozen_year=2025))

            change(turn)

            assert person(turn, "ann").ect_frozen_year == 2025

    def test_is_not_entered(self):
        with a_turn() as turn:
            assert breaks(turn, cohort="2022") == ["cohort-frozen"]

    def test_that_is_left_is_remembered_of_a_mentor_as_well(self):
        with a_turn() as turn:
            (stint,) = training(turn, "cat", TeacherType.MENTOR)
            frozen = id_of("partnership", "oak alpha 2022")
            turn.save(replace(stint, schedule_id="2022 ecf-standard-september", school_partnership_id=frozen))

            change(turn, "cat", course="ecf-mentor", cohort="2024")

            assert (person(turn, "cat").mentor_frozen_year, person(turn, "cat").ect_frozen_year) == (2022, None)

    def test_is_not_what_others_come_from(self):
        with a_turn() as turn:
            change(turn, cohort="2024")

            assert person(turn, "ann").ect_frozen_year is None


class TestWhoeverHasCompleted:
    def test_as_a_mentor_keeps_their_schedule(self):
        with a_turn() as turn:
            turn.save(replace(person(turn, "cat"), mentor_ineligible_since=date(2026, 5, 1)))

            assert breaks(turn, "cat", course="ecf-mentor") == ["completed"]

    def test_as_an_ect_is_put_on_a_reduced_one_in_place(self):
        with a_turn() as turn:
            turn.save(self.induction(finished_on=date(2026, 5, 1), outcome=Outcome.PASS))

            assert breaks(turn) == ["completed"]
            (only,) = change(turn, schedule="ecf-reduced-september")
            assert turn.records.schedules[only.schedule_id].identifier == "ecf-reduced-september"

    @pytest.mark.parametrize("changes", [{"finished_on": date(2026, 5, 1)}, {"outcome": Outcome.PASS}], ids=repr)
    def test_has_an_induction_that_has_ended_with_an_outcome(self, changes):
        with a_turn() as turn:
            turn.save(self.induction(**changes))

            assert len(change(turn)) == 2

    def induction(self, **changes):
        return InductionPeriod(
            id="induction", teacher_id=id_of("person", "ann"), started_on=date(2025, 9, 1), **changes
        )


class TestTheTrainingThatFollows:
    def test_is_not_saved_beside_other_training_at_the_school(self):
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            beta = id_of("partnership", "ash beta 2025")
            turn.save(replace(stint, id="other", started_on=stint.started_on - DAY, school_partnership_id=beta))

            with pytest.raises(NotSaved):
                change(turn)

    @pytest.mark.parametrize(
        ("training_ends", "school_ends", "expected"),
        [
            pytest.param(None, None, None, id="open"),
            pytest.param(date(2026, 6, 1), None, date(2026, 6, 1), id="the training had an end"),
            pytest.param(None, date(2026, 6, 1), date(2026, 6, 1), id="they leave the school"),
            pytest.param(date(2026, 7, 1), date(2026, 6, 1), date(2026, 6, 1), id="whichever comes first"),
            pytest.param(TODAY + DAY, None, TODAY + DAY, id="tomorrow"),
            pytest.param(None, TODAY, TODAY, id="their last day at the school is today"),
            pytest.param(None, TODAY - DAY, None, id="their last day at the school has been"),
        ],
    )
    def test_ends_as_what_it_follows_would_have(self, training_ends, school_ends, expected):
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            at_school = turn.records.at_school_periods[stint.at_school_period_id]
            turn.save(replace(stint, finished_on=training_ends), replace(at_school, finished_on=school_ends))

            before, after = change(turn)

            assert (before.finished_on, after.started_on, after.finished_on) == (TODAY - DAY, TODAY, expected)

    @pytest.mark.parametrize(
        ("ended", "kept"),
        [
            pytest.param(TODAY - 2 * DAY, TODAY - 2 * DAY, id="the day before yesterday"),
            pytest.param(TODAY - DAY, TODAY - DAY, id="yesterday"),
            pytest.param(TODAY, TODAY - DAY, id="today"),
        ],
    )
    def test_leaves_what_it_follows_the_end_that_it_had(self, ended, kept):
        """Whose induction only the teaching record completed is active after the end, and may still change."""
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            completed = replace(person(turn, "ann"), induction_completed_date=ended - DAY)
            turn.save(completed, replace(stint, finished_on=ended))

            before, after = change(turn)

            assert (before.finished_on, after.started_on) == (kept, TODAY)

    @pytest.mark.parametrize(("cohort", "interest"), [("2025", "alpha 2025"), ("2024", None)])
    def test_waits_for_a_partnership_no_longer_once_it_is_in_another_cohort(self, cohort, interest):
        with a_turn() as turn:
            (stint,) = training(turn, "ann")
            turn.save(replace(stint, expression_of_interest_id="alpha 2025"))

            assert change(turn, cohort=cohort)[-1].expression_of_interest_id == interest
