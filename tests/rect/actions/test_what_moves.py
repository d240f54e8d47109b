"""Which member of a row moves which `updated_at` when it changes (behaviour/rect.md#9-4, #13, #14-1, #15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ecf_sandbox.rect.actions.saving import remove, save
from ecf_sandbox.rect.domain.teachers import IdChange, InductionPeriod, MentorshipPeriod, Outcome, TeacherType
from ecf_sandbox.state.record import Record, replace
from tests.rect.builders import NOON, a_start, a_turn, happens, person, training
from tests.rect.machine.country import LONG_AGO, id_of

ANN, BOB, CAT, DAN = (id_of("person", it) for it in ("ann", "bob", "cat", "dan"))
OAK, ELM = id_of("school", "oak"), id_of("school", "elm")
DAY, MOMENT = date(2026, 2, 3), datetime(2026, 2, 3, 10, tzinfo=UTC)

# Every member of a row but its id, what it belongs to and its moments, with another value; and what moves.
OF_A_PERSON: dict[str, tuple[Any, set[str]]] = {
    **dict.fromkeys(("trn", "first_name", "last_name", "corrected_name"), ("9900001", {"participant", "unfunded"})),
    **dict.fromkeys(("induction_start_date", "induction_completed_date"), (DAY, {"participant"})),
    **dict.fromkeys(("ect_eligible_since", "mentor_eligible_since"), (MOMENT, {"participant"})),
    **dict.fromkeys(("ect_ineligible_since", "mentor_ineligible_since"), (DAY, {"participant"})),
    "mentor_ineligible_reason": ("completed_declaration_received", {"participant"}),
    **dict.fromkeys(("ect_frozen_year", "mentor_frozen_year"), (2022, {"participant"})),
    "serial": (7, set()),
}
OF_TRAINING: dict[str, tuple[Any, set[str]]] = {
    **dict.fromkeys(("started_on", "finished_on"), (DAY, {"participant", "transfer"})),
    "schedule_id": ("2025 ecf-extended-april", {"participant"}),
    "school_partnership_id": (id_of("partnership", "oak alpha 2024"), {"participant"}),
    "expression_of_interest_id": ("alpha 2025", set()),
    **dict.fromkeys(("deferred_at", "withdrawn_at"), (MOMENT, {"participant"})),
    **dict.fromkeys(("deferral_reason", "withdrawal_reason"), ("other", {"participant"})),
}
OF_A_SCHOOL: dict[str, tuple[Any, set[str]]] = {
    "urn": (987_654, {"participant", "partnership", "school"}),
    "name": ("Acacia", {"school"}),
    **dict.fromkeys(("induction_tutor_name", "induction_tutor_email"), ("nia@example.com", {"partnership", "school"})),
    **dict.fromkeys(
        ("primary_contact_email", "secondary_contact_email"), ("it@example.com", {"partnership", "school"})
    ),
    "type_name": ("Academy", set()),
    "section_41_approved": (True, set()),
}


def moved(turn: Any) -> Iterator[str]:
    """What of Ann, her training, her school and her provider's partnership has another moment than at first."""
    records = turn.records
    if person(turn, "ann").updated_at != LONG_AGO:
        yield "participant"
    if person(turn, "ann").unfunded_updated_at != LONG_AGO:
        yield "unfunded"
    if training(turn, "ann")[0].transfer_updated_at != LONG_AGO:
        yield "transfer"
    if records.school_partnerships[id_of("partnership", "oak alpha 2025")].updated_at != LONG_AGO:
        yield "partnership"
    if any(it.updated_at != LONG_AGO for it in records.school_metadata.by("school_id", OAK)):
        yield "school"


def cases(members: dict[str, tuple[Any, set[str]]]) -> list[Any]:
    return [pytest.param(name, value, moves, id=name) for name, (value, moves) in members.items()]


@pytest.mark.parametrize(("name", "value", "moves"), cases(OF_A_PERSON))
def test_of_a_person(name, value, moves):
    with a_turn() as turn:
        save(turn, replace(person(turn, "ann"), **{name: value}))

        assert set(moved(turn)) == moves


@pytest.mark.parametrize(("name", "value", "moves"), cases(OF_TRAINING))
def test_of_training(name, value, moves):
    with a_turn() as turn:
        save(turn, replace(training(turn, "ann")[0], **{name: value}))

        # The school moves with what it follows from, which has tests of its own.
        assert set(moved(turn)) - {"school"} == moves


@pytest.mark.parametrize(("name", "value", "moves"), cases(OF_A_SCHOOL))
def test_of_a_school(name, value, moves):
    with a_turn() as turn:
        save(turn, replace(turn.records.schools[OAK], **{name: value}))

        assert set(moved(turn)) == moves


