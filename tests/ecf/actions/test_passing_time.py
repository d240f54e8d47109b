"""What falls due by itself, and when."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.actions.passing_time import falls_due
from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.domain.participants import SchoolMentor
from tests.builders import a_country, a_statement, a_turn, at

MIDNIGHT = "2025-04-01T00:00:00"  # after the deadline of the statements of April


def due(records, since="2025-02-10T12:00:00", until="2025-05-01T12:00:00", paying=None):
    """The names and moments of what falls due."""
    return [(it.event, it.at) for it in falls_due(records, at(since), at(until), paying=paying)]


def all_in(phase):
    """The country with all statements in a phase."""
    country = a_country()
    return country.save(*(a_statement(phase=phase, id=it.id) for it in country.statements))


class TestTheCutOff:
    def test_is_due_at_midnight_after_a_deadline_once_for_all_statements(self):
        assert due(a_country()) == [("nightly_cut_off", at(MIDNIGHT))]

    @pytest.mark.parametrize("phase", [Phase.PAYABLE, Phase.PAID])
    def test_is_not_due_where_no_statement_is_open(self, phase):
        assert due(all_in(phase)) == []

    @pytest.mark.parametrize(
        ("since", "until", "is_due"),
        [
            pytest.param("2025-03-31T23:59:59", MIDNIGHT, True, id="until that very moment"),
            pytest.param("2025-03-31T12:00:00", "2025-03-31T23:59:59", False, id="until just before"),
            pytest.param(MIDNIGHT, "2025-04-02T00:00:00", False, id="from that very moment"),
        ],
    )
    def test_is_due_on_the_way_to_a_moment_and_not_again_from_it(self, since, until, is_due):
        assert bool(due(a_country(), since, until)) is is_due


def test_a_mentor_leaves_the_school_as_the_day_begins():
    leaving = SchoolMentor(id="max", training_record_id="max", school_id="school", remove_on=date(2025, 3, 1))
    staying = SchoolMentor(id="mia", training_record_id="mia", school_id="school")

    assert due(a_country(leaving, staying), until="2025-03-01T00:00:00") == [
        ("remove_expired_school_mentors", at("2025-03-01T00:00:00"))
    ]


class TestThePayment:
    DAY = date(2025, 4, 25)

    def pay(self, *rows):
        """The phases of alpha's statements once that day's are paid."""
        turn = a_turn(a_country(*rows), "2025-04-25T12:00:00")
        for payment in falls_due(turn.records, turn.now, turn.now, paying=self.DAY):
            payment.play(turn)
        return {it.name: it.phase for it in turn.records.statements if it.provider_id == "alpha"}

    def test_is_due_last_if_it_is_asked_for(self):
        assert due(a_country(), paying=self.DAY)[-1] == ("pay_statement", at("2025-05-01T12:00:00"))

    def test_pays_an_open_statement_of_that_day_and_no_other(self):
        earlier = a_statement(name="March 2025", payment_date=date(2025, 3, 25), phase=Phase.PAYABLE)

        assert self.pay(earlier) == {
            "March 2025": Phase.PAYABLE,
            "April 2025": Phase.PAID,
            "August 2025": Phase.OPEN,
        }

    @pytest.mark.parametrize("phase", [Phase.PAYABLE, Phase.PAID])
    def test_leaves_one_paid_that_was_cut_off_or_paid_before(self, phase):
        assert self.pay(a_statement(phase=phase))["April 2025"] is Phase.PAID
