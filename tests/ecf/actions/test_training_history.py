"""How a training history grows, and who counts as updated by that."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.actions.training_history import save_identity, supersede, touch_programme, touch_school
from ecf_sandbox.ecf.domain.participants import InductionStatus
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, a_turn, at, id_of
from tests.ecf.events.builders import a_country, history_of, newest_of, record_of, updated, user_of

AHEAD, BEHIND = at("2025-03-01T00:00:00"), at("2025-01-01T00:00:00")


def turn_with(**induction):
    """A turn in which ann trains at Abbey School; her record takes the changes."""
    return a_turn(a_country(*a_participant("ann", induction=induction)))


class TestARecordThatIsSuperseded:
    def test_is_closed_as_changed_and_a_copy_with_the_change_takes_over(self):
        turn = turn_with()

        supersede(turn, newest_of(turn, "ann"), programme_id="beta-programme")

        before, after = history_of(turn, "ann")
        assert (before.induction_status, after.induction_status) == (InductionStatus.CHANGED, InductionStatus.ACTIVE)
        assert (before.programme_id, after.programme_id) == ("alpha-programme", "beta-programme")
        assert turn.now < before.end_date < after.start_date == after.created_at

    @pytest.mark.parametrize(
        ("end_date", "marks"),
        [
            pytest.param(None, [True, False], id="no leaving date: with what was"),
            pytest.param(BEHIND, [True, False], id="a leaving date behind: with what was"),
            pytest.param(AHEAD, [False, True], id="a leaving date ahead: with what follows"),
        ],
    )
    def test_leaves_the_mark_of_a_transfer(self, end_date, marks):
        turn = turn_with(end_date=end_date, school_transfer=True)

        supersede(turn, newest_of(turn, "ann"), programme_id="beta-programme")

        assert [it.school_transfer for it in history_of(turn, "ann")] == marks

    @pytest.mark.parametrize("end_date", [None, BEHIND, AHEAD])
    def test_gets_no_such_mark(self, end_date):
        turn = turn_with(end_date=end_date)

        supersede(turn, newest_of(turn, "ann"), programme_id="beta-programme")

        assert [it.school_transfer for it in history_of(turn, "ann")] == [False, False]

    def test_is_changed_in_place_before_it_starts(self):
        turn = turn_with(start_date=AHEAD)

        supersede(turn, newest_of(turn, "ann"), programme_id="beta-programme")

        (only,) = history_of(turn, "ann")
        assert (only.programme_id, only.start_date) == ("beta-programme", AHEAD)

    def test_is_not_updated_where_nothing_changes_before_it_starts(self):
        turn = turn_with(start_date=AHEAD)
        before = turn.records

        supersede(turn, newest_of(turn, "ann"), programme_id="alpha-programme")

        assert turn.records is before


class TestAProgrammeThatIsUpdated:
    @pytest.mark.parametrize(
        ("induction", "updated"),
        [
            pytest.param({}, True, id="without an end"),
            pytest.param({"end_date": AHEAD}, True, id="with an end ahead"),
            pytest.param({"end_date": BEHIND}, False, id="ended"),
            pytest.param({"programme_id": "beta-programme"}, False, id="on another programme"),
        ],
    )
    def test_updates_records_on_it(self, induction, updated):
        turn = turn_with(**induction)

        touch_programme(turn, "alpha-programme")

        assert (newest_of(turn, "ann").updated_at > turn.now) is updated

    def test_updates_nobody_by_that(self):
        turn = turn_with()

        touch_programme(turn, "alpha-programme")

        assert user_of(turn, "ann").updated_at < turn.now


def test_a_school_that_is_updated_updates_the_records_and_people_attached_to_it():
    turn = turn_with()
    turn.save(*a_participant("bob", school_cohort_id="grange-2024"))

    touch_school(turn, "school")

    assert turn.records.schools["school"].updated_at > turn.now
    assert updated(turn, "ann")
    assert record_of(turn, "ann").updated_at > turn.now
    assert record_of(turn, "bob").updated_at < turn.now
    assert user_of(turn, "bob").updated_at < turn.now


def test_an_identity_that_is_saved_updates_its_person():
    turn = turn_with()

    save_identity(turn, replace(turn.records.identities["ann-identity"], email="new@example.com"))

    assert turn.records.identities["ann-identity"].updated_at > turn.now
    assert turn.records.users[id_of("ann")].updated_at > turn.now