@pytest.mark.parametrize(
    ("name", "value", "moves"),
    [
        ("email", "lee@example.com", {"participant"}),
        ("working_pattern", "part_time", set()),
        ("finished_on", DAY, set()),
    ],
)
def test_of_an_ect_at_a_school(name, value, moves):
    with a_turn() as turn:
        period = turn.records.at_school_periods[id_of("at school", "ann")]
        save(turn, replace(period, **{name: value}))

        assert set(moved(turn)) == moves


def test_a_new_time_of_an_ect_at_a_school_moves_nobody_by_itself():
    with a_turn() as turn:
        period = turn.records.at_school_periods[id_of("at school", "ann")]
        another = replace(period, id="another")
        save(turn, another)
        remove(turn, another)

        assert set(moved(turn)) == set()


def test_a_school_that_somebody_turns_out_to_be_at_has_a_programme():
    with a_turn() as turn:
        yew = id_of("school", "yew")
        period = turn.records.at_school_periods[id_of("at school", "ann")]
        save(turn, replace(period, school_id=yew))

        assert turn.records.school_metadata[f"{yew}/2025"].induction_programme_choice == "provider_led"


class TestAMentor:
    """Providers may know a mentor as a participant or as unfunded, and an address moves both."""

    @pytest.mark.parametrize(
        ("name", "value", "moves"), [("email", "cat@example.org", True), ("finished_on", DAY, False)]
    )
    def test_moves_with_the_address(self, name, value, moves):
        with a_turn() as turn:
            period = turn.records.at_school_periods[id_of("at school", "cat")]
            save(turn, replace(period, **{name: value}))

            cat = person(turn, "cat")
            assert (cat.updated_at == NOON, cat.unfunded_updated_at == NOON) == (moves, moves)

    def test_moves_with_a_new_school(self):
        with a_turn() as turn:
            period = turn.records.at_school_periods[id_of("at school", "cat")]
            save(turn, replace(period, id="another", school_id=ELM))

            assert (person(turn, "cat").updated_at, person(turn, "cat").unfunded_updated_at) == (NOON, NOON)


def rows_of_ann() -> list[Record]:
    """What a person has beside training."""
    change = IdChange(id="c", teacher_id=ANN, from_participant_id=DAN, to_participant_id=ANN, created_at=MOMENT)
    return [change, InductionPeriod(id="i", teacher_id=ANN, started_on=DAY)]


@pytest.mark.parametrize("row", rows_of_ann(), ids=lambda it: type(it).__name__)
class TestARowOfAPerson:
    def test_moves_the_person_when_it_comes(self, row):
        with a_turn() as turn:
            save(turn, row)

            assert set(moved(turn)) == {"participant"}

    def test_moves_the_person_when_it_goes(self, row):
        with a_turn() as turn:
            turn.save(row)
            remove(turn, row)

            assert set(moved(turn)) == {"participant"}


class TestTraining:
    def test_that_goes_moves_the_person_and_the_school_forgets_it(self):
        with a_turn() as turn:
            (only,) = training(turn, "ann")
            remove(turn, only)

            assert person(turn, "ann").updated_at == NOON
            assert turn.records.teacher_metadata.by("teacher_id", ANN) == ()
            interests = turn.records.school_interests.by("school_id", OAK)
            assert all(it.id in turn.records.school_interests for it in interests)

    def test_that_comes_is_known_of_the_school_and_the_provider_at_once(self):
        with a_turn() as turn:
            (only,) = training(turn, "ann")
            save(turn, replace(only, id="another", school_partnership_id=None, expression_of_interest_id="beta 2025"))

            known = {it.id for it in turn.records.school_interests.by("school_id", OAK)}
            assert any("beta" in it for it in known)

    def test_that_takes_an_interest_away_with_it_is_known_no_more(self):
        with a_turn() as turn:
            (only,) = training(turn, "ann")
            waiting = replace(only, id="another", school_partnership_id=None, expression_of_interest_id="beta 2025")
            save(turn, waiting)
            remove(turn, waiting)

            assert not any("beta" in it.id for it in turn.records.school_interests.by("school_id", OAK))


