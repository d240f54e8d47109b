"""What follows of a declaration, and of taking it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ecf_sandbox.rect.actions.declarations import record_declaration
from ecf_sandbox.rect.actions.voiding import void_declaration
from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import State
from ecf_sandbox.rect.domain.schools import Uplift
from ecf_sandbox.rect.domain.teachers import MentorshipPeriod, TeacherType
from ecf_sandbox.rect.editions import LIVE
from ecf_sandbox.rect.rules.consistency import NotSaved
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound, Refused
from ecf_sandbox.state.record import replace
from tests.rect.builders import NOON, a_turn, a_world, happens, person, provider, training
from tests.rect.machine.country import BEGINNING, id_of


def fields(name, **changes):
    """The attributes of a sound declaration of a start."""
    sound = {
        "participant_id": id_of("person", name),
        "declaration_type": "started",
        "declaration_date": "2026-01-12T10:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": "other",
    }
    return {**sound, **changes}


COMPLETION = {
    "course_identifier": "ecf-mentor",
    "declaration_type": "completed",
    "evidence_held": "75-percent-engagement-met",
}


class TestADeclaration:
    def test_of_whoever_is_eligible_is_on_the_next_statement(self):
        with a_turn() as turn:
            made = record_declaration(turn, provider(turn), fields("ann"))

            assert (made.state, made.payment_statement_id) == (
                State.ELIGIBLE,
                id_of("statement", "alpha 2025 6"),
            )

    @pytest.mark.parametrize(("day", "month"), [(date(2026, 5, 28), 6), (date(2026, 5, 29), 8)])
    def test_goes_on_a_statement_until_its_last_day_is_over(self, day, month):
        with a_turn(NOON.replace(month=day.month, day=day.day)) as turn:
            made = record_declaration(turn, provider(turn), fields("ann"))

            assert made.payment_statement_id == id_of("statement", f"alpha 2025 {month}")

    def test_of_whoever_is_not_waits_for_the_appropriate_body(self):
        with a_turn() as turn:
            made = record_declaration(
                turn, provider(turn), fields("bob", declaration_date="2024-10-01T10:00:00Z", evidence_held=None)
            )
            assert (made.state, made.payment_statement_id) == (State.SUBMITTED, None)

            happens(turn, "induction_starts", participant_id=id_of("person", "bob"), started_on="2024-09-02")

            moved = turn.records.declarations[made.id]
            assert (moved.state, moved.payment_statement_id) == (
                State.ELIGIBLE,
                id_of("statement", "alpha 2024 6"),
            )

    @pytest.mark.parametrize(("name", "moment"), [("ann", NOON), ("gus", BEGINNING)])
    def test_that_stays_submitted_shows_the_present_of_the_database(self, name, moment):
        at = NOON + timedelta(days=30)
        with a_turn(at, LIVE) as turn:
            made = record_declaration(
                turn,
                provider(turn, "alpha" if name == "ann" else "beta"),
                fields(name, declaration_date="2026-06-01T10:00:00Z"),
            )

            assert made.created_at == at
            assert made.updated_at == (at if name == "ann" else moment)

    def test_of_a_start_has_the_uplifts_of_the_school_in_a_cohort_that_pays_them(self):
        with a_turn() as turn:
            period = turn.records.contract_periods[2025]
            school = id_of("school", "oak")
            uplift = Uplift(id="uplift", school_id=school, contract_period_year=2025, pupil_premium=True)
            turn.save(uplift)
            assert not record_declaration(turn, provider(turn), fields("ann")).pupil_premium_uplift

            turn.save(replace(period, uplift_fees=True))
            mentors = fields("cat", course_identifier="ecf-mentor")
            assert record_declaration(turn, provider(turn), mentors).pupil_premium_uplift

    @pytest.mark.parametrize("paid", ["pupil_premium", "sparsity"])
    def test_with_an_uplift_is_updated_as_it_is_made(self, paid):
        at = NOON + timedelta(days=30)
        with a_turn(at, LIVE) as turn:
            uplift = Uplift(id="uplift", school_id=id_of("school", "ash"), contract_period_year=2025, **{paid: True})
            turn.save(uplift, replace(turn.records.contract_periods[2025], uplift_fees=True))

            made = record_declaration(
                turn, provider(turn, "beta"), fields("gus", declaration_date="2026-06-01T10:00:00Z")
            )

            assert (made.state, made.updated_at) == (State.SUBMITTED, at)

    @pytest.mark.parametrize("changes", [{"status": StatementStatus.PAYABLE}, {"output_fee": False}], ids=repr)
    def test_is_on_an_open_statement_with_output_fee(self, changes):
        with a_turn() as turn:
            june = turn.records.statements[id_of("statement", "alpha 2025 6")]
            turn.save(replace(june, **changes))

            made = record_declaration(turn, provider(turn), fields("ann"))

            assert made.payment_statement_id == id_of("statement", "alpha 2025 8")

    @pytest.mark.parametrize(
        ("first", "second", "date"),
        [("started", "retained-1", "2026-01-12T09:59:59Z"), ("retained-1", "started", "2026-01-12T10:00:01Z")],
    )
    def test_is_in_sequence_with_those_of_other_types(self, first, second, date):
        with a_turn() as turn:
            record_declaration(turn, provider(turn), fields("ann", declaration_type=first))

            with pytest.raises(Refused) as refused:
                record_declaration(turn, provider(turn), fields("ann", declaration_type=second, declaration_date=date))

            assert [it.rule for it in refused.value.refusals] == ["declaration.out-of-sequence"]

    @pytest.mark.parametrize(
        ("day", "mentorship"),
        [
            pytest.param("2025-12-31", "earlier", id="the last day of one"),
            pytest.param("2026-01-29", "earlier", id="closer to the end of one"),
            pytest.param("2026-01-31", "later", id="closer to the beginning of another"),
            pytest.param("2026-03-01", "later", id="the first day of another"),
        ],
    )
    def test_of_an_ect_has_the_mentorship_of_the_day_or_the_closest(self, day, mentorship):
        def lasting(id, started_on, finished_on):
            return MentorshipPeriod(
                id=id,
                ect_at_school_period_id=id_of("at school", "ann"),
                mentor_at_school_period_id=id_of("at school", "cat"),
                started_on=started_on,
                finished_on=finished_on,
            )

        with a_turn() as turn:
            turn.save(
                lasting("later", date(2026, 3, 1), None), lasting("earlier", date(2025, 9, 1), date(2025, 12, 31))
            )

            made = record_declaration(turn, provider(turn), fields("ann", declaration_date=f"{day}T10:00:00Z"))

            assert made.mentorship_period_id == mentorship

    def test_of_an_ect_has_the_mentorship_that_lasts_rather_than_one_that_ended_the_day_before(self):
        ended = MentorshipPeriod(
            id="ended",
            ect_at_school_period_id=id_of("at school", "ann"),
            mentor_at_school_period_id=id_of("at school", "cat"),
            started_on=date(2025, 9, 1),
            finished_on=date(2026, 1, 11),
        )
        with a_turn() as turn:
            turn.save(ended, replace(ended, id="lasting", finished_on=None))

            assert record_declaration(turn, provider(turn), fields("ann")).mentorship_period_id == "lasting"

    @pytest.mark.parametrize(
        ("type", "paid"), [("started", (False, True)), ("retained-1", (False, False))], ids=["a start", "anything else"]
    )
    def test_has_the_uplifts_that_the_school_has_for_a_start_alone(self, type, paid):
        with a_turn() as turn:
            turn.save(replace(turn.records.contract_periods[2025], uplift_fees=True))
            turn.save(Uplift(id="uplift", school_id=id_of("school", "oak"), contract_period_year=2025, sparsity=True))

            made = record_declaration(turn, provider(turn), fields("ann", declaration_type=type))

            assert (made.pupil_premium_uplift, made.sparsity_uplift) == paid

    def test_of_a_start_at_a_school_without_uplifts_has_none(self):
        with a_turn() as turn:
            turn.save(replace(turn.records.contract_periods[2025], uplift_fees=True))

            made = record_declaration(turn, provider(turn), fields("ann"))

            assert (made.pupil_premium_uplift, made.sparsity_uplift) == (False, False)

    def test_with_a_date_that_nobody_can_read_is_a_bad_request(self):
        with a_turn() as turn, pytest.raises(BadRequest, match="no such date"):
            record_declaration(turn, provider(turn), fields("ann", declaration_date="2026-02-30T10:00:00Z"))

    def test_with_a_number_for_a_date_is_a_bad_request(self):
        with a_turn() as turn, pytest.raises(BadRequest):
            record_declaration(turn, provider(turn), fields("ann", declaration_date=7))

    @pytest.mark.parametrize(
        ("course", "rules"),
        [
            pytest.param("ecf-induction", ["course-not-trained"], id="another course"),
            pytest.param("npq", ["course-missing", "already-made"], id="none, which is a mentor's at the slot"),
        ],
    )
    def test_for_a_course_on_which_nobody_trains_is_refused(self, course, rules):
        with a_turn() as turn:
            record_declaration(turn, provider(turn), fields("cat", course_identifier="ecf-mentor"))

            with pytest.raises(Refused) as refused:
                record_declaration(turn, provider(turn), fields("cat", course_identifier=course))

            assert [it.rule.removeprefix("declaration.") for it in refused.value.refusals] == rules


class TestCompletionOfAMentor:
    def completed(self, turn):
        return record_declaration(turn, provider(turn), fields("cat", **COMPLETION))

    def test_ends_funding_and_training_on_the_day(self):
        with a_turn() as turn:
            self.completed(turn)

            cat = person(turn, "cat")
            assert (cat.mentor_ineligible_since, cat.mentor_ineligible_reason) == (
                date(2026, 1, 12),
                "completed_declaration_received",
            )
            assert training(turn, "cat", TeacherType.MENTOR)[-1].finished_on == date(2026, 1, 12)

    def test_taken_back_lets_both_go_on(self):
        with a_turn() as turn:
            made = self.completed(turn)
            void_declaration(turn, provider(turn), made.id)

            assert person(turn, "cat").mentor_ineligible_since is None
            before, after = training(turn, "cat", TeacherType.MENTOR)
            assert (before.finished_on, after.started_on) == (date(2026, 1, 12), date(2026, 1, 13))

    def test_taken_back_leaves_a_start_that_completes_nothing(self):
        with a_turn() as turn:
            record_declaration(
                turn,
                provider(turn),
                fields("cat", course_identifier="ecf-mentor", declaration_date="2025-10-01T10:00:00Z"),
            )
            void_declaration(turn, provider(turn), self.completed(turn).id)

            assert person(turn, "cat").mentor_ineligible_since is None

    def test_stays_when_anything_else_is_taken_back(self):
        with a_turn() as turn:
            made = record_declaration(turn, provider(turn), fields("cat", course_identifier="ecf-mentor"))
            turn.save(replace(person(turn, "cat"), mentor_ineligible_since=date(2026, 1, 12)))

            void_declaration(turn, provider(turn), made.id)

            assert person(turn, "cat").mentor_ineligible_since == date(2026, 1, 12)

    def test_taken_back_on_the_day_on_which_training_ends_lets_none_follow(self):
        with a_turn() as turn:
            sent = fields("cat", **COMPLETION | {"declaration_date": "2026-05-12T10:00:00Z"})
            made = record_declaration(turn, provider(turn), sent)
            void_declaration(turn, provider(turn), made.id)

            (only,) = training(turn, "cat", TeacherType.MENTOR)
            assert only.finished_on == date(2026, 5, 12)

    @pytest.mark.parametrize(
        ("training_ends", "declared", "expected"),
        [
            pytest.param(None, "2025-09-01", "2025-09-02", id="on the first day, the day after"),
            pytest.param(None, "2025-09-03", "2025-09-03", id="on a later day, that day"),
            pytest.param("2025-12-01", "2026-01-12", "2025-12-01", id="after the end, where it ended"),
            pytest.param("2026-02-01", "2026-01-12", "2026-01-12", id="before the end, the day"),
        ],
    )
    def test_ends_training_that_goes_on(self, training_ends, declared, expected):
        with a_turn() as turn:
            (stint,) = training(turn, "cat", TeacherType.MENTOR)
            if training_ends:
                turn.save(replace(stint, finished_on=date.fromisoformat(training_ends)))

            sent = COMPLETION | {"declaration_date": f"{declared}T10:00:00Z"}
            record_declaration(turn, provider(turn), fields("cat", **sent))

            assert training(turn, "cat", TeacherType.MENTOR)[-1].finished_on == date.fromisoformat(expected)

    def test_taken_back_is_no_end_of_funding_while_another_stands(self):
        with a_turn() as turn:
            made = self.completed(turn)
            turn.save(replace(made, id="another"))

            void_declaration(turn, provider(turn), made.id)

            assert person(turn, "cat").mentor_ineligible_since == date(2026, 1, 12)

    @pytest.mark.parametrize("ended", [True, False], ids=["the time at the school is over", "other training followed"])
    def test_taken_back_where_training_cannot_go_on_is_refused(self, ended):
        with a_turn() as turn:
            made = self.completed(turn)
            (stint,) = training(turn, "cat", TeacherType.MENTOR)
            at_school = turn.records.at_school_periods[stint.at_school_period_id]
            if ended:
                turn.save(replace(at_school, finished_on=date(2026, 1, 10)))
            else:
                beta = id_of("partnership", "ash beta 2025")
                later = replace(stint, id="later", started_on=date(2026, 2, 1), finished_on=None)
                turn.save(replace(later, school_partnership_id=beta))

            with pytest.raises(NotSaved):
                void_declaration(turn, provider(turn), made.id)

    def test_taken_back_lets_nothing_follow_training_that_goes_on(self):
        with a_turn() as turn:
            made = self.completed(turn)
            (stint,) = training(turn, "cat", TeacherType.MENTOR)
            turn.save(replace(stint, finished_on=None))

            void_declaration(turn, provider(turn), made.id)

            assert len(training(turn, "cat", TeacherType.MENTOR)) == 1

    def test_of_an_ect_ends_and_reopens_no_funding(self):
        with a_turn() as turn:
            sent = COMPLETION | {"course_identifier": "ecf-induction"}
            turn.save(replace(person(turn, "ann"), mentor_ineligible_since=date(2025, 1, 1)))
            made = record_declaration(turn, provider(turn), fields("ann", **sent))
            void_declaration(turn, provider(turn), made.id)

            assert person(turn, "ann").mentor_ineligible_since == date(2025, 1, 1)
            assert training(turn, "ann")[0].finished_on is None


class TestVoiding:
    def test_of_what_is_not_there_finds_nothing(self):
        with a_turn() as turn, pytest.raises(NotFound):
            void_declaration(turn, provider(turn), id_of("declaration", "of nobody"))

    def test_strikes_what_was_not_paid_from_the_statement(self):
        with a_turn() as turn:
            made = record_declaration(turn, provider(turn), fields("ann"))
            voided = void_declaration(turn, provider(turn), made.id)

            assert (voided.state, voided.payment_statement_id) == (State.VOIDED, None)

    @pytest.mark.parametrize("status", [StatementStatus.OPEN, StatementStatus.PAYABLE])
    def test_claws_back_what_was_on_the_next_statement_in_any_status(self, status):
        world = a_world()
        with world.turn(NOON) as turn:
            made = record_declaration(turn, provider(turn), fields("ann"))
        with world.turn(NOON + timedelta(days=20)) as turn:
            happens(turn, "mark_statements_payable")
            happens(turn, "pay_statement", statement_id=made.payment_statement_id)
            turn.save(replace(turn.records.statements[id_of("statement", "alpha 2025 8")], status=status))
            back = void_declaration(turn, provider(turn), made.id)

            assert (back.state, back.payment_statement_id, back.clawback_statement_id) == (
                State.AWAITING_CLAWBACK,
                made.payment_statement_id,
                id_of("statement", "alpha 2025 8"),
            )

    def test_is_for_ones_own_declarations(self):
        with a_turn() as turn:
            made = record_declaration(turn, provider(turn), fields("ann"))

            with pytest.raises(NotFound):
                void_declaration(turn, provider(turn, "beta"), made.id)