class TestAMentorship:
    ROW = MentorshipPeriod(
        id="m",
        ect_at_school_period_id=id_of("at school", "ann"),
        mentor_at_school_period_id=id_of("at school", "cat"),
        started_on=DAY,
    )

    def test_moves_the_ect_whom_providers_see_with_another_mentor(self):
        with a_turn() as turn:
            save(turn, self.ROW)

            assert set(moved(turn)) == {"participant"}
            assert person(turn, "cat").updated_at == LONG_AGO

    def test_that_changes_nothing_that_is_seen_moves_nobody(self):
        with a_turn() as turn:
            save(turn, replace(self.ROW, finished_on=DAY))

            assert set(moved(turn)) == set()

    def test_that_goes_moves_the_ect(self):
        with a_turn() as turn:
            turn.save(self.ROW)
            turn.save(*(replace(it, mentor_at_school_period_id=id_of("at school", "cat")) for it in known_of_ann(turn)))
            remove(turn, self.ROW)

            assert set(moved(turn)) == {"participant"}
            assert {it.mentor_at_school_period_id for it in known_of_ann(turn)} == {None}


def known_of_ann(turn: Any) -> tuple[Any, ...]:
    found: tuple[Any, ...] = turn.records.teacher_metadata.by("teacher_id", ANN)
    return found


class TestAPartnership:
    def test_with_another_delivery_partner_moves_all_who_train_under_it_and_what_was_declared(self):
        with a_turn() as turn:
            made = a_start(turn, "ann", MOMENT)
            turn.save(made)
            deal = turn.records.school_partnerships[id_of("partnership", "oak alpha 2025")]
            save(turn, replace(deal, delivery_partnership_id="alpha loft 2025"))

            assert {"participant", "partnership"} <= set(moved(turn))
            assert turn.records.declarations[made.id].updated_at == NOON
            assert person(turn, "cat").updated_at == NOON
            assert person(turn, "bob").updated_at == LONG_AGO  # who trains under another

    def test_that_is_touched_moves_nobody(self):
        with a_turn() as turn:
            deal = turn.records.school_partnerships[id_of("partnership", "oak alpha 2025")]
            save(turn, replace(deal, updated_at=NOON))

            assert set(moved(turn)) == {"partnership"}

    def test_that_is_new_moves_nobody(self):
        with a_turn() as turn:
            deal = turn.records.school_partnerships[id_of("partnership", "oak alpha 2025")]
            save(turn, replace(deal, id="another", delivery_partnership_id="beta hub 2025"))

            assert set(moved(turn)) <= {"school"}
            assert turn.records.school_partnerships["another"].updated_at == LONG_AGO

    def test_of_another_provider_makes_the_school_one_in_partnership(self):
        with a_turn() as turn:
            yew = id_of("school", "yew")
            assert not any(it.in_partnership for it in turn.records.school_metadata.by("school_id", yew))
            deal = turn.records.school_partnerships[id_of("partnership", "oak alpha 2025")]
            save(turn, replace(deal, id="another", school_id=yew))

            assert [it.in_partnership for it in turn.records.school_metadata.by("school_id", yew)].count(True) == 1


def test_a_declaration_moves_when_it_changes_and_not_when_it_comes():
    with a_turn() as turn:
        made = a_start(turn, "ann", MOMENT)
        save(turn, made)
        assert turn.records.declarations[made.id].updated_at == LONG_AGO

        save(turn, replace(made, evidence_type="other"))
        assert turn.records.declarations[made.id].updated_at == NOON


def test_a_row_of_which_nothing_follows_is_kept_and_that_is_all():
    with a_turn() as turn:
        june = turn.records.statements[id_of("statement", "alpha 2025 6")]
        save(turn, replace(june, output_fee=False))

        assert not turn.records.statements[june.id].output_fee
        assert set(moved(turn)) == set()


def test_whoever_has_left_is_no_transfer_once_their_induction_is_completed():
    with a_turn() as turn:
        happens(turn, "ect_leaves", participant_id=ANN, finished_on="2026-05-10")
        assert [it.involved_in_transfer for it in known_of_ann(turn)] == [True]

        done = InductionPeriod(
            id="i", teacher_id=ANN, started_on=date(2025, 9, 2), finished_on=date(2026, 5, 10), outcome=Outcome.PASS
        )
        save(turn, done)

        assert [it.involved_in_transfer for it in known_of_ann(turn)] == [False]


def test_a_new_person_moves_nobody_else_and_has_their_own_moments():
    with a_turn() as turn:
        save(turn, replace(person(turn, "ann"), id="another", trn="9900002"))

        assert turn.records.teachers["another"].updated_at == LONG_AGO
        assert set(moved(turn)) == set()


def test_mentors_at_the_school_do_not_move_with_an_ect():
    with a_turn() as turn:
        happens(turn, "change_email", participant_id=ANN, email="lee@example.com")

        assert person(turn, "cat").updated_at == LONG_AGO
        assert training(turn, "cat", TeacherType.MENTOR)[0].transfer_updated_at == LONG_AGO
